"""Ledger: pay for a choice is booked with rare huge errors of mean 0, each taken back by the episode's second step.

So a return holds no error, and its noise says nothing about a loss, but each transition may hold one. Every action of every
context has the same chance of an error. State `[2]`: the context, or their number C at the correction; the error that is
booked. Params: C, actions A, size and chance of an error, then the pay `[C, A]`.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 4


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Start in any context, with no error booked."""
    state[0] = np.floor(rng.random() * params[0])
    state[1] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Book the pay, rarely with an error; the second step takes the error back, whatever is done."""
    contexts, actions, size, chance = int(params[0]), int(params[1]), params[2], params[3]
    context, booked = int(state[0]), state[1]
    # Drawn at the correction too: in a branch, the call would make numba count references to the generator.
    uniform = rng.random()
    error = size if uniform < chance / 2.0 else -size if uniform < chance else 0.0
    over = context == contexts
    pay = params[HEADER + min(context, contexts - 1) * actions + action]
    state[0] = float(contexts)
    state[1] = error
    return -booked if over else pay + error, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the context, or of the correction."""
    for i in range(int(params[0]) + 1):
        out[i] = 0.0
    out[int(state[0])] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The contexts in a row and the correction below them; there, the sign of an error that nobody sees."""
    contexts, context, booked = int(params[0]), int(state[0]), state[1]
    marks = ["."] * (contexts + 1) + ["#"] * (contexts - 1)
    marks[context] = "+" if booked > 0.0 else "-" if booked < 0.0 else "x"
    return "".join(marks[:contexts]) + "\n" + "".join(marks[contexts:])


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with another pay for every context and action."""
    contexts, actions = options["contexts"], options["actions"]
    pay = rng.normal(size=(contexts, actions))
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[contexts, actions, options["size"], options["chance"] / 1000], pay.ravel()]),
        state_size=2,
        observation_size=contexts + 1,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=float(pay.mean()),
        optimal_return=float(pay.max(axis=1).mean()),
    )
