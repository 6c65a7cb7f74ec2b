"""BlindLock against a plain statement of its rules, and its references in exact fractions, from the end backwards."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.picture import picture
from tests.envs.play import agrees, returns_of
from tests.envs.rediscovery.plain import GRID, follow

LOTTERY = {"vain": 100}
VARIANTS = [{}, {"needed": 10, "pay": 500, "actions": 8}, {"needed": 7}, LOTTERY, {**LOTTERY, "needed": 2, "vain_pay": 15}]
PAID = [{}, {"pay": 1}, {"needed": 4, "pay": 60}, {"needed": 8, "pay": 110}, {"needed": 10, "pay": 500, "actions": 8}]


def task_of(options, seed=0):
    return make_task(EnvSpec.parse({"env": "BlindLock", **options}), seed)


def rules_of(task, options, twin):
    """From the rules alone, but for the action that pushes, which the seed drew; `twin` gives the episode's chances."""
    needed, pushes = options.get("needed", 3), int(task.params[2])
    vain = bool(options.get("vain"))
    pay = options.get("vain_pay", 20) / 10 if vain else options.get("pay", 50) / 10

    def episode(chosen):
        row = 0
        yield [1.0]
        for action in chosen:
            uniform = twin.random()
            row = row + 1 if action == pushes else 0
            paid = row > 0 and (uniform < 1 / needed if vain else row == needed)
            row = 0 if paid else row
            yield (pay if paid else 0.0) - (1.0 if action == pushes else 0.0), False
            yield [1.0]

    return episode


@pytest.mark.parametrize("options", VARIANTS)
def test_every_episode_follows_the_rules(equality, options):
    same = equality("BlindLock", "its rules in plain Python")
    for seed in range(10):
        task = task_of(options, seed)
        assert task.horizon == 30
        for episode in range(30):
            follow(same, task, rules_of(task, options, np.random.default_rng(episode)), episode)


def exact_return(push: Fraction, needed: int, pay: Fraction) -> Fraction:
    """Of a policy that pushes with this chance: what is still to come, by the pushes made and the steps left."""

    @cache
    def to_come(made: int, left: int) -> Fraction:
        if left == 0:
            return Fraction(0)
        pushed = pay + to_come(0, left - 1) if made + 1 == needed else to_come(made + 1, left - 1)
        return push * (pushed - 1) + (1 - push) * to_come(0, left - 1)

    return to_come(0, 30)


@pytest.mark.parametrize("options", PAID)
def test_references_are_exact(options):
    task = task_of(options)
    needed, pay = options.get("needed", 3), Fraction(options.get("pay", 50), 10)
    assert task.random_return == pytest.approx(float(exact_return(Fraction(1, task.num_actions), needed, pay)), abs=1e-9)
    returns = [float(exact_return(Fraction(k, 100), needed, pay)) for k in range(101)]
    assert max(returns) <= task.optimal_return + 1e-9
    assert task.optimal_return <= max(returns) + 0.01 * (task.optimal_return - task.random_return)
    if 30 % needed == 0:  # then to push always, or never, is best
        assert task.optimal_return == max(30 // needed * float(pay) - 30, 0.0)


def test_no_combination_of_options_leaves_nothing_to_learn():
    for options in ({}, LOTTERY):
        for needed in range(2, 11):
            for pay in (1, 10, 10 * needed - 1, 10 * needed, 10 * needed + 1, 500):
                for actions in (2, 8):
                    task = task_of({**options, "needed": needed, "pay": pay, "vain_pay": pay, "actions": actions})
                    assert task.optimal_return - task.random_return > 0.01, (options, needed, pay, actions)


@pytest.mark.parametrize("options", VARIANTS)
def test_references_are_what_the_policies_earn(random_returns, options):
    pushes = set()
    for seed in range(10):
        task = task_of(options, seed)
        pushes.add(int(task.params[2]))
        assert agrees(random_returns(task, 20_000), task.random_return, 4.5)
        if options in VARIANTS[:2]:
            assert set(returns_of(task, lambda _, __, push=task.params[2]: push, 3)) == {task.optimal_return}
        if "vain" in options:
            assert set(returns_of(task, lambda _, __, push=task.params[2]: 1 - push, 3)) == {task.optimal_return} == {0.0}
            assert returns_of(task, lambda _, __, push=task.params[2]: push, 500).mean() < 0
    assert len(pushes) > 1


def test_so_many_seeds_are_a_lottery_as_was_asked():
    drawn = [task_of({"vain": 40}, seed).params[3] for seed in range(400)]
    assert set(drawn) == {0.0, 1.0} and 130 < sum(drawn) < 190


def test_exploring_makes_resting_the_better_one():
    """What it is for: of who pushes half of the time, a push earns less than it costs; of who always pushes, more."""
    task = task_of({})
    assert exact_return(Fraction(1, 2), 3, Fraction(5)) < 0 < exact_return(Fraction(1), 3, Fraction(5)) == task.optimal_return


def test_pictures_by_hand():
    task = task_of({"needed": 4})
    assert [picture(task, np.array([made]), GRID) for made in (0.0, 3.0, 30.0)] == ["....", "===.", "===="]
