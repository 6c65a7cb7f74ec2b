"""Garnet: what its card promises, for many seeds."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.tabular.garnet import LEAST_GAP_PER_STEP, garnet


@pytest.mark.parametrize("seed", range(20))
def test_the_optimum_is_clearly_better_than_chance(seed):
    task = make_task(EnvSpec("Garnet"), seed)
    assert task.optimal_return - task.random_return >= LEAST_GAP_PER_STEP * task.horizon
    assert (task.observation_size, task.horizon) == (8, 50)
    assert task.num_actions in (2, 3) and 0.9 <= task.gamma <= 0.95


def test_successors_are_distinct_and_nothing_ends():
    mdp = garnet(np.random.default_rng(0), states=20, actions=4, branching=3)
    assert all(len(set(row)) == 3 for row in mdp.successor.reshape(-1, 3))
    assert not mdp.terminal.any()
    np.testing.assert_allclose(mdp.probability.sum(axis=-1), 1.0)


def test_options_are_obeyed(random_returns):
    spec = EnvSpec.parse({"env": "Garnet", "states": 64, "actions": 5, "branching": 1, "horizon": 1000, "gamma": 0.99})
    task = make_task(spec, 3)
    assert (task.observation_size, task.num_actions, task.horizon, task.gamma) == (64, 5, 1000, 0.99)
    returns = random_returns(task, 500)
    assert abs(returns.mean() - task.random_return) < 5 * returns.std() / np.sqrt(500)
