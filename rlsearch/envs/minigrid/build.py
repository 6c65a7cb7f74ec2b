"""Building blocks of generated grids: walls, and objects and agents put at random where there is room."""

import numpy as np
from numba import types

from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import (
    CELLS,
    DIRECTION,
    EMPTY,
    FLOATS,
    GREY,
    INT,
    RNG,
    WALL,
    X,
    Y,
)
from rlsearch.envs.signature import Floats, Grid
from rlsearch.numba_support.jit import njit

FOREVER = 1 << 62


@njit(types.void(CELLS, INT, INT, INT, INT, INT), part=True)
def put(grid: Grid, x: int, y: int, kind: int, colour: int, state: int) -> None:
    """Set a cell."""
    grid[x, y, 0] = kind
    grid[x, y, 1] = colour
    grid[x, y, 2] = state


@njit(types.void(CELLS, INT, INT, INT, INT, INT, INT), part=True)
def fill(grid: Grid, left: int, top: int, width: int, height: int, kind: int, colour: int) -> None:
    """Set every cell of a rectangle."""
    for x in range(left, left + width):
        for y in range(top, top + height):
            put(grid, x, y, kind, colour, 0)


@njit(types.void(CELLS, INT, INT, INT, INT), part=True)
def enclose(grid: Grid, left: int, top: int, width: int, height: int) -> None:
    """Put walls along the border of a rectangle."""
    fill(grid, left, top, width, 1, WALL, GREY)
    fill(grid, left, top + height - 1, width, 1, WALL, GREY)
    fill(grid, left, top, 1, height, WALL, GREY)
    fill(grid, left + width - 1, top, 1, height, WALL, GREY)


@njit(types.void(CELLS, FLOATS), part=True)
def clear(grid: Grid, state: Floats) -> None:
    """Empty the grid, even of walls; the agent is nowhere."""
    fill(grid, 0, 0, grid.shape[0], grid.shape[1], EMPTY, 0)
    for i in range(len(state)):
        state[i] = 0.0
    state[X] = state[Y] = -1.0


@njit(types.UniTuple(INT, 2)(CELLS, FLOATS, RNG, INT, INT, INT, INT, INT, INT), part=True)
def find(
    grid: Grid,
    state: Floats,
    rng: np.random.Generator,
    left: int,
    top: int,
    width: int,
    height: int,
    distance: int,
    tries: int,
) -> tuple[int, int]:
    """A random empty cell of a rectangle, at least so many steps from the agent; (-1, -1) when no try met one."""
    for _ in range(tries):
        x = between(rng, left, left + width)
        y = between(rng, top, top + height)
        if grid[x, y, 0] == EMPTY and abs(x - state[X]) + abs(y - state[Y]) >= distance:
            return x, y
    return -1, -1


@njit(types.void(CELLS, FLOATS, RNG, INT, INT, INT, INT), part=True)
def put_agent(grid: Grid, state: Floats, rng: np.random.Generator, left: int, top: int, width: int, height: int) -> None:
    """Put the agent in a random empty cell of a rectangle, looking anywhere."""
    x, y = find(grid, state, rng, left, top, width, height, 0, FOREVER)
    state[X] = x
    state[Y] = y
    state[DIRECTION] = between(rng, 0, 4)
