"""Our environments for users of Gymnasium: `import rlsearch.envs.gym` registers `rlsearch/<id>` for every one of them.

    gymnasium.make("rlsearch/Garnet", states=12, task_seed=3)
    gymnasium.make_vec("rlsearch/CartPole-v1", 64)

Listing and training our environments needs no Gymnasium, whose import takes 0.3 s; hence a module of its own.
"""

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from rlsearch.envs.catalogue import environments
from rlsearch.envs.signature import Observation
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import Task, make_task

NAMESPACE = "rlsearch"


def task_of(env: str, task_seed: int, settings: dict[str, Any]) -> Task:
    """The task that keyword arguments of `gymnasium.make` mean: an environment's options, gamma, reward scale and offset."""
    return make_task(EnvSpec.parse({"env": env, **settings}), task_seed)


def observation_space(task: Task) -> spaces.Box:
    """The space of observations: float32 vectors without bounds."""
    return spaces.Box(-np.inf, np.inf, (task.observation_size,), np.float32)


class KernelEnv(gymnasium.Env[Any, Any]):
    """One of our environments, one step at a time.

    Args:
        env: its id.
        task_seed: for which the task is drawn: layouts, rewards, and what else the environment draws once.
        settings: its options.

    `reset(seed=...)` seeds what happens in it, with the stream that Gymnasium's own environments use; rewards are scaled as
    the settings ask. Episodes are truncated at the task's horizon. Nothing that is returned is used again.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  (Gymnasium's own form)

    def __init__(self, env: str, task_seed: int = 0, **settings: Any) -> None:
        self.task = task_of(env, task_seed, settings)
        self.observation_space = observation_space(self.task)
        self.action_space = spaces.Discrete(self.task.num_actions)
        self._state = np.zeros(self.task.state_size)
        self._grid = np.zeros(self.task.grid_shape, np.uint8)
        self._steps = 0

    def reset(
        self,
        *,
        seed: int | None = None,
        options: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> tuple[Observation, dict[str, Any]]:
        """Start a new episode."""
        super().reset(seed=seed)
        self._steps = 0
        self.task.reset(self.task.params, self._state, self._grid, self.np_random)
        return self._observe_state(), {}

    def step(self, action: np.int64 | int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take one action."""
        assert self.action_space.contains(action), f"action {action!r}; allowed: 0 to {self.task.num_actions - 1}"
        task = self.task
        reward, terminated = task.step(task.params, self._state, self._grid, int(action), self.np_random)
        self._steps += 1
        paid = task.reward_scale * reward + task.reward_offset
        return self._observe_state(), float(paid), bool(terminated), self._steps >= task.horizon, {}

    def _observe_state(self) -> Observation:
        out: NDArray[np.float32] = np.empty(self.task.observation_size, np.float32)
        self.task.observe(self.task.params, self._state, self._grid, out)
        return out


def _register() -> None:
    for env in environments():
        gymnasium.register(
            f"{NAMESPACE}/{env}",
            entry_point="rlsearch.envs.gym:KernelEnv",
            vector_entry_point="rlsearch.envs.gym_vector:KernelVectorEnv",
            kwargs={"env": env},
        )


_register()
