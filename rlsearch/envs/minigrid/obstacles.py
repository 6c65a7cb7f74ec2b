"""An empty room where balls move at random and must not be run into (`minigrid/envs/dynamicobstacles.py`)."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import FOREVER, find, put
from rlsearch.envs.minigrid.empty import ANYWHERE, room
from rlsearch.envs.minigrid.layout import BALL, BLUE, EMPTY, FORWARD, GOAL, OWN_STATE
from rlsearch.envs.minigrid.rules import act, front
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, STEP, Floats, Grid
from rlsearch.numba_support.jit import njit

# Params: behind those of the empty room, how many balls. State: column and row of each.
BALLS = ANYWHERE + 1
# A ball that meets no empty cell in so many draws from the 3 x 3 cells around it stays where it is.
TRIES = 101


@njit(RESET, part=True)
def put_balls(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put each ball in a random empty cell."""
    balls = int(params[BALLS])
    for at in range(OWN_STATE, OWN_STATE + 2 * balls, 2):
        x, y = find(grid, state, rng, 0, 0, grid.shape[0], grid.shape[1], 1, FOREVER)
        put(grid, x, y, BALL, BLUE, 0)
        state[at], state[at + 1] = x, y


@njit(RESET, part=True)
def move_balls(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Move each ball to a random empty cell of the eight around it."""
    balls = int(params[BALLS])
    for at in range(OWN_STATE, OWN_STATE + 2 * balls, 2):
        old_x, old_y = int(state[at]), int(state[at + 1])
        x, y = find(grid, state, rng, old_x - 1, old_y - 1, 3, 3, 1, TRIES)
        if x >= 0:
            put(grid, x, y, BALL, BLUE, 0)
            put(grid, old_x, old_y, EMPTY, 0, 0)
            state[at], state[at + 1] = x, y


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build the empty room, then put the balls."""
    room(params, state, grid, rng)
    put_balls(params, state, grid, rng)


@njit(STEP)
def step(params: Floats, state: Floats, grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Move the balls, then act; whoever walks towards what stood before it, ball or wall, has run into it."""
    x, y = front(state)
    runs_into = action == FORWARD and grid[x, y, 0] not in (EMPTY, GOAL)
    move_balls(params, state, grid, rng)
    reward, terminated = act(params, state, grid, action)
    return (-1.0, True) if runs_into else (reward, terminated)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world of a square room."""
    size, balls = int(options["size"]), int(options["balls"])
    return make_world(
        options,
        reset,
        (size, size),
        step=step,
        num_actions=FORWARD + 1,
        own=(options["anywhere"], balls),
        own_state=2 * balls,
        kinds=(BALL, GOAL),
        sees_through=True,
    )
