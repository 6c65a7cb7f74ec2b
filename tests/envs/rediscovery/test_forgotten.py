"""Forgotten against a plain statement of its rules."""

import numpy as np
import pytest

from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.walks import follow, one_hot, task_with


def rules(length, pays, played):
    """The first action is paid at the end; what is seen is how many steps were taken."""
    for taken in range(length):
        yield one_hot(taken, length)
        yield (pays[played[0]] if taken == length - 1 else 0.0), taken == length - 1
    yield one_hot(length - 1, length)


@pytest.mark.parametrize(("length", "actions"), [(8, 4), (2, 2), (60, 10)])
def test_every_episode_follows_the_rules(equality, length, actions):
    same = equality("Forgotten", "its rules in plain Python")
    for seed in range(30):
        task = task_with("Forgotten", seed, length=length, actions=actions)
        for first in range(actions):
            played = [first, *np.random.default_rng(seed).integers(actions, size=length - 1)]
            assert follow(same, task, rules(length, task.params[2:], played), played, seed)
        assert task.horizon == length


def test_first_actions_are_paid_equal_steps_from_one_end_to_the_other(random_returns):
    for seed in range(20):
        task = task_with("Forgotten", seed, actions=5)
        assert sorted(task.params[2:]) == pytest.approx([-1, -0.5, 0, 0.5, 1])
        best = int(task.params[2:].argmax())
        assert agrees(random_returns(task, 5000), task.random_return)
        assert set(returns_of(task, lambda *_, best=best: best, 2)) == {task.optimal_return}
    assert len({tuple(task_with("Forgotten", seed).params) for seed in range(50)}) > 10
