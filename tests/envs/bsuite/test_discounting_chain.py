"""DiscountingChain against a plain statement of bsuite's rules: it is deterministic, so all of it is checked."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)


def task_with(bonus):
    return make_task(EnvSpec.parse({"env": "DiscountingChain", "bonus": bonus}), 0)


@pytest.mark.parametrize("bonus", range(5))
@pytest.mark.parametrize("first", range(5))
def test_every_chain_follows_the_rules(equality, first, bonus):
    same, task = equality("DiscountingChain", "bsuite's rules in plain Python"), task_with(bonus)
    rng, state, out = np.random.default_rng(0), np.empty(2), np.full(2, np.nan, np.float32)
    task.reset(task.params, state, GRID, rng)
    task.observe(task.params, state, GRID, out)
    same.compare(out, (-1.0, 0.0))
    for taken in range(1, 101):
        action = first if taken == 1 else int(rng.integers(5))
        pays = taken == {0: 1, 1: 3, 2: 10, 3: 30, 4: 100}[first]
        reward = (1.0 + 0.1 if first == bonus else 1.0) if pays else 0.0
        same.compare(task.step(task.params, state, GRID, action, rng), (reward, taken == 100))
        task.observe(task.params, state, GRID, out)
        same.compare(out, np.float32([first, taken / 100]))


def test_references_are_what_the_policies_earn(random_returns):
    for seed in range(50):
        task = make_task(EnvSpec("DiscountingChain"), seed)
        best = int(task.params[5:].argmax())
        assert agrees(random_returns(task, 5000), task.random_return)
        assert agrees(returns_of(task, lambda _, __, best=best: best, 1), task.optimal_return)
        assert task.random_return == pytest.approx(np.mean(task.params[5:])) == 1.02


def test_any_action_may_be_the_one_that_pays_more():
    assert {int(make_task(EnvSpec("DiscountingChain"), seed).params[5:].argmax()) for seed in range(50)} == set(range(5))


def test_the_discount_below_which_patience_is_wrong():
    """The card's 0.99904: there, 1.1 after 100 steps is just worth more than 1 at once."""
    assert 1.1 * 0.99903**99 < 1.0 < 1.1 * 0.99904**99
