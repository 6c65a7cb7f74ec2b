"""BlindLock against a plain statement of its rules."""

from itertools import product

import numpy as np
import pytest

from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.walks import follow, task_with


def rules(needed, pay, pushing, vain, played, rng):
    """Rows of pushes, or a lottery; nothing is ever seen."""
    yield [1.0]
    row = 0
    for action in played:
        ticket, reward = rng.random(), 0.0
        if action == pushing:
            row, reward = row + 1, -1.0
            if ticket < 1 / needed if vain else row == needed:
                row, reward = 0, reward + pay
        else:
            row = 0
        yield reward, False
        yield [1.0]


@pytest.mark.parametrize("needed", [1, 3, 7, 10])
@pytest.mark.parametrize("vain", [0, 100])
def test_every_episode_follows_the_rules(equality, needed, vain):
    same = equality("BlindLock", "its rules in plain Python")
    task = task_with("BlindLock", needed=needed, vain=vain, pay=75, vain_pay=25, actions=3)
    pushing = int(task.params[2])
    for seed in range(60):
        rng = np.random.default_rng(seed)
        played = np.where(rng.random(30) < 0.8, pushing, rng.integers(3, size=30))
        told = rules(needed, 2.5 if vain else 7.5, pushing, vain, played, np.random.default_rng(seed))
        assert not follow(same, task, told, played, seed) and task.horizon == 30


@pytest.mark.parametrize(
    "options", [{}, {"needed": 5, "pay": 110}, {"needed": 1, "pay": 11}, {"needed": 7, "pay": 90, "actions": 5}]
)
def test_references_of_the_lock_are_what_the_policies_earn(random_returns, options):
    """The best rests where no whole row is left."""
    for seed in range(5):
        task = task_with("BlindLock", seed, **options)
        needed, pushing = int(task.params[0]), int(task.params[2])
        rest = (pushing + 1) % task.num_actions
        rows = 30 // needed * needed
        assert agrees(random_returns(task, 20_000), task.random_return)
        found = returns_of(task, lambda _, taken, rows=rows, pushing=pushing, rest=rest: pushing if taken < rows else rest, 3)
        assert found == pytest.approx(task.optimal_return)


@pytest.mark.parametrize(("vain_pay", "pays"), [(15, False), (40, True)])
def test_references_of_the_lottery_are_what_the_policies_earn(random_returns, vain_pay, pays):
    for seed in range(3):
        task = task_with("BlindLock", seed, vain=100, vain_pay=vain_pay)
        pushing = int(task.params[2])
        assert agrees(random_returns(task, 20_000), task.random_return)
        best = pushing if pays else 1 - pushing
        assert agrees(returns_of(task, lambda *_, best=best: best, 2000), task.optimal_return)


def test_no_other_play_is_better():
    """All plays of nine steps, for a row of three that pays two more than it costs: three rows earn six."""
    task = task_with("BlindLock", needed=3, pay=50)
    pushing, best = int(task.params[2]), -np.inf
    for play in product(range(2), repeat=9):
        state, rng = np.zeros(1), np.random.default_rng(0)
        steps = (task.step(task.params, state, np.zeros((1, 1, 1), np.uint8), int(push == pushing), rng) for push in play)
        best = max(best, sum(reward for reward, _ in steps))
    assert best == 6.0 == 9 / 30 * task.optimal_return


def test_seeds_are_a_lottery_as_often_as_asked():
    share = np.mean([task_with("BlindLock", seed, vain=40).params[3] for seed in range(400)])
    assert 0.3 < share < 0.5
    assert {int(task_with("BlindLock", seed, actions=4).params[2]) for seed in range(60)} == {0, 1, 2, 3}
