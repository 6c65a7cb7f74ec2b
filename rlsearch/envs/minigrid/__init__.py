"""MiniGrid's grid worlds (Chevalier-Boisvert et al. 2023): the same grids for the same seed, the same rules and rewards."""

from rlsearch.envs.minigrid.cards import CARDS

SPLIT = "test"

__all__ = ["CARDS", "SPLIT"]
