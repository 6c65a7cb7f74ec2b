"""Actions and their effects, by MiniGrid's rules (`minigrid/minigrid_env.py`, `core/world_object.py`)."""

import numpy as np
from numba import types

from rlsearch.envs.minigrid.build import put
from rlsearch.envs.minigrid.layout import (
    BOX,
    CARRIED,
    CARRIED_COLOUR,
    CELLS,
    CLOSED,
    DIRECTION,
    DOOR,
    DROP,
    EMPTY,
    FLOATS,
    FORWARD,
    GOAL,
    INT,
    KEY,
    LAVA,
    LEFT,
    LOCKED,
    MAX_STEPS,
    OPEN,
    PICKUP,
    RIGHT,
    STEPS,
    TOGGLE,
    X,
    Y,
)
from rlsearch.envs.signature import STEP, Floats, Grid
from rlsearch.numba_support.jit import njit


@njit(types.UniTuple(INT, 2)(FLOATS), part=True)
def front(state: Floats) -> tuple[int, int]:
    """The cell that the agent looks at; inside the grid, as walls or closed doors stand all around."""
    direction = int(state[DIRECTION])
    x, y = int(state[X]), int(state[Y])
    return x + (direction == 0) - (direction == 2), y + (direction == 1) - (direction == 3)


@njit(types.float64(FLOATS, FLOATS), part=True)
def success(params: Floats, state: Floats) -> float:
    """The reward of success: from 1 at once down to 0.1 at the last step."""
    used: float = state[STEPS] / params[MAX_STEPS]
    return 1 - 0.9 * used


@njit(types.void(CELLS, FLOATS, INT, INT), part=True)
def toggle(grid: Grid, state: Floats, x: int, y: int) -> None:
    """Open or close a door, a locked one with the key of its colour; break a box, which holds nothing."""
    kind, door = grid[x, y, 0], grid[x, y, 2]
    if kind == BOX:
        put(grid, x, y, EMPTY, 0, 0)
    elif kind == DOOR and door != LOCKED:
        grid[x, y, 2] = CLOSED if door == OPEN else OPEN
    elif kind == DOOR and state[CARRIED] == KEY and state[CARRIED_COLOUR] == grid[x, y, 1]:
        grid[x, y, 2] = OPEN


@njit(types.Tuple((types.float64, types.boolean))(FLOATS, FLOATS, CELLS, INT), part=True)
def act(params: Floats, state: Floats, grid: Grid, action: int) -> tuple[float, bool]:
    """Take one step without the rules of a special task: (reward, terminated)."""
    state[STEPS] += 1
    x, y = front(state)
    kind = grid[x, y, 0]
    if action == LEFT:
        state[DIRECTION] = (state[DIRECTION] + 3) % 4
    elif action == RIGHT:
        state[DIRECTION] = (state[DIRECTION] + 1) % 4
    elif action == FORWARD:
        if kind in (EMPTY, GOAL, LAVA) or (kind == DOOR and grid[x, y, 2] == OPEN):
            state[X], state[Y] = x, y
        if kind == GOAL:
            return success(params, state), True
        return 0.0, kind == LAVA
    elif action == PICKUP and KEY <= kind <= BOX and state[CARRIED] == 0:
        state[CARRIED], state[CARRIED_COLOUR] = kind, grid[x, y, 1]
        put(grid, x, y, EMPTY, 0, 0)
    elif action == DROP and kind == EMPTY and state[CARRIED] != 0:
        put(grid, x, y, int(state[CARRIED]), int(state[CARRIED_COLOUR]), 0)
        state[CARRIED] = 0
    elif action == TOGGLE:
        toggle(grid, state, x, y)
    return 0.0, False


@njit(STEP)
def step(params: Floats, state: Floats, grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Act; reach the goal, keep out of lava."""
    reward, terminated = act(params, state, grid, action)
    return reward, terminated
