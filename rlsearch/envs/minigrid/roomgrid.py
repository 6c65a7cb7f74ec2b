"""Rooms of one size side by side, doors between them (`minigrid/core/roomgrid.py`), and the tasks to be won there.

A room is known by its column and row. Its four sides are 0 right, 1 bottom, 2 left, 3 top; what is known of a side shared
by two rooms is kept with the room to its left, or above it.
"""

import numpy as np
from numba import types

from rlsearch.envs.minigrid.build import FOREVER, clear, enclose, find, put, put_agent
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import (
    ALPHABETICAL,
    CARRIED,
    CELLS,
    CLOSED,
    DOOR,
    EMPTY,
    FLOATS,
    INT,
    LOCKED,
    NUM_COLOURS,
    OPEN,
    OWN_PARAMS,
    OWN_STATE,
    PICKUP,
    RNG,
    TARGET_X,
    TARGET_Y,
    TOGGLE,
    WALL,
    X,
    Y,
)
from rlsearch.envs.minigrid.rules import act, front, success
from rlsearch.envs.signature import STEP, Floats, Grid
from rlsearch.numba_support.jit import njit

# Params: a room's side, walls included, so that neighbours share one; columns and rows of rooms; the kind of the object
# that must be picked up, or DOOR where the locked door must be opened.
SIDE, COLUMNS, ROWS, PRIZE = range(OWN_PARAMS, OWN_PARAMS + 4)

# State, for each room: where on its right and on its bottom side a door may stand, whether each of the two is passable,
# whether a locked door was put to it, whether the agent can come there.
PLACE, PASSABLE, SHUT, REACHED, ROOM_SIZE = 0, 2, 4, 5, 6


@njit(INT(FLOATS, INT, INT), part=True)
def room_at(params: Floats, column: int, row: int) -> int:
    """The index in the state at which a room's numbers begin."""
    return OWN_STATE + ROOM_SIZE * (row * int(params[COLUMNS]) + column)


@njit(INT(FLOATS, INT, INT, INT), part=True)
def neighbour(params: Floats, column: int, row: int, side: int) -> int:
    """The index in the state of the room beyond a side; -1 beyond the border."""
    column += (side == 0) - (side == 2)
    row += (side == 1) - (side == 3)
    room: int = room_at(params, column, row)
    return room if 0 <= column < params[COLUMNS] and 0 <= row < params[ROWS] else -1


@njit(INT(FLOATS, INT, INT, INT), part=True)
def keeper(params: Floats, column: int, row: int, side: int) -> int:
    """The index in the state of the room that keeps a side."""
    room: int = room_at(params, column - (side == 2), row - (side == 3))
    return room


