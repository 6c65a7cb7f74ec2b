"""Two rooms, a locked door between them, its key in the first (`minigrid/envs/doorkey.py`)."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import FOREVER, clear, enclose, fill, find, put, put_agent
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import DOOR, GOAL, GREEN, GREY, KEY, LOCKED, WALL, YELLOW
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit


@njit(RESET)
def reset(_params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put a wall in a random column, the agent and the key to its left."""
    width, height = grid.shape[0], grid.shape[1]
    clear(grid, state)
    enclose(grid, 0, 0, width, height)
    put(grid, width - 2, height - 2, GOAL, GREEN, 0)
    wall = between(rng, 2, width - 2)
    fill(grid, wall, 0, 1, height, WALL, GREY)
    put_agent(grid, state, rng, 0, 0, wall, height)
    put(grid, wall, between(rng, 1, height - 2), DOOR, YELLOW, LOCKED)
    x, y = find(grid, state, rng, 0, 0, wall, height, 1, FOREVER)
    put(grid, x, y, KEY, YELLOW, 0)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid."""
    size = int(options["size"])
    return make_world(options, reset, (size, size), kinds=(DOOR, KEY, GOAL), doors=True)
