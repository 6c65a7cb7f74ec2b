"""A chain of rooms with closed doors between them, the goal in the last (`minigrid/envs/multiroom.py`)."""

from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import FOREVER, clear, enclose, find, put, put_agent
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import (
    ALPHABETICAL,
    CELLS,
    CLOSED,
    DOOR,
    FLOATS,
    GOAL,
    GREEN,
    INT,
    NUM_COLOURS,
    OWN_PARAMS,
    OWN_STATE,
    RNG,
)
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit

# Params: how many rooms, and the longest side of one, walls included.
ROOMS, LONGEST = OWN_PARAMS, OWN_PARAMS + 1
SHORTEST = 4
# State, for each room: left and top border, width, height, the cell of the door by which it is entered.
ROOM_SIZE = 6
# How often the way out of a room is drawn before all is drawn anew.
TRIES = 8


@njit(types.boolean(CELLS, FLOATS, RNG, INT, INT, INT, INT, INT), part=True)
def add_room(
    grid: Grid, state: Floats, rng: np.random.Generator, index: int, longest: int, wall: int, door_x: int, door_y: int
) -> bool:
    """Draw a room entered by a door in its wall (0 right, 1 bottom, 2 left, 3 top); False where it does not fit.

    The first room has its corner at the door. The room before, whose wall it shares, is never in its way.
    """
    width = between(rng, SHORTEST, longest + 1)
    height = between(rng, SHORTEST, longest + 1)
    left, top = door_x, door_y
    if index > 0:
        if wall == 0:
            left = door_x - width + 1
        elif wall == 1:
            top = door_y - height + 1
        if wall % 2 == 0:
            top = between(rng, door_y - height + 2, door_y)
        else:
            left = between(rng, door_x - width + 2, door_x)
    if left < 0 or top < 0 or left + width > grid.shape[0] or top + height >= grid.shape[1]:
        return False
    for other in range(OWN_STATE, OWN_STATE + ROOM_SIZE * (index - 1), ROOM_SIZE):
        # Not symmetric: a column or row stays free before another room, none behind it.
        beside = left + width < state[other] or state[other] + state[other + 2] <= left
        above = top + height < state[other + 1] or state[other + 1] + state[other + 3] <= top
        if not (beside or above):
            return False
    at = OWN_STATE + ROOM_SIZE * index
    state[at], state[at + 1], state[at + 2], state[at + 3] = left, top, width, height
    state[at + 4], state[at + 5] = door_x, door_y
    return True


@njit(INT(CELLS, FLOATS, RNG, INT, INT), part=True)
def draw_rooms(grid: Grid, state: Floats, rng: np.random.Generator, rooms: int, longest: int) -> int:
    """Chain rooms until there are enough, or until the last one finds no way out; returns their number."""
    wall = 2
    x = between(rng, 0, grid.shape[0] - 2)
    y = between(rng, 0, grid.shape[0] - 2)
    # The first room has one try.
    placed, tries = 0, TRIES - 1
    while placed < rooms and tries < TRIES:
        entry = wall
        if placed > 0:
            way_out = between(rng, 0, 3)
            way_out += way_out >= wall
            entry = (way_out + 2) % 4
            at = OWN_STATE + ROOM_SIZE * (placed - 1)
            x, y, width, height = int(state[at]), int(state[at + 1]), int(state[at + 2]), int(state[at + 3])
            if way_out % 2 == 0:
                x += (width - 1) * (way_out == 0)
                y += between(rng, 1, height - 1)
            else:
                x += between(rng, 1, width - 1)
                y += (height - 1) * (way_out == 1)
        tries += 1
        if add_room(grid, state, rng, placed, longest, entry, x, y):
            wall = entry
            placed += 1
            tries = 0
    return placed


@njit(types.void(CELLS, FLOATS, RNG, INT, INT), part=True)
def build_rooms(grid: Grid, state: Floats, rng: np.random.Generator, rooms: int, longest: int) -> None:
    """Build the walls, and doors each of another colour than the one before."""
    while draw_rooms(grid, state, rng, rooms, longest) < rooms:
        pass
    before = NUM_COLOURS
    for room in range(rooms):
        at = OWN_STATE + ROOM_SIZE * room
        enclose(grid, int(state[at]), int(state[at + 1]), int(state[at + 2]), int(state[at + 3]))
        if room > 0:
            colour = between(rng, 0, NUM_COLOURS - (before < NUM_COLOURS))
            colour += colour >= before
            put(grid, int(state[at + 4]), int(state[at + 5]), DOOR, ALPHABETICAL[colour], CLOSED)
            before = colour


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build the rooms, put the agent in the first, the goal in the last."""
    rooms, longest = int(params[ROOMS]), int(params[LONGEST])
    clear(grid, state)
    build_rooms(grid, state, rng, rooms, longest)
    at = OWN_STATE
    put_agent(grid, state, rng, int(state[at]), int(state[at + 1]), int(state[at + 2]), int(state[at + 3]))
    at += ROOM_SIZE * (rooms - 1)
    left, top, width, height = int(state[at]), int(state[at + 1]), int(state[at + 2]), int(state[at + 3])
    x, y = find(grid, state, rng, left, top, width, height, 1, FOREVER)
    put(grid, x, y, GOAL, GREEN, 0)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid, mostly empty outside the rooms."""
    size, rooms = int(options["size"]), int(options["rooms"])
    own = (rooms, options["longest"])
    return make_world(options, reset, (size, size), own=own, own_state=ROOM_SIZE * rooms, kinds=(DOOR, GOAL), doors=True)
