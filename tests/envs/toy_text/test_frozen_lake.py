"""Both frozen lakes against Gymnasium's own, slippery and not, number by number; references from its own table."""

import gymnasium
import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.toy_text.beside import episodes, every_step, expected_returns, oracle_of

LAKES = ("FrozenLake-v1", "FrozenLake8x8-v1")
both = pytest.mark.parametrize(("env", "slippery"), [(env, slippery) for env in LAKES for slippery in ("yes", "no")])


def lake(env, slippery, **settings):
    task = make_task(EnvSpec.parse({"env": env, "slippery": slippery, **settings}), 0)
    return task, oracle_of(task, is_slippery=slippery == "yes")


@both
def test_every_step(equality, env, slippery):
    task, oracle = lake(env, slippery)
    every_step(task, oracle, equality(env, f"gymnasium {env}"), times=20)


@both
@pytest.mark.parametrize("seed", range(3))
def test_seeded_episodes(equality, env, slippery, seed):
    task, oracle = lake(env, slippery)
    episodes(task, oracle, equality(env, f"gymnasium {env}"), seed, count=50)


@both
@pytest.mark.parametrize("gamma", [0.9, 0.99, 0.999])
def test_references(env, slippery, gamma):
    task, oracle = lake(env, slippery, gamma=gamma)
    random, optimal, timed = expected_returns(oracle, gamma, task.horizon)
    assert (task.random_return, task.optimal_return) == pytest.approx((random, optimal), abs=1e-9)
    assert 0.8 * timed <= optimal <= timed + 1e-12


@pytest.mark.parametrize("env", LAKES)
def test_slippery_is_the_default_and_the_published_threshold_is_below_the_optimum(env):
    task = make_task(EnvSpec(env), 0)
    np.testing.assert_array_equal(task.params, lake(env, "yes")[0].params)
    assert gymnasium.spec(env).reward_threshold < task.optimal_return
    assert lake(env, "no")[0].optimal_return == 1
