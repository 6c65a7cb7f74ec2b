"""Tightrope against a plain statement of its rules, and its references against every walk there is."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.picture import picture
from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.plain import GRID, all_returns, follow

VARIANTS = [{}, {"length": 2, "cost": 0, "path": 0}, {"length": 9, "cost": 100, "path": 9}, {"length": 60}]


def task_of(options, seed):
    return make_task(EnvSpec.parse({"env": "Tightrope", **options}), seed)


def rules_of(task, options):
    """From the rules alone, but for the right actions, which the seed drew."""
    length, right = options.get("length", 8), task.params[3:].tolist()
    assert len(right) == length and set(right) <= {0, 1}

    def walk(chosen):
        rope = False
        for taken in range(length + 1):
            if taken > 0:
                wrong = chosen[taken - 1] != right[taken - 1]
                if taken == 1:
                    rope, wrong = not wrong, False
                reward = -options.get("cost", 5) / 10 if rope and wrong else 0.0
                if taken == length:
                    reward += 1.0 if rope else options.get("path", 5) / 10
                yield reward, taken == length
            yield [float(k == min(taken, length - 1)) for k in range(length)]

    return walk


@pytest.mark.parametrize("options", VARIANTS)
def test_every_walk_follows_the_rules(equality, options):
    same = equality("Tightrope", "its rules in plain Python")
    for seed in range(10):
        task = task_of(options, seed)
        for episode in range(30):
            follow(same, task, rules_of(task, options), episode)


@pytest.mark.parametrize("options", VARIANTS[:3])
def test_references_are_those_of_all_walks(options):
    for seed in range(3):
        task = task_of(options, seed)
        returns = all_returns(rules_of(task, options), 2, task.horizon)
        assert task.random_return == pytest.approx(np.mean(returns), abs=1e-9)
        assert task.optimal_return == max(returns)


def test_references_are_what_the_policies_earn(random_returns):
    for seed in range(30):
        task = task_of({"length": [2, 60], "cost": [0, 100], "path": [0, 9]}, seed)
        right = task.params[3:].astype(int).tolist()
        assert agrees(random_returns(task, 20_000), task.random_return, 4.5)
        assert set(returns_of(task, lambda _, taken, right=right: right[taken], 3)) == {task.optimal_return}


def test_exploring_makes_the_path_the_better_one():
    """What it is for: returns of who takes random actions say that the path is better; those of who stops, the rope."""
    task = task_of({"length": 6}, 0)
    right, chance = task.params[3:].astype(int).tolist(), np.random.default_rng(0)

    def begun(first):
        return lambda _, taken: first if taken == 0 else int(chance.integers(2))

    assert returns_of(task, begun(right[0]), 2000).mean() < 0.0 < returns_of(task, begun(1 - right[0]), 10).mean() == 0.5


def test_pictures_by_hand():
    task = task_of({"length": 4}, 0)
    assert picture(task, np.array([0.0, 0.0]), GRID) == "#...T\nx...G"
    assert picture(task, np.array([2.0, 1.0]), GRID) == "#.x.T\nS...G"
    assert picture(task, np.array([4.0, 0.0]), GRID) == "#...T\nS...x"
