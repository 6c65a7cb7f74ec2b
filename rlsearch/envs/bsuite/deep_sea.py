"""DeepSea by the rules of bsuite (`bsuite/environments/deep_sea.py`): dive along a diagonal that costs a little all the way.

State `[2]`: row, column. Params: size N, what `right` gives to chance (0 or 1), then `[N, N]` the action that is `right` in
each cell.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

# Of moving right all the way; one move costs this divided by N.
MOVE_COST = 0.01
HEADER = 2


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start in the top left corner."""
    state[0] = 0.0
    state[1] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Sink by one row, and go left or right."""
    size, stochastic = int(params[0]), params[1] != 0.0
    row, column = int(state[0]), int(state[1])
    right = action == int(params[HEADER + row * size + column])
    # Drawn whether needed or not: in a branch, the call would make numba count references to the generator.
    noise, luck = rng.normal(), rng.random()
    reward = 0.0
    if column == size - 1 and right:
        reward += 1.0
    if stochastic and row == size - 1 and (column == 0 or column == size - 1):
        reward += noise
    if right:
        reward -= MOVE_COST / size
        if not stochastic or luck > 1.0 / size:
            column = min(column + 1, size - 1)
    else:
        column = max(column - 1, 0)
    state[0] = row + 1
    state[1] = column
    return reward, row + 1 == size


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the cell; nothing below the last row."""
    size = int(params[0])
    for i in range(size * size):
        out[i] = 0.0
    row = int(state[0])
    if row < size:
        out[row * size + int(state[1])] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The sea in characters, and the diver; the treasure T is at the end of the diagonal."""
    size = int(params[0])
    board = [["."] * size for _ in range(size)]
    board[-1][-1] = "T"
    if state[0] < size:
        board[int(state[0])][int(state[1])] = "x"
    return "\n".join("".join(row) for row in board)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with a mapping of actions drawn for the seed, and the exact references."""
    size, stochastic = options["size"], options["dynamics"]
    # The only way to the corner is right at every step; once off the diagonal, the optimum goes left, which is free.
    success = 1.0 - stochastic / size
    corner = success ** (size - 1)
    cost = MOVE_COST / size * sum(success**row for row in range(size))
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[size, stochastic], rng.integers(2, size=size * size)]).astype(np.float64),
        state_size=2,
        observation_size=size * size,
        num_actions=2,
        observation_low=0.0,
        observation_high=1.0,
        random_return=0.5**size * corner - MOVE_COST / 2,
        optimal_return=corner - cost,
    )
