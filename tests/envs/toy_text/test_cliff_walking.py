"""CliffWalking against Gymnasium's own, number by number; references from its own table."""

import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.toy_text.beside import episodes, every_step, expected_returns, oracle_of

ENV = "CliffWalking-v1"
TASK = make_task(EnvSpec(ENV), 0)


def test_every_step(equality):
    """The squares of the cliff and the goal too, where nobody ever is."""
    every_step(TASK, oracle_of(TASK), equality(ENV, f"gymnasium {ENV}"), times=3)


@pytest.mark.parametrize("seed", range(3))
def test_seeded_episodes(equality, seed):
    """Random walks rarely reach the goal; the horizon is ours, as Gymnasium has none."""
    episodes(TASK, oracle_of(TASK), equality(ENV, f"gymnasium {ENV}"), seed, count=5)


@pytest.mark.parametrize("gamma", [0.9, 0.99, 0.999])
def test_references(gamma):
    task = make_task(EnvSpec(ENV, gamma=gamma), 0)
    random, optimal, timed = expected_returns(oracle_of(task), gamma, task.horizon)
    assert (task.random_return, task.optimal_return) == pytest.approx((random, optimal), abs=1e-9)
    assert optimal == timed == -13  # along the edge: up, eleven times right, down
