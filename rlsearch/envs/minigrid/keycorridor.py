"""A corridor between rooms, a ball behind a locked door, its key in one of them (`minigrid/envs/keycorridor.py`)."""

from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import fill
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import BALL, CELLS, DOOR, EMPTY, FLOATS, KEY, LOCKED
from rlsearch.envs.minigrid.roomgrid import (
    PASSABLE,
    ROOM_SIZE,
    ROWS,
    SIDE,
    add_door,
    add_object,
    connect,
    draw_colour,
    draw_rooms,
    put_agent_in,
    room_at,
    step,
)
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit

COLUMNS = 3


@njit(types.void(FLOATS, FLOATS, CELLS), part=True)
def open_corridor(params: Floats, state: Floats, grid: Grid) -> None:
    """Remove the walls between the rooms of the middle column."""
    side, rows = int(params[SIDE]), int(params[ROWS])
    for row in range(1, rows):
        fill(grid, side, row * (side - 1), side - 2, 1, EMPTY, 0)
        state[room_at(params, 1, row - 1) + PASSABLE + 1] = 1


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put the ball to the right of the corridor, the key to its left."""
    rows = int(params[ROWS])
    draw_rooms(params, state, grid, rng)
    open_corridor(params, state, grid)
    locked = between(rng, 0, rows)
    colour = draw_colour(rng)
    add_door(params, state, grid, 2, locked, 2, colour, LOCKED)
    add_object(params, state, grid, rng, 2, locked, BALL, draw_colour(rng))
    add_object(params, state, grid, rng, 0, between(rng, 0, rows), KEY, colour)
    put_agent_in(params, state, grid, rng, 1, rows // 2)
    connect(params, state, grid, rng)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world of three columns of rooms."""
    side, rows = int(options["side"]), int(options["rows"])
    return make_world(
        options,
        reset,
        (COLUMNS * (side - 1) + 1, rows * (side - 1) + 1),
        step=step,
        own=(side, COLUMNS, rows, BALL),
        own_state=ROOM_SIZE * COLUMNS * rows,
        kinds=(DOOR, KEY, BALL),
        colours=True,
        doors=True,
    )