@njit(types.void(FLOATS, FLOATS, CELLS, RNG), part=True)
def draw_rooms(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build walls, draw places for doors, and put the agent in the middle for now: objects keep a distance from there."""
    side, columns, rows = int(params[SIDE]), int(params[COLUMNS]), int(params[ROWS])
    clear(grid, state)
    for row in range(rows):
        for column in range(columns):
            left, top = column * (side - 1), row * (side - 1)
            enclose(grid, left, top, side, side)
            room = room_at(params, column, row)
            if column < columns - 1:
                state[room + PLACE] = between(rng, top + 1, top + side - 1)
            if row < rows - 1:
                state[room + PLACE + 1] = between(rng, left + 1, left + side - 1)
    state[X] = columns // 2 * (side - 1) + side // 2
    state[Y] = rows // 2 * (side - 1) + side // 2


@njit(INT(RNG), part=True)
def draw_colour(rng: np.random.Generator) -> int:
    """A random colour."""
    return int(ALPHABETICAL[between(rng, 0, NUM_COLOURS)])


@njit(types.void(FLOATS, FLOATS, CELLS, INT, INT, INT, INT, INT), part=True)
def add_door(params: Floats, state: Floats, grid: Grid, column: int, row: int, side: int, colour: int, door: int) -> None:
    """Put a door, CLOSED or LOCKED, at the place that was drawn for it; a locked one is the target."""
    keeps = keeper(params, column, row, side)
    across = side % 2
    place = int(state[keeps + PLACE + across])
    step = int(params[SIDE]) - 1
    x = place if across else (column + (side == 0)) * step
    y = (row + (side == 1)) * step if across else place
    put(grid, x, y, DOOR, colour, door)
    state[keeps + PASSABLE + across] = 1
    state[room_at(params, column, row) + SHUT] = door == LOCKED
    if door == LOCKED:
        state[TARGET_X], state[TARGET_Y] = x, y


@njit(types.void(FLOATS, FLOATS, CELLS, RNG, INT, INT, INT, INT), part=True)
def add_object(
    params: Floats, state: Floats, grid: Grid, rng: np.random.Generator, column: int, row: int, kind: int, colour: int
) -> None:
    """Put an object somewhere in a room, not beside the agent."""
    side = int(params[SIDE])
    x, y = find(grid, state, rng, column * (side - 1), row * (side - 1), side, side, 2, FOREVER)
    put(grid, x, y, kind, colour, 0)


@njit(types.void(FLOATS, FLOATS, CELLS, RNG, INT, INT), part=True)
def put_agent_in(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator, column: int, row: int) -> None:
    """Put the agent somewhere in a room, not looking at an object from near by."""
    side = int(params[SIDE])
    while True:
        put_agent(grid, state, rng, column * (side - 1), row * (side - 1), side, side)
        x, y = front(state)
        if grid[x, y, 0] == EMPTY or grid[x, y, 0] == WALL:
            return


@njit(types.boolean(FLOATS, FLOATS), part=True)
def all_reached(params: Floats, state: Floats) -> bool:
    """True if the agent's room is joined to every other, by doors or gaps."""
    columns, rows, step = int(params[COLUMNS]), int(params[ROWS]), int(params[SIDE]) - 1
    for room in range(OWN_STATE, OWN_STATE + ROOM_SIZE * columns * rows, ROOM_SIZE):
        state[room + REACHED] = 0
    state[room_at(params, int(state[X]) // step, int(state[Y]) // step) + REACHED] = 1
    reached, before = 1, 0
    while reached > before:
        before = reached
        for row in range(rows):
            for column in range(columns):
                room = room_at(params, column, row)
                for side in range(2):
                    other = neighbour(params, column, row, side)
                    if state[room + PASSABLE + side] != 0 and state[room + REACHED] != state[other + REACHED]:
                        state[room + REACHED] = state[other + REACHED] = 1
                        reached += 1
    return reached == columns * rows


@njit(types.void(FLOATS, FLOATS, CELLS, RNG), part=True)
def connect(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put closed doors at random sides, but none to a locked room, until every room can be reached."""
    while not all_reached(params, state):
        column = between(rng, 0, int(params[COLUMNS]))
        row = between(rng, 0, int(params[ROWS]))
        side = between(rng, 0, 4)
        other = neighbour(params, column, row, side)
        if other < 0 or state[keeper(params, column, row, side) + PASSABLE + side % 2] != 0:
            continue
        if state[room_at(params, column, row) + SHUT] == 0 and state[other + SHUT] == 0:
            add_door(params, state, grid, column, row, side, draw_colour(rng), CLOSED)


@njit(STEP)
def step(params: Floats, state: Floats, grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Act; pick up the prize, or open the locked door, to succeed."""
    prize = int(params[PRIZE])
    act(params, state, grid, action)
    carried, door, worth = state[CARRIED], grid[int(state[TARGET_X]), int(state[TARGET_Y]), 2], success(params, state)
    picked = action == PICKUP and carried == prize
    opened = action == TOGGLE and prize == DOOR and door == OPEN
    return (worth, True) if picked or opened else (0.0, False)
