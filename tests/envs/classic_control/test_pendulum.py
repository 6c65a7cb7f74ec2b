"""Pendulum against Gymnasium's own with the same torques, bit for bit, and its best known returns.

Rewards are the exception: NumPy squares a number by `pow`, whose last bit is not always the product's.
"""

from itertools import product

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.classic_control.beside import episodes, one_step, oracle_of
from tests.envs.classic_control.planning import Axis, plan, returns_of

EDGES = product((-np.pi, np.pi, np.nextafter(np.pi, 4), 0.0, 2 * np.pi, -20.0, 31.4), (-8.0, -7.99, 0.0, 8.0))


def task_with(torques):
    return make_task(EnvSpec("Pendulum-v1", (("torques", torques),)), 0)


ORACLE = "gymnasium Pendulum-v1, same torques"


def beside(equality):
    return equality("Pendulum-v1", ORACLE), equality("Pendulum-v1", f"{ORACLE}: rewards", 1e-9)


def torque(torques):
    """Gymnasium's action for one of ours, as its action space has them: an array of one float32."""
    return lambda action: np.array([-2 + 4 * action / (torques - 1)], np.float32)


@pytest.mark.parametrize("torques", [3, 5, 8, 15])
def test_one_step_from_any_state(equality, torques):
    """Also where the angle wraps in the cost, has turned several times, and where the speed is clipped."""
    rng, task = np.random.default_rng(torques), task_with(torques)
    (same, rewards), oracle = beside(equality), oracle_of(task)
    for state in [*rng.uniform((-10, -8), (10, 8), (1500, 2)), *map(np.array, EDGES)]:
        one_step(task, oracle, same, state, int(rng.integers(torques)), rewards, torque(torques))


@pytest.mark.parametrize("seed", range(4))
def test_seeded_episodes(equality, seed):
    rng, torques = np.random.default_rng(seed), 3 + 4 * seed
    task, (same, rewards) = task_with(torques), beside(equality)
    act, theirs = lambda _: int(rng.integers(torques)), torque(torques)
    episodes(task, oracle_of(task), same, seed, act, rewards=rewards, theirs=theirs)


@pytest.mark.parametrize("torques", [3, 4, 9, 15])  # 5 is tested with all environments
def test_the_random_return_hardly_hangs_on_the_number_of_torques(random_returns, torques):
    task = task_with(torques)
    returns = random_returns(task, 10_000)
    assert task.num_actions == torques
    assert abs(returns.mean() - task.random_return) < 3 + 4 * returns.std() / np.sqrt(len(returns))


@pytest.mark.parametrize("torques", [3, 5])
def test_the_best_known_return_is_what_a_planner_gets(torques):
    """Our kernel on a coarse grid is a little worse than the fine grid that was measured."""
    task = task_with(torques)
    policy = plan(task, (Axis(-np.pi, np.pi, 101, wraps=True), Axis(-8.0, 8.0, 101)), sweeps=100)
    returns = returns_of(task, policy, 100)
    error = returns.std() / np.sqrt(len(returns))
    assert task.optimal_return - 10 - 4 * error < returns.mean() < task.optimal_return + 4 * error
