"""Returns of policies that look at observations alone, by one compiled loop: of the random policy, and of linear ones."""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.envs.promises.episodes import GREATEST
from rlsearch.envs.promises.world import KERNELS
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.task import Task
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.numba_support.jit import njit

Weights = NDArray[np.float64]  # [actions, observation + 1]: of each action's score, the last for 1
RANDOM: Weights = np.empty((0, 0))

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)
_FLOATS = types.float64[::1]
_SEEN = types.float32[::1]


class Played(NamedTuple):
    """The raw returns of whole episodes; how many numbers were not finite, and how many beyond the stated bounds."""

    returns: NDArray[np.float64]
    not_finite: int
    outside: int

    @property
    def mean(self) -> float:
        """The mean return."""
        return float(self.returns.mean())

    @property
    def error(self) -> float:
        """The mean's standard error."""
        return float(self.returns.std() / np.sqrt(len(self.returns)))


@njit(types.int64(types.float64[:, ::1], _SEEN))
def _greedy(weights, seen):  # type: ignore[no-untyped-def]
    """The first action with the greatest score."""
    best, most = 0, -np.inf
    for action in range(weights.shape[0]):
        score = weights[action, seen.size]
        for i in range(seen.size):
            score += weights[action, i] * seen[i]
        if score > most:
            best, most = action, score
    return best


@njit(
    types.int64(
        *(types.int64,) * 3,
        *(_FLOATS, _FLOATS, types.uint8[:, :, ::1], _SEEN, types.npy_rng),
        *(types.int64, types.int64, types.int64, _SEEN, _SEEN),
        *(types.float64[:, ::1], _FLOATS, types.int64[::1]),
    )
)
def _play(  # type: ignore[no-untyped-def]
    reset, step, observe, params, state, grid, out, rng, num_actions, horizon, most_steps, low, high, weights, returns, faults
):
    """Fill `returns` episode by episode and count faults; returns how many were finished within so many steps."""
    taken = 0
    for episode in range(returns.size):
        _reset(reset, params, state, grid, rng)
        total, length, terminated = 0.0, 0, False
        while True:
            for i in range(out.size):
                out[i] = np.nan
            _observe(observe, params, state, grid, out)
            for i in range(out.size):
                faults[0] += not np.isfinite(out[i])
                faults[1] += out[i] < low[i] or out[i] > high[i]
            if terminated or length >= horizon:
                break
            if taken >= most_steps:
                return episode
            action = _greedy(weights, out) if weights.size > 0 else int(rng.random() * num_actions)
            reward, terminated = _step(step, params, state, grid, action, rng)
            faults[0] += not abs(reward) <= GREATEST
            total += reward
            length += 1
            taken += 1
        returns[episode] = total
    return returns.size


def play_policy(task: Task, weights: Weights, seed: int, episodes: int, most_steps: int) -> Played:
    """Play a linear policy, or the uniform random one (RANDOM), until so many episodes or steps are done."""
    returns, faults = np.empty(episodes), np.zeros(2, np.int64)
    low, high = (np.full(task.observation_size, end, np.float32) for end in (task.observation_low, task.observation_high))
    finished = _play(
        *(address(getattr(task, name), signature) for name, signature in KERNELS.items()),
        *(task.params, np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)),
        *(np.empty(task.observation_size, np.float32), np.random.default_rng(seed)),
        *(task.num_actions, task.horizon, most_steps, low, high, weights, returns, faults),
    )
    return Played(returns[:finished], *faults.tolist())
