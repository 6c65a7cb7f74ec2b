"""Ledger against a plain statement of its rules."""

import numpy as np
import pytest

from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.walks import follow, one_hot, task_with


def rules(contexts, actions, size, chance, pay, played, rng):
    """A context, its pay with an error, and the correction."""
    context = int(rng.random() * contexts)
    yield one_hot(context, contexts + 1)
    drawn = rng.random()
    error = {True: size, False: -size}[drawn < chance / 2] if drawn < chance else 0
    yield pay[context][played[0]] + error, False
    yield one_hot(contexts, contexts + 1)
    rng.random()
    yield -error, True
    yield one_hot(contexts, contexts + 1)


@pytest.mark.parametrize(
    ("contexts", "actions", "size", "chance"), [(8, 4, 100, 20), (1, 2, 5, 500), (64, 20, 0, 0), (3, 3, 7, 100)]
)
def test_every_episode_follows_the_rules(equality, contexts, actions, size, chance):
    same = equality("Ledger", "its rules in plain Python")
    task = task_with("Ledger", contexts=contexts, actions=actions, size=size, chance=chance)
    pay = task.params[4:].reshape(contexts, actions)
    for seed in range(300):
        played = np.random.default_rng(seed).integers(actions, size=2)
        told = rules(contexts, actions, size, chance / 1000, pay, played, np.random.default_rng(seed))
        assert follow(same, task, told, played, seed) and task.horizon == 2


def test_references_are_what_the_policies_earn(random_returns):
    for seed in range(20):
        task = task_with("Ledger", seed)
        best = task.params[4:].reshape(8, 4).argmax(axis=1)
        assert agrees(random_returns(task, 5000), task.random_return)
        assert agrees(returns_of(task, lambda state, _, best=best: best[int(state[0]) % 8], 1000), task.optimal_return)


def test_an_episodes_return_holds_no_error():
    task = task_with("Ledger", size=10_000, chance=500)
    found = returns_of(task, lambda *_: 1, 200)
    assert {round(value, 6) for value in found} <= {round(value, 6) for value in task.params[4:].reshape(8, 4)[:, 1]}
