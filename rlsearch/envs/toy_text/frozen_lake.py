"""FrozenLake-v1: the map of 4 x 4."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.tabular.world import world_of
from rlsearch.envs.toy_text import FROZEN_LAKE
from rlsearch.envs.toy_text.lake import lake, with_agent

MAP = ("SFFF", "FHFH", "FFFH", "HFFG")


def picture(_params: Floats, state: Floats, _grid: Grid) -> str:
    """The map, and where one stands, in characters."""
    return with_agent(MAP, int(state[0]))


def draw(_rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """The world, the same for every seed."""
    return world_of(lake(MAP, slippery=options["slippery"] == 1), gamma, FROZEN_LAKE.horizon_with(options))
