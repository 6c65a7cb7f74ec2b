"""Episodes beside a plain statement of the rules: first what is seen, then of each action what it brings and what is seen."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from rlsearch.envs import EnvSpec, Task, make_task

GRID = np.zeros((1, 1, 1), np.uint8)


def task_with(env: str, seed: int = 0, **options: Any) -> Task:
    """A task with options, drawn for a seed."""
    return make_task(EnvSpec.parse({"env": env, **options}), seed)


def one_hot(place: int, size: int) -> Any:
    """A 1 among zeros."""
    return np.eye(size, dtype=np.float32)[place]


def follow(same: Any, task: Task, told: Iterator[Any], actions: Iterable[int], seed: int) -> bool:
    """Play actions until the episode is over, comparing everything; whether it terminated."""
    rng, state, over = np.random.default_rng(seed), np.full(task.state_size, np.nan), False
    seen = np.full(task.observation_size, np.nan, np.float32)
    task.reset(task.params, state, GRID, rng)
    task.observe(task.params, state, GRID, seen)
    same.compare(seen, next(told))
    for action in actions:
        reward, over = task.step(task.params, state, GRID, int(action), rng)
        same.compare((reward, over), next(told))
        task.observe(task.params, state, GRID, seen)
        same.compare(seen, next(told))
        if over:
            break
    return over
