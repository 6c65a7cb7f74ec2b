"""Any environment of Gymnasium's with a Box or Discrete observation and Discrete actions, for trainers that step in Python.

task = adapted("LunarLander-v3")
observation = task.reset(seed=0)
observation, reward, terminated, truncated = task.step(2)
"""

import inspect
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from rlsearch.envs.card import Card
from rlsearch.envs.signature import Observation
from rlsearch.errors import SpaceError


@dataclass(frozen=True, eq=False)
class ForeignTask:
    """One of Gymnasium's environments with vectors to see and numbers from 0 to act with.

    Attributes:
        env: it, with its wrappers; truncation is what they say.
        card: what is known of it.
        observation_size: length of the float32 observation: a flattened Box, or the one-hot of a Discrete number.
        num_actions: actions are 0 .. num_actions - 1.
    """

    env: gymnasium.Env[Any, Any]
    card: Card
    observation_size: int
    num_actions: int

    def reset(self, seed: int | None = None) -> Observation:
        """A new episode; its first observation `[O]`."""
        return self._seen(self.env.reset(seed=seed)[0])

    def step(self, action: int) -> tuple[Observation, float, bool, bool]:
        """Observation `[O]`, raw reward, terminated, truncated."""
        start = int(getattr(self.env.action_space, "start", 0))
        seen, reward, terminated, truncated, _ = self.env.step(start + action)
        return self._seen(seen), float(reward), bool(terminated), bool(truncated)

    def _seen(self, observation: Any) -> Observation:
        space = self.env.observation_space
        if isinstance(space, spaces.Discrete):
            out = np.zeros(self.observation_size, np.float32)
            out[int(observation) - int(space.start)] = 1.0
            return out
        return np.array(observation, np.float32).ravel()


def adapted(env: str | gymnasium.Env[Any, Any], **settings: Any) -> ForeignTask:
    """Adapt an environment, or the one that `gymnasium.make(env, **settings)` makes.

    Raises:
        SpaceError: it cannot be made, or has other spaces.
    """
    if isinstance(env, str):
        try:
            env = gymnasium.make(env, **settings)
        except (gymnasium.error.Error, TypeError, ImportError) as error:
            raise SpaceError(f"gymnasium cannot make '{env}': {str(error).splitlines()[0]}") from None
    seen, acts = env.observation_space, env.action_space
    name = env.spec.id if env.spec else type(env.unwrapped).__name__
    if not isinstance(acts, spaces.Discrete):
        raise SpaceError(f"{name} has {acts} actions; allowed: Discrete (try gymnasium.wrappers.DiscretizeAction)")
    if not isinstance(seen, spaces.Box | spaces.Discrete):
        raise SpaceError(f"{name} has {type(seen).__name__} observations; allowed: Box or Discrete (try FlattenObservation)")
    size = int(seen.n) if isinstance(seen, spaces.Discrete) else int(np.prod(seen.shape))
    return ForeignTask(env, _card(name, env, size), size, int(acts.n))


def _card(name: str, env: gymnasium.Env[Any, Any], size: int) -> Card:
    spec = env.spec
    threshold = spec.reward_threshold if spec else None
    about = inspect.getdoc(type(env.unwrapped)) or name
    lines = [line.strip() for line in about.splitlines() if line.strip() and not line.startswith("#")]
    return Card(
        id=name,
        module=type(env.unwrapped).__module__,
        doc=f"{(lines or [name])[0].split('. ')[0].removesuffix('.')}.",
        source=f"Gymnasium {gymnasium.__version__}",
        skills=(),
        actions=str(env.action_space),
        observation=f"{size}: {env.observation_space}",
        reward="as the environment pays it",
        references="unknown" if threshold is None else f"solved at a mean return of {threshold:g}, as its authors say",
        horizon=(spec.max_episode_steps if spec else None) or 0,
        gamma=0.99,
        oracle=name,
    )
