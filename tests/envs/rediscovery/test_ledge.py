"""Ledge against a plain statement of its rules, and its references against every walk there is."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.picture import picture
from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.plain import GRID, all_returns, follow

VARIANTS = [
    {},
    {"length": 2, "actions": 2, "sure": 0, "cost": 0},
    {"length": 7, "actions": 3, "sure": 10, "cost": 100},
    {"length": 20, "actions": 10, "sure": 3},
]


def task_of(options, seed):
    return make_task(EnvSpec.parse({"env": "Ledge", **options}), seed)


def rules_of(task, options):
    """From the rules alone, but for what the seed drew: the actions to the ledge, and the right ones along it."""
    length, actions = options.get("length", 4), options.get("actions", 4)
    leads = [bool(mark) for mark in task.params[4 : 4 + actions]]
    right = [int(action) for action in task.params[4 + actions :]]
    assert sum(leads) == actions // 2 and len(right) == length - 1 and set(right) <= set(range(actions))
    places = ["fork", *(f"{way} {k}" for way in ("sure", "ledge") for k in range(1, length)), "end"]

    def walk(chosen):
        def seen(name):
            return [float(name == place) for place in places]

        yield seen("fork")
        way = "ledge" if leads[chosen[0]] else "sure"
        yield 0.0, False
        yield seen(f"{way} 1")
        for k in range(1, length):
            if way == "ledge" and chosen[k] != right[k - 1]:
                yield -options.get("cost", 5) / 10, True
                yield seen("end")
                return
            last = k == length - 1
            yield (1.0 if way == "ledge" else options.get("sure", 6) / 10) if last else 0.0, last
            yield seen("end" if last else f"{way} {k + 1}")

    return walk


@pytest.mark.parametrize("options", VARIANTS)
def test_every_walk_follows_the_rules(equality, options):
    same = equality("Ledge", "its rules in plain Python")
    for seed in range(10):
        task = task_of(options, seed)
        for episode in range(30):
            follow(same, task, rules_of(task, options), episode)


@pytest.mark.parametrize("options", [{}, *VARIANTS[1:3], {"actions": 5, "length": 5, "sure": 9}])
def test_references_are_those_of_all_walks(options):
    for seed in range(3):
        task = task_of(options, seed)
        returns = all_returns(rules_of(task, options), task.num_actions, task.horizon)
        assert task.random_return == pytest.approx(np.mean(returns), abs=1e-12)
        assert task.optimal_return == max(returns)


def test_references_are_what_the_policies_earn(random_returns):
    for seed in range(20):
        task = task_of({"length": [2, 20], "actions": [2, 10], "sure": [0, 10], "cost": [0, 100]}, seed)
        first = int(np.flatnonzero(task.params[4 : 4 + task.num_actions])[0])
        right = [first, *map(int, task.params[4 + task.num_actions :])]
        unseen = 5 * (1 + task.params[3]) / 20_000
        assert agrees(random_returns(task, 20_000), task.random_return, 4.5, unseen)
        assert set(returns_of(task, lambda _, taken, right=right: right[taken], 3)) == {task.optimal_return}


def test_exploring_makes_the_sure_way_the_better_one():
    """What it is for: who takes a random action in three steps of ten earns more on the sure way, and less once he stops."""
    task = task_of({"cost": 20}, 0)
    first, sure = (int(np.flatnonzero(task.params[4:8] == way)[0]) for way in (1.0, 0.0))
    right, chance = [first, *map(int, task.params[8:])], np.random.default_rng(0)

    def exploring(begin):
        return lambda _, taken: begin if taken == 0 else int(chance.integers(4)) if chance.random() < 0.3 else right[taken]

    assert returns_of(task, exploring(first), 2000).mean() < 0.3 and set(returns_of(task, exploring(sure), 10)) == {0.6}


def test_pictures_by_hand():
    task = task_of({}, 0)
    for state, text in (
        ((0, 0), "x...G\n#...T\n#CCCC"),
        ((2, 0), "S.x.G\n#...T\n#CCCC"),
        ((3, 1), "S...G\n#..xT\n#CCCC"),
        ((4, 1), "S...G\n#...x\n#CCCC"),
        ((2, 2), "S...G\n#...T\n#CxCC"),
    ):
        assert picture(task, np.array(state, np.float64), GRID) == text
