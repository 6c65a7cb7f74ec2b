"""UmbrellaChain by the rules of bsuite (`bsuite/environments/umbrella_chain.py`): take an umbrella now, learn at the end.

State `[3 + D]`: steps taken, whether it will rain, whether there is an umbrella, then the distractors as they are seen.
Params: length, D. Random numbers are drawn in bsuite's order: rain, umbrella or reward, then distractors.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 3


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Draw rain or not, an umbrella or not (until the first action decides), and the first distractors."""
    state[0] = 0.0
    for i in range(1, HEADER + int(params[1])):
        state[i] = rng.random() < 0.5


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Take or leave the umbrella at first; the last step says whether that was right; between, noise."""
    taken = state[0] + 1.0
    rain, earlier = state[1], state[2]
    umbrella = float(action) if taken == 1.0 else earlier
    over = taken == params[0]
    if over:
        reward = 1.0 if umbrella == rain else -1.0
    else:
        reward = 1.0 if rng.random() < 0.5 else -1.0
    state[0] = taken
    state[2] = umbrella
    for i in range(HEADER, HEADER + int(params[1])):
        state[i] = rng.random() < 0.5
    return reward, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write rain, umbrella, share of the time left, distractors."""
    out[0] = state[1]
    out[1] = state[2]
    out[2] = 1.0 - state[0] / params[0]
    for i in range(HEADER, HEADER + int(params[1])):
        out[i] = state[i]


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed that draws the same options."""
    length, distractors = options["length"], options["distractors"]
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.array([length, distractors], np.float64),
        state_size=HEADER + distractors,
        observation_size=HEADER + distractors,
        num_actions=2,
        observation_low=0.0,
        observation_high=1.0,
        random_return=0.0,
        optimal_return=1.0,
    )
