"""Episodes beside a plain statement of their rules, and every episode that there is, counted out."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from rlsearch.envs import Task
from tests.envs.conftest import Equality

GRID = np.zeros((1, 1, 1), np.uint8)
Rules = Callable[[list[int]], Iterator[Any]]  # seen, then for each action (reward, over) and seen, until it is over


def follow(same: Equality, task: Task, rules: Rules, episode: int) -> None:
    """Play one episode of random actions and compare all that it gives."""
    rng = np.random.default_rng(episode)
    state, out = np.full(task.state_size, np.nan), np.full(task.observation_size, np.nan, np.float32)
    actions = np.random.default_rng(episode + 1000).integers(task.num_actions, size=task.horizon).tolist()
    told = rules(actions)
    task.reset(task.params, state, GRID, rng)
    task.observe(task.params, state, GRID, out)
    same.compare(out, next(told))
    for action in actions:
        reward, over = task.step(task.params, state, GRID, action, rng)
        same.compare((reward, over), next(told))
        task.observe(task.params, state, GRID, out)
        same.compare(out, next(told))
        if over:
            break
    assert next(told, None) is None


def all_returns(rules: Rules, num_actions: int, length: int) -> list[float]:
    """The return of every sequence of actions by the rules, each as likely as another for the random policy."""
    return [sum(told[0] for told in list(rules(list(actions)))[1::2]) for actions in product(range(num_actions), repeat=length)]
