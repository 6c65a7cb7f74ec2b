"""Rivers of lava, or walls, across the room, each with one opening (`minigrid/envs/crossing.py`)."""

from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import clear, enclose, fill, put
from rlsearch.envs.minigrid.draws import between, shuffle
from rlsearch.envs.minigrid.layout import (
    CELLS,
    EMPTY,
    FLOATS,
    GOAL,
    GREEN,
    GREY,
    INT,
    LAVA,
    OWN_PARAMS,
    OWN_STATE,
    RED,
    RNG,
    WALL,
    X,
    Y,
)
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit

# Params: how many rivers, and LAVA or WALL.
CROSSINGS, RIVER = OWN_PARAMS, OWN_PARAMS + 1


@njit(INT(FLOATS, INT, INT, INT, INT), part=True)
def next_river(state: Floats, count: int, offset: int, after: int, border: int) -> int:
    """The nearest of the first `count` rivers between `after` and the border, numbers less the offset; or the border."""
    nearest = border
    for i in range(OWN_STATE, OWN_STATE + count):
        if after < state[i] - offset < nearest:
            nearest = int(state[i]) - offset
    return nearest


@njit(INT(FLOATS, CELLS, RNG, INT, INT), part=True)
def draw_rivers(state: Floats, grid: Grid, rng: np.random.Generator, crossings: int, kind: int) -> int:
    """Fill random columns and rows; returns the number of columns.

    Rivers are the state's own numbers: a vertical one its column, a horizontal one its row plus the grid's size.
    """
    size = grid.shape[0]
    each = (size - 3) // 2
    colour = RED if kind == LAVA else GREY
    for i in range(each):
        state[OWN_STATE + i] = 2 + 2 * i
        state[OWN_STATE + each + i] = size + 2 + 2 * i
    shuffle(rng, state, OWN_STATE, 2 * each)
    columns = 0
    for i in range(crossings):
        at = int(state[OWN_STATE + i])
        if at < size:
            fill(grid, at, 1, 1, size - 2, kind, colour)
            columns += 1
        else:
            fill(grid, 1, at - size, size - 2, 1, kind, colour)
    return columns


@njit(types.void(FLOATS, CELLS, RNG, INT, INT), part=True)
def draw_openings(state: Floats, grid: Grid, rng: np.random.Generator, crossings: int, columns: int) -> None:
    """Draw a path through rooms to the goal; where it crosses a river, the river has an opening."""
    size = grid.shape[0]
    path = len(state) - crossings
    for i in range(crossings):
        state[path + i] = i < columns
    shuffle(rng, state, path, crossings)
    # The room where the path has come to, by its borders.
    left, right = 0, next_river(state, crossings, 0, 0, size - 1)
    top, bottom = 0, next_river(state, crossings, size, 0, size - 1)
    for i in range(crossings):
        if state[path + i] != 0:
            put(grid, right, between(rng, top + 1, bottom), EMPTY, 0, 0)
            left, right = right, next_river(state, crossings, 0, right, size - 1)
        else:
            put(grid, between(rng, left + 1, right), bottom, EMPTY, 0, 0)
            top, bottom = bottom, next_river(state, crossings, size, bottom, size - 1)


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put the agent in one corner, the goal in the other, the rivers between."""
    size = grid.shape[0]
    crossings, kind = int(params[CROSSINGS]), int(params[RIVER])
    clear(grid, state)
    enclose(grid, 0, 0, size, size)
    state[X] = state[Y] = 1
    put(grid, size - 2, size - 2, GOAL, GREEN, 0)
    columns = draw_rivers(state, grid, rng, crossings, kind)
    draw_openings(state, grid, rng, crossings, columns)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid of an odd size."""
    size, crossings = int(options["size"]), int(options["crossings"])
    kind = LAVA if options["lava"] else WALL
    kinds = (GOAL, LAVA) if options["lava"] else (GOAL,)
    own_state = 2 * ((size - 3) // 2) + crossings
    return make_world(options, reset, (size, size), own=(crossings, kind), own_state=own_state, kinds=kinds)
