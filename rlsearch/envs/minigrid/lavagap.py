"""A column of lava with one gap (`minigrid/envs/lavagap.py`)."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import clear, enclose, fill, put
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import EMPTY, GOAL, GREEN, LAVA, RED, X, Y
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit


@njit(RESET)
def reset(_params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put the agent in one corner, the goal in the other, the lava between."""
    width, height = grid.shape[0], grid.shape[1]
    clear(grid, state)
    enclose(grid, 0, 0, width, height)
    state[X] = state[Y] = 1
    put(grid, width - 2, height - 2, GOAL, GREEN, 0)
    x = between(rng, 2, width - 2)
    y = between(rng, 1, height - 1)
    fill(grid, x, 1, 1, height - 2, LAVA, RED)
    put(grid, x, y, EMPTY, 0, 0)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid."""
    size = int(options["size"])
    return make_world(options, reset, (size, size), kinds=(GOAL, LAVA))
