"""Tightrope against a plain statement of its rules."""

import numpy as np
import pytest

from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.walks import follow, one_hot, task_with


def rules(length, cost, path, right, played):
    """The first action chooses the rope or the path; wrong steps on the rope cost."""
    rope = played[0] == right[0]
    for taken, action in enumerate(played):
        yield one_hot(taken, length)
        reward = -cost if rope and action != right[taken] else 0.0
        if taken == length - 1:
            reward += 1.0 if rope else path
        yield reward, taken == length - 1
    yield one_hot(length - 1, length)


@pytest.mark.parametrize(("length", "cost", "path"), [(8, 5, 5), (2, 0, 0), (60, 100, 9), (6, 5, 5)])
def test_every_walk_follows_the_rules(equality, length, cost, path):
    same = equality("Tightrope", "its rules in plain Python")
    for seed in range(30):
        task = task_with("Tightrope", seed, length=length, cost=cost, path=path)
        rng = np.random.default_rng(seed)
        for _ in range(10):
            played = rng.integers(2, size=length)
            assert follow(same, task, rules(length, cost / 10, path / 10, task.params[3:], played), played, seed)


@pytest.mark.parametrize("options", [{}, {"length": 6, "cost": 20, "path": 9}, {"length": 2}])
def test_references_are_what_the_policies_earn(random_returns, options):
    for seed in range(10):
        task = task_with("Tightrope", seed, **options)
        right = task.params[3:].astype(int)
        assert agrees(random_returns(task, 20_000), task.random_return)
        assert set(returns_of(task, lambda _, taken, right=right: right[taken], 2)) == {task.optimal_return}
        wrong_first = [1 - right[0], *right[1:]]
        paid = returns_of(task, lambda _, taken, walk=wrong_first: walk[taken], 2)
        assert paid == pytest.approx(task.params[2]) and task.params[2] < task.optimal_return
