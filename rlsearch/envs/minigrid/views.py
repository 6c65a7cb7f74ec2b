"""Observations of a grid: all of it as scaled codes or as bits, or the part that MiniGrid's agent sees."""

import numpy as np
from numba import types

from rlsearch.envs.minigrid.layout import (
    AGENT,
    BOX,
    CARRIED,
    CARRIED_COLOUR,
    CELL_BITS,
    COLOUR_BIT,
    DIRECTION,
    DOOR,
    EMPTY,
    FLOATS,
    GREY,
    INT,
    KIND_BIT,
    MISSION,
    NUM_COLOURS,
    OPEN,
    SEES_THROUGH,
    STATE_BIT,
    TELLS_MISSION,
    WALL,
    X,
    Y,
)
from rlsearch.envs.signature import OBSERVE, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

# Codes divided by the greatest kind, colour and state (an agent's is where it looks): to look one up is faster than to divide.
KINDS, COLOURS, STATES = (np.arange(greatest + 1, dtype=np.float32) / np.float32(greatest) for greatest in (AGENT, GREY, 3))
SIGHT = 7  # cells ahead, the agent's own among them, and cells from left to right


@njit(types.void(FLOATS, FLOATS, types.float32[::1], INT), part=True)
def mission(params: Floats, state: Floats, out: Observation, start: int) -> None:
    """Write one of six bits for the colour that the mission names, where there is one."""
    named = int(state[MISSION])
    if params[TELLS_MISSION] != 0:
        for colour in range(NUM_COLOURS):
            out[start + colour] = colour == named


@njit(types.void(types.float32[::1], INT, INT, INT, INT), part=True)
def scaled(out: Observation, at: int, kind: int, colour: int, state: int) -> None:
    """Write a cell's three codes, each from 0 to 1."""
    out[at] = KINDS[kind]
    out[at + 1] = COLOURS[colour]
    out[at + 2] = STATES[state]


@njit(OBSERVE)
def full(params: Floats, state: Floats, grid: Grid, out: Observation) -> None:
    """Write every cell's codes, column by column; the agent hides the cell where it is."""
    width, height = grid.shape[0], grid.shape[1]
    at = 0
    for x in range(width):
        for y in range(height):
            scaled(out, at, grid[x, y, 0], grid[x, y, 1], grid[x, y, 2])
            at += 3
    scaled(out, 3 * (int(state[X]) * height + int(state[Y])), AGENT, 0, int(state[DIRECTION]))
    mission(params, state, out, at)


@njit(OBSERVE)
def onehot(params: Floats, state: Floats, grid: Grid, out: Observation) -> None:
    """Write the kind of every cell as one of the bits that this world needs, colour and door state if they tell; direction."""
    bits, colours, states = int(params[CELL_BITS]), int(params[COLOUR_BIT]), int(params[STATE_BIT])
    agent_x, agent_y = int(state[X]), int(state[Y])
    for i in range(len(out)):
        out[i] = 0.0
    at = 0
    for x in range(grid.shape[0]):
        for y in range(grid.shape[1]):
            kind = AGENT if x == agent_x and y == agent_y else int(grid[x, y, 0])
            out[at + int(params[KIND_BIT + kind])] = 1.0
            if colours >= 0 and DOOR <= kind <= BOX:
                out[at + colours + grid[x, y, 1]] = 1.0
            if states >= 0 and kind == DOOR:
                out[at + states + grid[x, y, 2]] = 1.0
            at += bits
    out[at + int(state[DIRECTION])] = 1.0
    mission(params, state, out, at + 4)


@njit(OBSERVE)
def partial(params: Floats, state: Floats, grid: Grid, out: Observation) -> None:
    """Write MiniGrid's own view: the agent looks up from the middle of the last of 7 x 7 cells, and sees there what it carries.

    Sight spreads row by row from the agent, first to the right, then to the left, from every seen cell that is neither
    wall nor closed door to its neighbour and to the two cells before. A row's seen cells are the bits of a number.
    """
    direction = int(state[DIRECTION])
    carried, carried_colour = int(state[CARRIED]), int(state[CARRIED_COLOUR])
    ahead_x, ahead_y = (direction == 0) - (direction == 2), (direction == 1) - (direction == 3)
    width, height = grid.shape[0], grid.shape[1]
    through = params[SEES_THROUGH] != 0
    everything = (1 << SIGHT) - 1
    seen = everything if through else 1 << (SIGHT // 2)
    for row in range(SIGHT - 1, -1, -1):
        left_x = int(state[X]) + ahead_x * (SIGHT - 1 - row) + ahead_y * (SIGHT // 2)
        left_y = int(state[Y]) + ahead_y * (SIGHT - 1 - row) - ahead_x * (SIGHT // 2)
        clear = 0
        for column in range(SIGHT):
            x, y = left_x - ahead_y * column, left_y + ahead_x * column
            kind, colour, door = WALL, GREY, 0
            if 0 <= x < width and 0 <= y < height:
                kind, colour, door = int(grid[x, y, 0]), int(grid[x, y, 1]), int(grid[x, y, 2])
            if kind != WALL and (kind != DOOR or door == OPEN):
                clear |= 1 << column
            if row == SIGHT - 1 and column == SIGHT // 2:
                kind, colour, door = (carried, carried_colour, 0) if carried != 0 else (EMPTY, 0, 0)
            scaled(out, 3 * (column * SIGHT + row), kind, colour, door)
        before = everything if through else 0
        for column in range(SIGHT - 1):
            if seen & clear & (1 << column):
                seen |= 2 << column
                before |= 3 << column
        for column in range(SIGHT - 1, 0, -1):
            if seen & clear & (1 << column):
                seen |= 1 << (column - 1)
                before |= 3 << (column - 1)
        for column in range(SIGHT):
            if not seen & (1 << column):
                scaled(out, 3 * (column * SIGHT + row), 0, 0, 0)
        seen = before
    mission(params, state, out, 3 * SIGHT * SIGHT)
