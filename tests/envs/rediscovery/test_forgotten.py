"""Forgotten against a plain statement of its rules, and its references against every episode there is."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.picture import picture
from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.plain import GRID, all_returns, follow

VARIANTS = [{}, {"length": 2, "actions": 2}, {"length": 5, "actions": 3}, {"length": 60, "actions": 10}]


def task_of(options, seed):
    return make_task(EnvSpec.parse({"env": "Forgotten", **options}), seed)


def rules_of(task, options):
    """From the rules alone, but for the order of the pays, which the seed drew."""
    length, actions = options.get("length", 8), options.get("actions", 4)
    pays = [float(pay) for pay in task.params[1:]]
    assert np.allclose(sorted(pays), [2 * k / (actions - 1) - 1 for k in range(actions)])

    def episode(chosen):
        for taken in range(length + 1):
            if taken > 0:
                yield (pays[chosen[0]], True) if taken == length else (0.0, False)
            yield [float(k == min(taken, length - 1)) for k in range(length)]

    return episode


@pytest.mark.parametrize("options", VARIANTS)
def test_every_episode_follows_the_rules(equality, options):
    same = equality("Forgotten", "its rules in plain Python")
    for seed in range(10):
        task = task_of(options, seed)
        for episode in range(30):
            follow(same, task, rules_of(task, options), episode)


@pytest.mark.parametrize("options", [VARIANTS[1], VARIANTS[2], {"length": 3, "actions": 10}])
def test_references_are_those_of_all_episodes(options):
    for seed in range(3):
        task = task_of(options, seed)
        returns = all_returns(rules_of(task, options), task.num_actions, task.horizon)
        assert task.random_return == pytest.approx(np.mean(returns), abs=1e-12)
        assert task.optimal_return == max(returns)


def test_references_are_what_the_policies_earn(random_returns):
    best = set()
    for seed in range(30):
        task = task_of({"length": [2, 60], "actions": [2, 10]}, seed)
        right = int(task.params[1:].argmax())
        best.add(right)
        assert agrees(random_returns(task, 20_000), task.random_return, 4.5)
        assert set(returns_of(task, lambda _, __, right=right: right, 3)) == {task.optimal_return}
    assert len(best) > 4


def test_nothing_between_tells_the_first_action():
    """What it is for: what is bootstrapped from the second state on is the same for every first action."""
    task = task_of({}, 0)
    seen = []
    for first in range(4):
        state, out = np.zeros(2), np.empty(8, np.float32)
        trace = []
        for action in (first, *(0,) * 6):
            reward, _ = task.step(task.params, state, GRID, action, np.random.default_rng(0))
            task.observe(task.params, state, GRID, out)
            trace.append((reward, out.tobytes()))
        seen.append(trace)
    assert all(trace == seen[0] for trace in seen)


def test_pictures_by_hand():
    task = task_of({"length": 4, "actions": 3}, 0)
    assert picture(task, np.array([0.0, 0.0]), GRID) == "x....\n.....\n....."
    assert picture(task, np.array([2.0, 1.0]), GRID) == ".....\n..x..\n....."
    assert picture(task, np.array([4.0, 2.0]), GRID) == ".....\n.....\n....x"
