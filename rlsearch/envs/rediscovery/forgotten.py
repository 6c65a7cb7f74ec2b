"""Forgotten: the first action decides what the last step pays, and nothing in between says which it was.

The steps between look alike whatever was chosen, so that a value that is bootstrapped from them is the same for every first
action. State `[2]`: steps taken, the first action. Params: length, then what each first action pays `[A]`.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 1


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start with nothing chosen yet."""
    state[0] = 0.0
    state[1] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take an action; the first one is kept, the last step pays for it, others do nothing."""
    taken, earlier = state[0] + 1.0, state[1]
    chosen = float(action) if taken == 1.0 else earlier
    state[0] = taken
    state[1] = chosen
    over = taken == params[0]
    pay = params[HEADER + int(chosen)]
    return pay if over else 0.0, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the steps taken; the end looks like the step before it."""
    for i in range(int(params[0])):
        out[i] = 0.0
    out[int(min(state[0], params[0] - 1.0))] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """A row for each first action, of which nobody sees where one is, and a column for each number of steps taken."""
    rows = [["."] * (int(params[0]) + 1) for _ in params[HEADER:]]
    rows[int(state[1])][int(state[0])] = "x"
    return "\n".join("".join(row) for row in rows)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with another order of what the first actions pay."""
    length, actions = options["length"], options["actions"]
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[length], rng.permutation(np.linspace(-1.0, 1.0, actions))]),
        state_size=2,
        observation_size=length,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=0.0,
        optimal_return=1.0,
    )
