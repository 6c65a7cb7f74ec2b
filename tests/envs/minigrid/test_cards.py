"""Every id against MiniGrid, from the same seeds: grids, whole episodes played at random and to the end, returns."""

import os
import subprocess
import sys

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.minigrid import CARDS
from tests.envs.minigrid.beside import Beside
from tests.envs.minigrid.planner import prize_of, solve, walk_around

IDS = [card.id for card in CARDS]
BALLS = [env for env in IDS if "Obstacles" in env]


def plan(env, grid, state):
    """Actions to the end, as they come: also where balls move meanwhile."""
    if env in BALLS:
        while True:
            yield walk_around(grid, state)
    yield from solve(grid, state, prize_of(environments()[env]))


def play(beside, env, seeds):
    """Of three episodes, one by plan, one by plan until some step and then at random, one at random."""
    rng = np.random.default_rng(7)
    for seed in seeds:
        beside.reset(seed)
        planned, over = (1000, int(rng.integers(30)), 0)[seed % 3], False
        for step, action in enumerate(plan(env, beside.grid, beside.state)):
            if over or step == planned:
                break
            over = beside.step(action)
        if planned == 1000:
            assert over and beside.reward > 0
        for _ in range(0 if over else 30):
            if beside.step(int(rng.integers(beside.full.num_actions))):
                break


@pytest.mark.parametrize("env", IDS)
def test_the_same_seed_gives_the_same_grid(env, equality):
    beside = Beside(env, equality(env, "minigrid 3.2"))
    assert beside.oracle.max_steps == beside.full.horizon
    assert beside.oracle.action_space.n == beside.full.num_actions
    for seed in range(200):
        beside.reset(seed)


@pytest.mark.parametrize("env", IDS)
def test_the_same_actions_give_the_same_episode(env, equality):
    play(Beside(env, equality(env, "minigrid 3.2")), env, range(18))


@pytest.mark.slow
@pytest.mark.parametrize("env", IDS)
def test_in_many_more_episodes(env, equality):
    play(Beside(env, equality(env, "minigrid 3.2")), env, range(200, 400))


@pytest.mark.parametrize("env", IDS)
def test_episodes_follow_one_another_in_one_stream(env, equality):
    beside = Beside(env, equality(env, "minigrid 3.2"))
    actions = np.random.default_rng(3)
    beside.reset(11)
    for _ in range(5):
        for _ in range(20):
            if beside.step(int(actions.integers(beside.full.num_actions))):
                break
        beside.reset()


@pytest.mark.parametrize("env", IDS)
def test_references_are_what_plans_return(env):
    """Where layouts differ, up to chance: here are other layouts than the ones that the card's number is from."""
    task, card = make_task(EnvSpec(env), 0), environments()[env]
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    returns = np.zeros(100)
    for episode in range(len(returns)):
        rng = np.random.default_rng(10**6 + episode)
        task.reset(task.params, state, grid, rng)
        for action in plan(env, grid, state):
            returns[episode], terminated = task.step(task.params, state, grid, action, rng)
            if terminated:
                break
    assert returns.min() > 0
    assert abs(returns.mean() - task.optimal_return) < 4.5 * returns.std() / np.sqrt(len(returns)) + 1e-9
    assert task.optimal_return == card.settings["optimal_return"]


PLAY_EVERYTHING = """
import numpy as np
from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.minigrid import CARDS
from rlsearch.envs.minigrid.cards import VIEWS
for card in CARDS:
    for view in VIEWS:
        task = make_task(EnvSpec.parse({"env": card.id, "view": view}), 0)
        state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
        out, rng = np.zeros(task.observation_size, np.float32), np.random.default_rng(0)
        for _ in range(30):
            task.reset(task.params, state, grid, rng)
            for _ in range(30):
                task.observe(task.params, state, grid, out)
                if task.step(task.params, state, grid, int(rng.integers(task.num_actions)), rng)[1]:
                    break
"""


@pytest.mark.slow
def test_nothing_is_read_or_written_beyond_an_array(tmp_path):
    """Compiled anew with a check of every index."""
    checked = os.environ | {"NUMBA_BOUNDSCHECK": "1", "RLSEARCH_CACHE": str(tmp_path)}
    subprocess.run([sys.executable, "-c", PLAY_EVERYTHING], check=True, env=checked)
