"""The kernels of every tabular environment; `params` hold the MDP.

Layout of params: S, A, B; then the cumulative start probabilities `[S]`; then the outcomes `[S, A, B, 4]`, each with
its cumulative probability, reward, successor and whether it is terminal. State `[1]`: the state's index. As in
Gymnasium's toy text, a draw is the first index whose cumulative probability exceeds one uniform number.
"""

import numpy as np

from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.envs.tabular.mdp import TabularMDP
from rlsearch.numba_support.jit import njit

HEADER = 3
FIELDS = 4


def pack(mdp: TabularMDP) -> Floats:
    """The MDP in an array, as the kernels read it."""
    outcomes = np.stack([_cumulative(mdp.probability), mdp.reward, mdp.successor, mdp.terminal], axis=-1)
    return np.concatenate([mdp.reward.shape, _cumulative(mdp.start), outcomes.ravel()]).astype(np.float64)


def _cumulative(probability: Floats) -> Floats:
    """Cumulative sums that end in exactly 1, so that a search along them cannot run past the end."""
    total = probability.cumsum(axis=-1)
    return np.where(total > 1.0 - 1e-9, 1.0, total)


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Draw the first state."""
    uniform = rng.random()
    index = 0
    while params[HEADER + index] <= uniform:
        index += 1
    state[0] = index


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Draw one outcome of the action."""
    states, actions, branching = int(params[0]), int(params[1]), int(params[2])
    row = HEADER + states + (int(state[0]) * actions + action) * branching * FIELDS
    uniform = rng.random()
    while params[row] <= uniform:
        row += FIELDS
    state[0] = params[row + 2]
    return params[row + 1], params[row + 3] != 0.0


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the state."""
    for i in range(int(params[0])):
        out[i] = 0.0
    out[int(state[0])] = 1.0
