"""Ledge: two ways of equal length; the one that pays more is a ledge, from which every wrong step falls.

Who explores while walking falls, so the sure way earns more until the exploring ends; a greedy value does not know that its
walker explores. Both ways have the same steps, so that neither a shift of rewards nor a discount prefers one. State `[2]`:
steps taken, whether on the ledge. Params: length, actions, the pay of the sure way, the cost of a fall, whether each first
action leads to the ledge `[A]`, then the right action of each later step `[L - 1]`.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 4


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """At the fork."""
    state[0] = 0.0
    state[1] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """From the fork to one of the ways; along it; a wrong step on the ledge falls, the end pays."""
    before, length, actions = int(state[0]), int(params[0]), int(params[1])
    at_fork, on_ledge = before == 0, state[1] != 0.0
    leads = params[HEADER + action] != 0.0
    right = action == params[HEADER + actions + max(before - 1, 0)]
    falls = not at_fork and on_ledge and not right
    ledge = leads if at_fork else on_ledge
    arrives = before + 1 == length and not falls
    state[0] = before + 1.0
    state[1] = 1.0 if ledge else 0.0
    pay = 1.0 if ledge else params[2]
    return -params[3] if falls else pay if arrives else 0.0, falls or arrives


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """One-hot of the place: the fork, then each way's places, then the end."""
    length, before = int(params[0]), int(min(state[0], params[0]))
    for i in range(2 * length):
        out[i] = 0.0
    place = 0 if before == 0 else 2 * length - 1 if before == length else before + (length - 1) * int(state[1])
    out[place] = 1.0


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """Which first actions lead to the ledge, and the right steps along it."""
    length, actions = options["length"], options["actions"]
    sure, cost = options["sure"] / 10, options["cost"] / 10
    leads = rng.permutation(actions) < actions // 2
    stays = (1.0 / actions) ** (length - 1)
    share = actions // 2 / actions
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[length, actions, sure, cost], leads, rng.integers(actions, size=length - 1)]),
        state_size=2,
        observation_size=2 * length,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=share * (stays - (1.0 - stays) * cost) + (1.0 - share) * sure,
        optimal_return=1.0,
    )
