"""Episodes of any policy that looks at the state, in plain Python, and whether returns agree with a reference."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs import Task

Array = NDArray[np.float64]


def returns_of(task: Task, choose: Callable[[Array, int], int], episodes: int, seed: int = 0) -> Array:
    """Raw undiscounted returns of the policy `choose(state, steps taken) -> action`."""
    rng, state, grid = np.random.default_rng(seed), np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    returns = np.zeros(episodes)
    for episode in range(episodes):
        task.reset(task.params, state, grid, rng)
        for taken in range(task.horizon):
            reward, terminated = task.step(task.params, state, grid, int(choose(state, taken)), rng)
            returns[episode] += reward
            if terminated:
                break
    return returns


def agrees(returns: Array, reference: float, standard_errors: float = 4.0, unseen: float = 0.0) -> bool:
    """Whether the mean is that close to the reference; `unseen`: what an event too rare for these episodes may add."""
    error = returns.std() / np.sqrt(len(returns))
    return bool(abs(returns.mean() - reference) <= standard_errors * error + unseen + 1e-9)
