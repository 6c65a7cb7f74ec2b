"""MaximisationBias: going left looks good for as long as the greatest of several noisy estimates is taken for the truth.

Sutton and Barto 2018, example 6.7. State `[1]`: A = 0, B = 1, the end = 2. Params: mean and standard deviation of what B
pays, number of actions n, then for each action `[n]` whether it leads from A to B (else to the end).
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

A, B, END = 0.0, 1.0, 2.0
HEADER = 3

# As in the book.
MEAN = -0.1
SPREAD = 1.0


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start in A, as every episode does."""
    state[0] = A


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Go from A for nothing to B or to the end; from B to the end for a normal number."""
    in_a = state[0] == A
    goes_left = params[HEADER + action] != 0.0
    # Drawn in A too: in a branch, the call would make numba count references to the generator.
    pay = rng.normal(params[0], params[1])
    state[0] = B if in_a and goes_left else END
    return 0.0 if in_a else pay, not (in_a and goes_left)


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the state."""
    for i in range(3):
        out[i] = 0.0
    out[int(state[0])] = 1.0


def world(mean: float, spread: float, goes_left: Floats) -> World:
    """The world in which B pays N(mean, spread) and the marked actions lead there; its references are exact."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[mean, spread, len(goes_left)], goes_left]),
        state_size=1,
        observation_size=3,
        num_actions=len(goes_left),
        observation_low=0.0,
        observation_high=1.0,
        random_return=float(goes_left.mean()) * mean,
        optimal_return=max(mean, 0.0),
    )


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with the book's numbers. In A every other action goes left, so that half of them do, as of the book's two."""
    return world(MEAN, SPREAD, (np.arange(options["actions"]) % 2).astype(np.float64))
