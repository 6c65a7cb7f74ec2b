"""MountainCar against Gymnasium's own, bit for bit, and its best known return."""

from itertools import product

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.classic_control.beside import episodes, one_step, oracle_of
from tests.envs.classic_control.planning import Axis, plan, returns_of

TASK = make_task(EnvSpec("MountainCar-v0"), 0)
EDGES = product((-1.2, np.nextafter(-1.2, 0), 0.5, np.nextafter(0.5, 0), 0.6, -0.5), (-0.07, -0.001, -0.0, 0.0, 1e-17, 0.07))


def test_one_step_from_any_state(equality):
    """Thousands of states, and every pair of edges: the walls, the goal, the speed limits, rest."""
    rng, same, oracle = np.random.default_rng(0), equality("MountainCar-v0", "gymnasium MountainCar-v0"), oracle_of(TASK)
    states = [*rng.uniform((-1.2, -0.07), (0.6, 0.07), (3000, 2)), *map(np.array, EDGES)]
    for state in states:
        for action in range(3):
            one_step(TASK, oracle, same, state.copy(), action)


@pytest.mark.parametrize("seed", range(6))
def test_seeded_episodes(equality, seed):
    """At random, where the clock ends them, and by pushing along the velocity, where the goal does."""
    rng, same = np.random.default_rng(seed), equality("MountainCar-v0", "gymnasium MountainCar-v0")
    skilled = seed % 2 == 0

    def act(state):
        return (2 if state[1] >= 0 else 0) if skilled else int(rng.integers(3))

    episodes(TASK, oracle_of(TASK), same, seed, act)


def test_the_best_known_return_is_what_a_planner_gets():
    """A coarse grid comes within a step of it, and nothing we have is better."""
    policy = plan(TASK, (Axis(-1.2, 0.6, 201), Axis(-0.07, 0.07, 141)), sweeps=220)
    returns = returns_of(TASK, policy, 100)
    error = returns.std() / np.sqrt(len(returns))
    assert TASK.optimal_return - 2 < returns.mean() < TASK.optimal_return + 4 * error
