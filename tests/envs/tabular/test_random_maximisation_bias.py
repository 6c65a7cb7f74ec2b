"""RandomMaximisationBias: what its card promises, for many seeds."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

TASKS = [make_task(EnvSpec("RandomMaximisationBias"), seed) for seed in range(50)]


@pytest.mark.parametrize("seed", range(50))
def test_references_are_what_the_policies_earn(random_returns, seed):
    task = TASKS[seed]
    mean, goes_left = task.params[0], task.params[3:]
    assert goes_left.sum() == task.num_actions // 2
    best = int(np.flatnonzero(goes_left == (mean > 0))[0])
    assert agrees(random_returns(task, 100_000), task.random_return)
    assert agrees(returns_of(task, lambda _, __: best, 2000, seed), task.optimal_return)
    assert task.optimal_return > task.random_return


def test_everything_is_drawn():
    mean, spread = np.array([task.params[:2] for task in TASKS]).T
    assert 15 <= (mean > 0).sum() <= 35
    assert ((abs(mean) >= 0.1) & (abs(mean) <= 0.5)).all() and np.ptp(abs(mean)) > 0.3
    assert ((spread >= 0.05) & (spread <= 2.0)).all() and np.ptp(spread) > 1.5
    assert {task.num_actions for task in TASKS} >= set(range(3, 16))
    first = [bool(task.params[3]) for task in TASKS]  # which side the first action takes
    assert 10 <= sum(first) <= 40
