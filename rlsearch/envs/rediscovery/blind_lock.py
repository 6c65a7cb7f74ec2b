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
from rlsearch.envs.rediscovery import BLIND_LOCK
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HORIZON = BLIND_LOCK.horizon_with({})
PUSHES = np.linspace(0.0, 1.0, 1001)  # chances of a push, among which is the best
LEAST_LOSS = 0.1  # of a lottery, for each row: without a loss, no policy were better than another


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start without a push."""
    state[0] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Push for 1, or rest; the last push of a row is paid, and another row begins; in vain, any push may be paid."""
    # All that is read or drawn is so whatever happens: in a branch, it would make numba count references to its array.
    needed, pay, vain, before = params[0], params[1], params[3] != 0.0, state[0]
    chance, pushed = rng.random(), action == params[2]
    pushes = before + 1.0 if pushed else 0.0
    lucky, done = pushed and chance * needed < 1.0, pushes == needed
    opens = lucky if vain else done
    state[0] = 0.0 if opens else pushes
    return (pay if opens else 0.0) - (1.0 if pushed else 0.0), False


@njit(OBSERVE)
def observe(_params: Floats, _state: Floats, _grid: Grid, out: Observation) -> None:
    """Write 1, whatever has been done."""
    out[0] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The row of pushes as far as it is done, which nobody sees."""
    needed = int(params[0])
    done = min(int(state[0]), needed)
    return "=" * done + "." * (needed - done)


def returns_of(push: Floats, needed: int, pay: float) -> Floats:
    """The expected returns of policies that push with so great a chance `[K]`, by the chances of each number of pushes."""
    at = np.zeros((needed, len(push)))
    at[0] = 1.0
    total = np.zeros(len(push))
    for _ in range(HORIZON):
        total += push * (pay * at[-1] - 1.0)
        further = push * at[:-1]
        at = np.vstack([1.0 - further.sum(axis=0), further])
    return total


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world in which one action, drawn for the seed, pushes, for a row that is worth it or in vain."""
    needed, actions = options["needed"], options["actions"]
    vain = rng.random() < options["vain"] / 100
    if vain:
        pay = min(options["vain_pay"] / 10, needed - LEAST_LOSS)
        random_return, optimal_return = HORIZON / actions * (pay / needed - 1.0), 0.0
    else:
        pay = options["pay"] / 10
        random_return = float(returns_of(np.array([1.0 / actions]), needed, pay)[0])
        optimal_return = float(returns_of(PUSHES, needed, pay).max())
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
        random_return=random_return,
        optimal_return=optimal_return,
    )
