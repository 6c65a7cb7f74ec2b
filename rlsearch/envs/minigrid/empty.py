"""An empty room with the goal in a corner (`minigrid/envs/empty.py`)."""

from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import clear, enclose, put, put_agent
from rlsearch.envs.minigrid.layout import CELLS, FLOATS, GOAL, GREEN, OWN_PARAMS, RNG, X, Y
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit

# 1 where the agent starts anywhere, 0 for the corner across the goal.
ANYWHERE = OWN_PARAMS


@njit(types.void(FLOATS, FLOATS, CELLS, RNG), part=True)
def room(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build the walls, the goal, then put the agent."""
    width, height = grid.shape[0], grid.shape[1]
    anywhere = params[ANYWHERE] != 0
    clear(grid, state)
    enclose(grid, 0, 0, width, height)
    put(grid, width - 2, height - 2, GOAL, GREEN, 0)
    if anywhere:
        put_agent(grid, state, rng, 0, 0, width, height)
    else:
        state[X] = state[Y] = 1


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build the room alone."""
    room(params, state, grid, rng)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world of a square room."""
    size = int(options["size"])
    return make_world(options, reset, (size, size), own=[options["anywhere"]], sees_through=True)
