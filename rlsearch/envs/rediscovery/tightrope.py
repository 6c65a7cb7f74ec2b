"""Tightrope: of two routes that look alike, one pays more, but every wrong step on it costs.

While a learner explores, the better route earns less: returns of those days say the other is better. State `[2]`: steps
taken, whether the rope was chosen. Params: length, cost of a wrong step, pay of the path, then the right actions `[L]`.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 3


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start with nothing chosen yet."""
    state[0] = 0.0
    state[1] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Choose the route by the first action, the right one for the rope; later wrong ones cost there; the end pays."""
    # All that may be read is read here: in a branch, it would make numba count references to the array.
    before, length, cost, path = int(state[0]), int(params[0]), params[1], params[2]
    on_rope, right = state[1] != 0.0, action == params[HEADER + before]
    rope = right if before == 0 else on_rope
    slips = rope and before > 0 and not right
    over = before + 1 == length
    state[0] = before + 1.0
    state[1] = 1.0 if rope else 0.0
    pay = 1.0 if rope else path
    return (-cost if slips else 0.0) + (pay if over else 0.0), over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the steps taken; the end looks like the step before it."""
    for i in range(int(params[0])):
        out[i] = 0.0
    out[int(min(state[0], params[0] - 1.0))] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The rope above the path, from their common start."""
    length = int(params[0])
    rows = [["S", *"." * (length - 1), "G"], ["#", *"." * (length - 1), "T"]]
    rows[int(state[1])][int(state[0])] = "x"
    return "\n".join("".join(row) for row in reversed(rows))


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with its own right actions."""
    length, cost, path = options["length"], options["cost"] / 10, options["path"] / 10
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[length, cost, path], rng.integers(2, size=length)]),
        state_size=2,
        observation_size=length,
        num_actions=2,
        observation_low=0.0,
        observation_high=1.0,
        random_return=0.5 * (1.0 - cost * (length - 1) / 2) + 0.5 * path,
        optimal_return=1.0,
    )
