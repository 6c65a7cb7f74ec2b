"""Catch by the rules of bsuite (`bsuite/environments/catch.py`): the paddle moves, the ball falls, then it is judged.

State `[3]`: ball's column, ball's row, paddle's column. Row 0 is the top.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

ROWS = 10
COLUMNS = 5

# The random policy never looks at the ball, whose column is uniform: it catches one in five, wherever the paddle ends.
RANDOM_RETURN = 1 / COLUMNS - (1 - 1 / COLUMNS)


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Put a ball in a random column of the top row, the paddle in the centre of the bottom row."""
    state[0] = int(rng.random() * COLUMNS)
    state[1] = 0
    state[2] = COLUMNS // 2


@njit(STEP)
def step(_params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Move the paddle, drop the ball by one row."""
    state[2] = min(max(state[2] + action - 1, 0.0), COLUMNS - 1.0)
    state[1] += 1
    if state[1] < ROWS - 1:
        return 0.0, False
    return 1.0 if state[0] == state[2] else -1.0, True


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the board, row by row."""
    for i in range(ROWS * COLUMNS):
        out[i] = 0.0
    out[int(state[1]) * COLUMNS + int(state[0])] = 1.0
    out[(ROWS - 1) * COLUMNS + int(state[2])] = 1.0


def picture(_params: Floats, state: Floats, _grid: Grid) -> str:
    """The board in characters, the ball above the paddle."""
    board = [["."] * COLUMNS for _ in range(ROWS)]
    board[ROWS - 1][int(state[2])] = "="
    board[int(state[1])][int(state[0])] = "o"
    return "\n".join("".join(row) for row in board)


def draw(_rng: np.random.Generator, _options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.empty(0),
        state_size=3,
        observation_size=ROWS * COLUMNS,
        num_actions=3,
        observation_low=0.0,
        observation_high=1.0,
        random_return=RANDOM_RETURN,
        optimal_return=1.0,
    )
