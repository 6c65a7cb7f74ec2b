"""DelayedChain: the first action decides what the last step pays.

Oh et al. 2020, appendix A. There, which action is right is not said to be fixed; drawn anew for every episode and hidden, it
could not be learnt, so here it is fixed for a seed. State `[2 + D]`: steps taken, the first action, then the distractors as
they are seen. Params: length, the right action, whether steps between pay noise, number of distractors D.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

DISTRACTORS = 20
HEADER = 2


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Start with nothing chosen yet, and draw the first distractors."""
    state[0] = 0.0
    state[1] = 0.0
    for i in range(HEADER, HEADER + int(params[3])):
        state[i] = rng.random() < 0.5


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Take an action; the first one is kept, the last step says whether it was right, others do nothing."""
    length, right, noisy = params[0], params[1], params[2]
    taken, earlier = state[0] + 1.0, state[1]
    chosen = float(action) if taken == 1.0 else earlier
    state[0] = taken
    state[1] = chosen
    over = taken == length
    noise = noisy if rng.random() < 0.5 else -noisy
    for i in range(HEADER, HEADER + int(params[3])):
        state[i] = rng.random() < 0.5
    return (1.0 if chosen == right else -1.0) if over else noise, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the start, or of the first action and the depth."""
    length = int(params[0])
    taken, chosen = int(state[0]), int(state[1])
    for i in range(1 + 2 * length):
        out[i] = 0.0
    out[0 if taken == 0 else chosen * length + taken] = 1.0


@njit(OBSERVE)
def observe_bits(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the first action as two bits (taken or not, and which), and the distractors."""
    # Were the loop to begin at 1, its vector instructions would make every later call of the generator cost 100 ns.
    out[0] = state[0] > 0.0
    out[1] = state[1]
    for i in range(HEADER, HEADER + int(params[3])):
        out[i] = state[i]


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world in which one action, drawn for the seed, is right; the references hold for either."""
    length, distractors = options["length"], DISTRACTORS * options["observation"]
    return World(
        reset=reset,
        step=step,
        observe=observe_bits if distractors else observe,
        params=np.array([length, rng.integers(2), options["noise"], distractors], np.float64),
        state_size=HEADER + distractors,
        observation_size=HEADER + distractors if distractors else 1 + 2 * length,
        num_actions=2,
        observation_low=0.0,
        observation_high=1.0,
        random_return=0.0,
        optimal_return=1.0,
    )
