"""Ledge against a plain statement of its rules."""

import numpy as np
import pytest

from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.walks import follow, one_hot, task_with


def rules(length, sure, cost, leads, right, played):
    """The fork, then one of the ways to the end, or a fall."""
    yield one_hot(0, 2 * length)
    ledge = bool(leads[played[0]])
    for taken, action in enumerate(played, start=1):
        place = 2 * length - 1 if taken == length else taken + (length - 1) * ledge
        if taken > 1 and ledge and action != right[taken - 2]:
            yield -cost, True
        elif taken == length:
            yield 1.0 if ledge else sure, True
        else:
            yield 0.0, False
        yield one_hot(place, 2 * length)


@pytest.mark.parametrize(("length", "actions", "sure", "cost"), [(4, 4, 6, 5), (2, 2, 10, 0), (20, 3, 0, 100), (6, 10, 6, 20)])
def test_every_walk_follows_the_rules(equality, length, actions, sure, cost):
    same = equality("Ledge", "its rules in plain Python")
    for seed in range(40):
        task = task_with("Ledge", seed, length=length, actions=actions, sure=sure, cost=cost)
        leads, right = task.params[4 : 4 + actions], task.params[4 + actions :]
        rng = np.random.default_rng(seed)
        for _ in range(10):
            played = rng.integers(actions, size=length)
            played[1:] = np.where(rng.random(length - 1) < 0.8, right, played[1:])
            assert follow(same, task, rules(length, sure / 10, cost / 10, leads, right, played), played, seed)


@pytest.mark.parametrize("options", [{}, {"length": 2, "actions": 3}, {"length": 3, "actions": 2, "cost": 20, "sure": 1}])
def test_references_are_what_the_policies_earn(random_returns, options):
    for seed in range(10):
        task = task_with("Ledge", seed, **options)
        actions = task.num_actions
        walk = [int(task.params[4 : 4 + actions].argmax()), *task.params[4 + actions :].astype(int)]
        assert agrees(random_returns(task, 20_000), task.random_return)
        assert set(returns_of(task, lambda _, taken, walk=walk: walk[taken], 2)) == {task.optimal_return}


def test_half_of_the_first_actions_lead_to_the_ledge():
    assert {task_with("Ledge", seed, actions=5).params[4:9].sum() for seed in range(30)} == {2.0}
