"""Ledger against a plain statement of its rules, and its references against the pays that a seed drew."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.picture import picture
from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.plain import GRID, follow

VARIANTS = [{}, {"contexts": 1, "actions": 2, "size": 0}, {"contexts": 64, "actions": 20, "chance": 500}, {"chance": 0}]


def task_of(options, seed):
    return make_task(EnvSpec.parse({"env": "Ledger", **options}), seed)


def rules_of(task, options, twin):
    """From the rules alone, but for the pays, which the seed drew; `twin` gives the episode's chances."""
    contexts, actions = options.get("contexts", 8), options.get("actions", 4)
    pays = task.params[4:].reshape(contexts, actions).tolist()

    def episode(chosen):
        context = int(contexts * twin.random())
        yield [float(k == context) for k in range(contexts + 1)]
        uniform, half = twin.random(), options.get("chance", 20) / 2000
        error = options.get("size", 100) * (int(uniform < half) - int(half <= uniform < 2 * half))
        yield pays[context][chosen[0]] + error, False
        yield [0.0] * contexts + [1.0]
        yield -error, True
        yield [0.0] * contexts + [1.0]

    return episode


@pytest.mark.parametrize("options", VARIANTS)
def test_every_episode_follows_the_rules(equality, options):
    same = equality("Ledger", "its rules in plain Python")
    for seed in range(10):
        task = task_of(options, seed)
        assert task.horizon == 2
        for episode in range(50):
            follow(same, task, rules_of(task, options, np.random.default_rng(episode)), episode)


@pytest.mark.parametrize("options", VARIANTS)
def test_references_are_what_the_policies_earn(random_returns, options):
    contexts = options.get("contexts", 8)
    for seed in range(5):
        task = task_of(options, seed)
        pays = task.params[4:].reshape(contexts, -1).tolist()
        assert task.random_return == pytest.approx(sum(sum(row) / len(row) for row in pays) / contexts)
        assert task.optimal_return == pytest.approx(sum(max(row) for row in pays) / contexts)
        best = [row.index(max(row)) for row in pays] + [0]
        assert agrees(random_returns(task, 100_000), task.random_return, 4.5)
        assert agrees(returns_of(task, lambda state, _, best=best: best[int(state[0])], 2000, seed), task.optimal_return, 4.5)


def test_errors_are_huge_rare_and_taken_back():
    """What it is for: a transition may hold an error far beyond any pay, a return never does."""
    task, rng = task_of({}, 0), np.random.default_rng(0)
    state, first, both = np.zeros(2), [], []
    for _ in range(20_000):
        task.reset(task.params, state, GRID, rng)
        first.append(task.step(task.params, state, GRID, 0, rng)[0])
        both.append(first[-1] + task.step(task.params, state, GRID, 0, rng)[0])
    assert 0.016 < np.mean(np.abs(first) > 90) < 0.024 and 0.35 < np.mean(np.array(first)[np.abs(first) > 90] > 0) < 0.65
    assert np.abs(both).max() < 5


def test_pictures_by_hand():
    task = task_of({"contexts": 4}, 0)
    for state, text in (((2, 0), "..x.\n.###"), ((4, 0), "....\nx###"), ((4, 100), "....\n+###"), ((4, -100), "....\n-###")):
        assert picture(task, np.array(state, np.float64), GRID) == text
