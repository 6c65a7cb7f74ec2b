"""DiscountingChain by the rules of bsuite (`bsuite/environments/discounting_chain.py`): sooner, or a tenth more later.

State `[2]`: steps taken, the first action (-1 before it). Params: for each action its delay, then for each its reward.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

# Step at which each first action pays.
DELAYS = (1, 3, 10, 30, 100)
LENGTH = DELAYS[-1]
BONUS = 0.1


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start with nothing chosen yet."""
    state[0] = 0.0
    state[1] = -1.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take an action; the first one chooses when it is paid, all others do nothing."""
    taken, earlier = state[0] + 1.0, int(state[1])
    chosen = action if taken == 1.0 else earlier
    state[0] = taken
    state[1] = chosen
    delay, reward = params[chosen], params[len(DELAYS) + chosen]
    return reward if taken == delay else 0.0, taken == LENGTH


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the first action, and the share of the time that has passed."""
    out[0] = state[1]
    out[1] = state[0] / LENGTH


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world in which every action pays 1 but the one that pays 1.1."""
    rewards = np.ones(len(DELAYS))
    rewards[options["bonus"]] += BONUS
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([DELAYS, rewards]),
        state_size=2,
        observation_size=2,
        num_actions=len(DELAYS),
        observation_low=np.array([-1.0, 0.0], np.float32),
        observation_high=np.array([len(DELAYS) - 1.0, 1.0], np.float32),
        random_return=1.0 + BONUS / len(DELAYS),
        optimal_return=1.0 + BONUS,
    )
