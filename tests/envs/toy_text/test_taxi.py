"""Taxi against Gymnasium's own, number by number; references from its own table."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.toy_text.beside import GRID, episodes, every_step, expected_returns, oracle_of

ENV = "Taxi-v4"
TASK = make_task(EnvSpec(ENV), 0)


def test_every_step(equality):
    every_step(TASK, oracle_of(TASK), equality(ENV, f"gymnasium {ENV}"), times=2)


@pytest.mark.parametrize("seed", range(3))
def test_seeded_episodes(equality, seed):
    episodes(TASK, oracle_of(TASK), equality(ENV, f"gymnasium {ENV}"), seed)


@pytest.mark.parametrize("gamma", [0.9, 0.99, 0.999])
def test_references(gamma):
    task = make_task(EnvSpec(ENV, gamma=gamma), 0)
    random, optimal, timed = expected_returns(oracle_of(task), gamma, task.horizon)
    assert (task.random_return, task.optimal_return) == pytest.approx((random, optimal), abs=1e-9)
    assert optimal == pytest.approx(timed, abs=1e-9)


def test_the_factors_are_gymnasiums_decoding(equality):
    same, oracle, out = equality(ENV, f"gymnasium {ENV}"), oracle_of(TASK), np.full(19, np.nan, np.float32)
    for place in range(500):
        TASK.observe(TASK.params, np.array([float(place)]), GRID, out)
        row, column, passenger, destination = oracle.unwrapped.decode(place)
        assert out.sum() == 4
        same.compare(np.flatnonzero(out), (row, 5 + column, 10 + passenger, 15 + destination))


def test_the_state_may_be_seen_whole():
    whole = make_task(EnvSpec.parse({"env": ENV, "seen": "state"}), 0)
    assert (TASK.observation_size, whole.observation_size) == (19, 500)
    out = np.full(500, np.nan, np.float32)
    for place in range(500):
        whole.observe(whole.params, np.array([float(place)]), GRID, out)
        assert np.flatnonzero(out).tolist() == [place] and out.sum() == 1
    np.testing.assert_array_equal(whole.params, TASK.params)
    assert whole.optimal_return == TASK.optimal_return
