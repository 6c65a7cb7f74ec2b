"""Many copies of one of our environments, stepped by one compiled loop."""

from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numba import types
from numpy.typing import NDArray

from rlsearch.envs.gym import observation_space, task_of
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Observation
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.numba_support.jit import njit

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)

_FLOATS = types.float64[::1]
_ROWS = types.float64[:, ::1]
_FLAGS = types.boolean[::1]


@njit(
    types.void(
        *(types.int64,) * 3,  # addresses of the kernels
        *(_FLOATS, _ROWS, types.uint8[:, :, :, ::1]),
        *(types.int64[::1], types.int64[::1], types.int64, types.boolean),
        *(types.float32[:, ::1], _FLOATS, _FLAGS, _FLAGS, _FLAGS, types.npy_rng),
    )
)
def _advance(  # type: ignore[no-untyped-def]
    reset, step, observe, params, state, grid, actions, steps, horizon, begin, seen, rewards, terminated, truncated, ended, rng
):
    """Step every copy, or start a new episode where the last one ended (or everywhere, if asked to)."""
    for i in range(state.shape[0]):
        rewards[i], terminated[i], truncated[i] = 0.0, False, False
        if begin or ended[i]:
            _reset(reset, params, state[i], grid[i], rng)
            steps[i] = 0
        else:
            rewards[i], terminated[i] = _step(step, params, state[i], grid[i], actions[i], rng)
            steps[i] += 1
            truncated[i] = steps[i] >= horizon
        ended[i] = terminated[i] or truncated[i]
        _observe(observe, params, state[i], grid[i], seen[i])


class KernelVectorEnv(VectorEnv[Observation, NDArray[np.int64], NDArray[Any]]):
    """`num_envs` copies of the task that `task_seed` draws; the step after an episode's end begins the next (NEXT_STEP).

    Copies share one random stream, so copy 0 is not what a single environment of the same seed would be.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(self, env: str, num_envs: int = 1, task_seed: int = 0, **settings: Any) -> None:
        task = self.task = task_of(env, task_seed, settings)
        self.num_envs = num_envs
        self.single_observation_space = observation_space(task)
        self.single_action_space = spaces.Discrete(task.num_actions)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._kernels = address(task.reset, RESET), address(task.step, STEP), address(task.observe, OBSERVE)
        self._state = np.zeros((num_envs, task.state_size))
        self._grid = np.zeros((num_envs, *task.grid_shape), np.uint8)
        self._steps, self._ended = np.zeros(num_envs, np.int64), np.zeros(num_envs, np.bool_)

    def reset(
        self,
        *,
        seed: int | None = None,
        options: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> tuple[Observation, dict[str, Any]]:
        """Start new episodes everywhere."""
        super().reset(seed=seed)
        return self._advance_all(np.zeros(self.num_envs, np.int64), True)[0], {}

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[Observation, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Take one action in each copy."""
        assert self.action_space.contains(actions), f"actions {actions!r}; allowed: {self.action_space}"
        return *self._advance_all(np.ascontiguousarray(actions, np.int64), False), {}

    def _advance_all(
        self, actions: NDArray[np.int64], begin: bool
    ) -> tuple[Observation, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        task, size = self.task, self.num_envs
        seen = np.empty((size, task.observation_size), np.float32)
        rewards, terminated, truncated = np.empty(size), np.empty(size, np.bool_), np.empty(size, np.bool_)
        began = self._ended.copy()
        _advance(
            *self._kernels,
            *(task.params, self._state, self._grid, actions, self._steps, task.horizon, begin),
            *(seen, rewards, terminated, truncated, self._ended, self.np_random),
        )
        paid = task.reward_scale * rewards + task.reward_offset
        return seen, np.where(began | begin, 0.0, paid), terminated, truncated
