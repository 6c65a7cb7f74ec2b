"""One of our environments beside Gymnasium's: a step from a state that the test puts in, and whole seeded episodes."""

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np

from rlsearch.envs import Task, environments
from tests.envs.conftest import Equality

Action = Callable[[int], Any]


def oracle_of(task: Task) -> gymnasium.Env[Any, Any]:
    """Gymnasium's environment that the card names, with its own horizon."""
    oracle = gymnasium.make(environments()[task.env].oracle, disable_env_checker=True)
    oracle.reset(seed=0)
    assert oracle.spec is not None and oracle.spec.max_episode_steps == task.horizon
    return oracle


def observation(task: Task, state: np.ndarray) -> np.ndarray:
    """What our kernel shows."""
    out = np.full(task.observation_size, np.nan, np.float32)
    task.observe(task.params, state, np.zeros(task.grid_shape, np.uint8), out)
    return out


def one_step(
    task: Task,
    oracle: Any,
    same: Equality,
    state: np.ndarray,
    action: int,
    rewards: Equality | None = None,
    theirs: Action = int,
) -> None:
    """Both from the same state, with the same action; `theirs` turns our action into Gymnasium's."""
    oracle.unwrapped.state = state.copy()
    seen, reward, stops, _, _ = oracle.unwrapped.step(theirs(action))
    grid = np.zeros(task.grid_shape, np.uint8)
    paid, terminated = task.step(task.params, state, grid, action, np.random.default_rng(0))
    assert terminated == stops
    (rewards or same).compare(paid, reward)
    same.compare(state, oracle.unwrapped.state)
    same.compare(observation(task, state), seen)


def episodes(
    task: Task,
    oracle: Any,
    same: Equality,
    seed: int,
    act: Callable[[np.ndarray], int],
    first: Equality | None = None,
    rewards: Equality | None = None,
    theirs: Action = int,
) -> None:
    """Three episodes of one seed from reset to their end; `first` compares observations after resets, `rewards` rewards."""
    rng, state, grid = np.random.default_rng(seed), np.full(task.state_size, np.nan), np.zeros(task.grid_shape, np.uint8)
    seen, _ = oracle.reset(seed=seed)
    for _ in range(3):
        task.reset(task.params, state, grid, rng)
        same.compare(state, oracle.unwrapped.state)
        (first or same).compare(observation(task, state), seen)
        for step in range(1, task.horizon + 1):
            action = act(state)
            seen, reward, stops, truncated, _ = oracle.step(theirs(action))
            paid, terminated = task.step(task.params, state, grid, action, rng)
            assert (terminated, step == task.horizon) == (stops, truncated)
            (rewards or same).compare(paid, reward)
            same.compare(state, oracle.unwrapped.state)
            same.compare(observation(task, state), seen)
            if terminated:
                break
        seen, _ = oracle.reset()
