"""Many copies of one of our environments, stepped by one compiled loop."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.error import InvalidAction, ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from rlsearch.envs.gym import (
    METADATA,
    RENDERERS,
    metadata_of,
    observation_space,
    task_of,
    warn_of_ignored_options,
    warn_of_no_render_mode,
)
from rlsearch.envs.gym_loop import advance, begin
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Observation
from rlsearch.errors import SpaceError, did_you_mean, shown
from rlsearch.numba_support.call_by_address import address
from rlsearch.numba_support.streams import state_addresses

Flags = NDArray[np.bool_]
Seeds = int | Sequence[int | None] | None


class KernelVectorEnv(VectorEnv[Observation, NDArray[np.int64], NDArray[Any]]):
    """`num_envs` copies of the task that `task_seed` draws: step by step what Gymnasium's SyncVectorEnv makes of single ones.

    Args:
        env: the environment's id.
        num_envs: number of copies.
        task_seed: for which the task is drawn.
        render_mode: `ansi` or `rgb_array`; `render()` gives one picture for each copy.
        autoreset_mode: what follows an episode's end, as Gymnasium's `AutoresetMode` or its value: the next step begins a new
            episode (`NextStep`); the same step does, and the infos hold `final_obs` and `final_info` (`SameStep`); nothing
            (`Disabled`), until `reset(options={"reset_mask": mask})`, which any mode takes.
        max_episode_steps: truncates episodes earlier than the task's horizon does.
        settings: the environment's options.

    `reset(seed=7)` seeds the copies with 7, 8, 9 and so on, a list of seeds each with its own; each copy draws from a stream
    of its own. Copies and pickles go on from where they were made.

    Raises:
        SpaceError: an argument that is not allowed.
        ResetNeeded: a step or a picture before the first `reset`, or a step after an end where nothing resets by itself.
        InvalidAction: actions outside the action space.
    """

    metadata = METADATA | {"autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        env: str,
        num_envs: int = 1,
        task_seed: int = 0,
        render_mode: str | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        max_episode_steps: int | None = None,
        **settings: Any,
    ) -> None:
        _refuse_no_count("num_envs", num_envs)
        self._request = env, task_seed, settings
        self._prepare()
        task = self.task
        self._horizon = task.horizon
        if max_episode_steps is not None:
            _refuse_no_count("max_episode_steps", max_episode_steps)
            self._horizon = min(task.horizon, max_episode_steps)
        self.num_envs = num_envs
        self.autoreset_mode = _mode(autoreset_mode)
        self.metadata = metadata_of(task, render_mode) | {"autoreset_mode": self.autoreset_mode}
        self.render_mode = render_mode
        self.single_observation_space = observation_space(task)
        self.single_action_space = spaces.Discrete(task.num_actions)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._state = np.zeros((num_envs, task.state_size))
        self._grid = np.zeros((num_envs, *task.grid_shape), np.uint8)
        self._steps, self._over, self._begun = np.zeros(num_envs, np.int64), np.zeros(num_envs, np.bool_), False
        self._streams = [seeding.np_random() for _ in range(num_envs)]
        self._addresses = state_addresses(self.np_random)

    def _prepare(self) -> None:
        """Draw the task and find its kernels."""
        task = self.task = task_of(*self._request)
        self._kernels = address(task.reset, RESET), address(task.step, STEP), address(task.observe, OBSERVE)

    @property  # type: ignore[misc]  # it cannot be set: neither can that of Gymnasium's SyncVectorEnv
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The generator of each copy, as in Gymnasium's SyncVectorEnv."""
        return tuple(stream for stream, _ in self._streams)

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """The seed of each copy."""
        return tuple(seed for _, seed in self._streams)

    def reset(self, *, seed: Seeds = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Start new episodes everywhere, or where the option `reset_mask`, bool `[num_envs]`, is true; the others go on."""
        others = dict(options or {})
        begins = self._checked_mask(others.pop("reset_mask", np.ones(self.num_envs, np.bool_)))
        warn_of_ignored_options(others)
        for i, own in enumerate(self._seed_of_each(seed)):
            if own is not None and begins[i]:
                self._streams[i] = seeding.np_random(own)
        self._addresses = state_addresses(self.np_random)
        self._begun = True
        self._over[begins] = False
        seen = np.empty((self.num_envs, self.task.observation_size), np.float32)
        reset, _, observe = self._kernels
        begin(reset, observe, *self._episodes(), begins, seen, *self._chance())
        return seen, {}

    def step(self, actions: NDArray[np.int64]) -> tuple[Observation, NDArray[np.float64], Flags, Flags, dict[str, Any]]:
        """Take one action in each copy."""
        task, size = self.task, self.num_envs
        if not self._begun:
            raise ResetNeeded(f"{task.env}: no episode has begun; call reset()")
        if not self.action_space.contains(actions):
            wanted = f"{size} whole numbers from 0 to {task.num_actions - 1}"
            raise InvalidAction(f"{task.env}: actions are {shown(actions)}; allowed: {wanted}")
        if self.autoreset_mode == AutoresetMode.DISABLED and self._over.any():
            over = np.flatnonzero(self._over).tolist()
            raise ResetNeeded(f"{task.env}: episodes of copies {over} are over; call reset(options={{'reset_mask': mask}})")
        same_step = self.autoreset_mode == AutoresetMode.SAME_STEP
        seen = np.empty((size, task.observation_size), np.float32)
        final = np.empty((size * same_step, task.observation_size), np.float32)
        rewards, terminated, truncated = np.empty(size), np.empty(size, np.bool_), np.empty(size, np.bool_)
        advance(
            *(*self._kernels, *self._episodes(), self._over, np.ascontiguousarray(actions, np.int64), self._horizon),
            *(seen, final, rewards, terminated, truncated, *self._chance()),
        )
        paid = np.where(self._over, 0.0, task.reward_scale * rewards + task.reward_offset)
        ended, infos = terminated | truncated, dict[str, Any]()
        if same_step:
            for i in np.flatnonzero(ended).tolist():
                infos = self._add_info(infos, {"final_obs": final[i].copy(), "final_info": {}}, i)
        else:
            self._over = ended
        return seen, paid, terminated, truncated, infos

    def render(self) -> Any:
        """A picture of each copy, as text or as uint8 `[H, W, 3]`, by the mode that was asked for; None without one."""
        if self.render_mode is None:
            return warn_of_no_render_mode("make_vec", self.task.env)
        if not self._begun:
            raise ResetNeeded(f"{self.task.env}: no episode has begun; call reset()")
        draw = RENDERERS[self.render_mode]
        return tuple(draw(self.task, state, grid) for state, grid in zip(self._state, self._grid, strict=True))

    def _episodes(self) -> tuple[NDArray[Any], ...]:
        return self.task.params, self._state, self._grid, self._steps

    def _chance(self) -> tuple[np.random.Generator, NDArray[np.int64]]:
        return self._streams[0][0], self._addresses

    def _checked_mask(self, mask: object) -> Flags:
        if not isinstance(mask, np.ndarray) or mask.shape != (self.num_envs,) or mask.dtype != np.bool_ or not mask.any():
            raise SpaceError(f"reset_mask is {shown(mask)}; allowed: a bool array [{self.num_envs}] that is true somewhere")
        if not (self._begun or mask.all()):
            raise ResetNeeded(f"{self.task.env}: no episode has begun; call reset() without a mask first")
        return mask

    def _seed_of_each(self, seed: Seeds) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + i for i in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise SpaceError(f"seed has {len(seed)} entries; allowed: one for each of {self.num_envs} copies, or one number")
        return list(seed)

    def __getstate__(self) -> dict[str, Any]:
        """All but the task, which is drawn again, and addresses, which hold in this process for these objects alone."""
        return {name: value for name, value in vars(self).items() if name not in ("task", "_kernels", "_addresses")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        vars(self).update(state)
        self._prepare()
        self._addresses = state_addresses(self.np_random)


def _refuse_no_count(name: str, given: object) -> None:
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
        raise SpaceError(f"{name} is {shown(given)}; allowed: a whole number from 1")


def _mode(given: AutoresetMode | str) -> AutoresetMode:
    try:
        return AutoresetMode(given)
    except ValueError:
        modes = [mode.value for mode in AutoresetMode]
        raise SpaceError(f"autoreset_mode is {shown(given)}{did_you_mean(str(given), modes)}") from None
