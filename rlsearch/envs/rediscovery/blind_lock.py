"""BlindLock: pushing pays only several times in a row, and how often one has pushed is not seen.

While a learner explores, most pushes are paid nothing and cost more than resting; once it always pushes, pushing is better.
The mean of what a push has earned says what it earned under the old policy: who weighs good news more than bad finds out.
Where pushing is in vain it is a lottery of the same odds, which opens by chance and is a loss. Nothing is ever seen, so every
state has one value: shifts of rewards and discounts change nothing. State `[1]`: pushes in a row. Params: pushes that are
needed, the pay, which action pushes, whether in vain.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HORIZON = 30


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """No push yet."""
    state[0] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """A push costs 1; the last of a row is paid, and another row begins; in vain, any push may be paid."""
    chance, vain, before = rng.random(), params[3] != 0.0, state[0]
    pushes = before + 1.0 if action == params[2] else 0.0
    opens = pushes > 0.0 and chance * params[0] < 1.0 if vain else pushes == params[0]
    state[0] = 0.0 if opens else pushes
    return (params[1] if opens else 0.0) - (1.0 if action == params[2] else 0.0), False


@njit(OBSERVE)
def observe(_params: Floats, _state: Floats, _grid: Grid, out: Observation) -> None:
    """Always the same."""
    out[0] = 1.0


def _random_return(needed: int, pay: float, actions: int) -> float:
    """Of the uniform policy, by the probabilities of each number of pushes."""
    at, total, push = np.eye(needed)[0], 0.0, 1.0 / actions
    for _ in range(HORIZON):
        total += push * (pay * at[-1] - 1.0)
        at = np.append(1.0 - push * at[:-1].sum(), push * at[:-1])
    return float(total)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """Which action pushes, and whether a row of pushes earns the surplus or loses it."""
    needed, actions = options["needed"], options["actions"]
    vain = rng.random() < options["vain"] / 100
    pay = options["vain_pay" if vain else "pay"] / 10
    best = HORIZON * (pay / needed - 1.0) if vain else HORIZON // needed * (pay - needed)
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.array([needed, pay, rng.integers(actions), vain], np.float64),
        state_size=1,
        observation_size=1,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=HORIZON / actions * (pay / needed - 1.0) if vain else _random_return(needed, pay, actions),
        optimal_return=max(best, 0.0),
    )
