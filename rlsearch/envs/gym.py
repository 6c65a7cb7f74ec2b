"""Our environments for users of Gymnasium: `import rlsearch.envs.gym` registers `rlsearch/<id>` for every one of them.

    gymnasium.make("rlsearch/Garnet", states=12, task_seed=3)
    gymnasium.make("rlsearch/CartPole-v1", render_mode="rgb_array")
    gymnasium.make_vec("rlsearch/CartPole-v1", 64)

Listing and training our environments needs no Gymnasium, whose import takes 0.3 s; hence a module of its own.
"""

from typing import Any

import gymnasium
import numpy as np
from gymnasium import logger, spaces
from gymnasium.error import InvalidAction, ResetNeeded
from numpy.typing import NDArray

from rlsearch.envs.catalogue import card_named, environments
from rlsearch.envs.frame import frame
from rlsearch.envs.picture import picture
from rlsearch.envs.signature import Observation
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import Task, make_task
from rlsearch.errors import SpaceError, did_you_mean, shown

NAMESPACE = "rlsearch"
RENDERERS = {"ansi": picture, "rgb_array": frame}
METADATA: dict[str, Any] = {"render_modes": [*RENDERERS], "render_fps": 4}


def task_of(env: str, task_seed: int, settings: dict[str, Any]) -> Task:
    """The task that keyword arguments of `gymnasium.make` mean: an environment's options, gamma, reward scale and offset."""
    if not isinstance(task_seed, int | np.integer) or task_seed < 0:
        raise SpaceError(f"task_seed is {shown(task_seed)}; allowed: a whole number from 0")
    return make_task(EnvSpec.parse({"env": env, **settings}), int(task_seed))


def observation_space(task: Task) -> spaces.Box:
    """The space of observations: float32 vectors within the bounds that the environment states."""
    low, high = (np.broadcast_to(end, task.observation_size) for end in (task.observation_low, task.observation_high))
    return spaces.Box(low.astype(np.float32), high.astype(np.float32), dtype=np.float32)


def metadata_of(task: Task, render_mode: str | None) -> dict[str, Any]:
    """Gymnasium's metadata of a task.

    Raises:
        SpaceError: there is no such mode of rendering.
    """
    if render_mode is not None and render_mode not in RENDERERS:
        raise SpaceError(f"render_mode is {shown(render_mode)}{did_you_mean(str(render_mode), RENDERERS)}")
    return {"render_modes": [*RENDERERS], "render_fps": card_named(task.env).fps}


def warn_of_ignored_options(options: dict[str, Any] | None) -> None:
    """Warn, in Gymnasium's way, of options of `reset` that mean nothing here."""
    if options:
        logger.warn(f"reset has no options {', '.join(map(repr, options))} here, and ignores them; settings belong into make()")


def warn_of_no_render_mode(maker: str, env: str) -> None:
    """Warn, as Gymnasium's own environments do, of `render` without a mode."""
    example = f'gymnasium.{maker}("{NAMESPACE}/{env}", render_mode="rgb_array")'
    logger.warn(f"render does nothing without a mode; type e.g. {example}")


class KernelEnv(gymnasium.Env[Any, Any]):
    """One of our environments, one step at a time.

    Args:
        env: its id.
        task_seed: for which the task is drawn: layouts, rewards, and what else the environment draws once.
        render_mode: `ansi` for a picture in characters, `rgb_array` for one in pixels, uint8 `[H, W, 3]`.
        settings: its options.

    `reset(seed=...)` seeds what happens in it, with the stream that Gymnasium's own environments use; rewards are scaled as
    the settings ask. An episode that has not terminated at the task's horizon is truncated; one that ends by itself there has
    terminated only. Nothing that is returned is used again. Copies and pickles go on from where they were made.

    Raises:
        SpaceError: there is no such environment, option or mode of rendering.
        ResetNeeded: a step or a picture before the first `reset`, or a step after an episode's end.
        InvalidAction: an action that is not a whole number of the action space.
    """

    metadata = METADATA

    def __init__(self, env: str, task_seed: int = 0, render_mode: str | None = None, **settings: Any) -> None:
        self._request = env, task_seed, settings
        task = self.task = task_of(*self._request)
        self.metadata = metadata_of(task, render_mode)
        self.render_mode = render_mode
        self.observation_space = observation_space(task)
        self.action_space = spaces.Discrete(task.num_actions)
        self._state = np.zeros(task.state_size)
        self._grid = np.zeros(task.grid_shape, np.uint8)
        self._steps, self._begun, self._over = 0, False, True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Start a new episode; a seed starts the stream of chance anew, without one it goes on. No options are known."""
        super().reset(seed=seed)
        warn_of_ignored_options(options)
        self._steps, self._begun, self._over = 0, True, False
        self.task.reset(self.task.params, self._state, self._grid, self.np_random)
        return self._observe_state(), {}

    def step(self, action: np.integer[Any] | int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take one action."""
        if self._over:
            met = "the episode is over" if self._begun else "no episode has begun"
            raise ResetNeeded(f"{self.task.env}: {met}; call reset()")
        if not self.action_space.contains(action):
            last = self.task.num_actions - 1
            raise InvalidAction(f"{self.task.env}: action is {shown(action)}; allowed: a whole number from 0 to {last}")
        task = self.task
        reward, ended = task.step(task.params, self._state, self._grid, int(action), self.np_random)
        self._steps += 1
        terminated = bool(ended)
        truncated = not terminated and self._steps >= task.horizon
        self._over = terminated or truncated
        paid = task.reward_scale * reward + task.reward_offset
        return self._observe_state(), float(paid), terminated, truncated, {}

    def render(self) -> Any:
        """The state as text or as uint8 `[H, W, 3]`, by the mode that was asked for; None without one."""
        if self.render_mode is None:
            return warn_of_no_render_mode("make", self.task.env)
        if not self._begun:
            raise ResetNeeded(f"{self.task.env}: no episode has begun; call reset()")
        return RENDERERS[self.render_mode](self.task, self._state, self._grid)

    def _observe_state(self) -> Observation:
        out: NDArray[np.float32] = np.empty(self.task.observation_size, np.float32)
        self.task.observe(self.task.params, self._state, self._grid, out)
        return out

    def __getstate__(self) -> dict[str, Any]:
        """All but the task, which is drawn again: compiled kernels do not travel."""
        return {name: value for name, value in vars(self).items() if name != "task"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        vars(self).update(state)
        self.task = task_of(*self._request)


def _register() -> None:
    for env in environments():
        gymnasium.register(
            f"{NAMESPACE}/{env}",
            entry_point="rlsearch.envs.gym:KernelEnv",
            vector_entry_point="rlsearch.envs.gym_vector:KernelVectorEnv",
            kwargs={"env": env},
        )


_register()
