"""Our environments as Gymnasium's: its own checks, its own streams, and what a vector of them promises."""

import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

import rlsearch.envs.gym  # noqa: F401  (registers)
from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.errors import SpaceError


@pytest.mark.parametrize("env", environments())
def test_gymnasium_finds_nothing_to_say(env):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*A Box observation space (maximum|minimum) value is -?infinity")
        check_env(gymnasium.make(f"rlsearch/{env}").unwrapped, skip_render_check=True)


def test_the_same_seed_is_gymnasiums_own_episode():
    ours, theirs = gymnasium.make("rlsearch/CartPole-v1"), gymnasium.make("CartPole-v1")
    actions = np.random.default_rng(0)
    for seed in (3, None, None):
        np.testing.assert_array_equal(ours.reset(seed=seed)[0], theirs.reset(seed=seed)[0])
        over = False
        while not over:
            action = int(actions.integers(2))
            mine, other = ours.step(action), theirs.step(action)
            np.testing.assert_array_equal(mine[0], other[0])
            assert mine[1:4] == other[1:4]
            over = mine[2] or mine[3]


def test_settings_are_those_of_a_search_space():
    env = gymnasium.make("rlsearch/Garnet", states=12, actions=4, reward_scale=10, horizon=7, task_seed=3).unwrapped
    task = make_task(EnvSpec.parse({"env": "Garnet", "states": 12, "actions": 4, "reward_scale": 10, "horizon": 7}), 3)
    np.testing.assert_array_equal(env.task.params, task.params)
    assert env.observation_space.shape == (12,) and env.action_space.n == 4
    env.reset(seed=0)
    rng, state, grid = np.random.default_rng(0), np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    task.reset(task.params, state, grid, rng)
    for step in range(7):
        _, reward, terminated, truncated, _ = env.step(step % 4)
        assert reward == 10 * task.step(task.params, state, grid, step % 4, rng)[0]
        assert (terminated, truncated) == (False, step == 6)
    with pytest.raises(SpaceError, match="did you mean 'states'"):
        gymnasium.make("rlsearch/Garnet", sates=12)


@pytest.mark.parametrize("env", ["CartPole-v1", "Catch", "Garnet"])
def test_a_vector_is_its_copies_one_by_one(env):
    """Played again through the single kernels in the order of the loop, from one stream."""
    many = gymnasium.make_vec(f"rlsearch/{env}", 3)
    task = many.unwrapped.task
    assert many.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    rng, actions = np.random.default_rng(5), np.random.default_rng(6)
    states = [np.zeros(task.state_size) for _ in range(3)]
    grid, lengths, over = np.zeros(task.grid_shape, np.uint8), [0] * 3, [False] * 3
    ended = False
    seen, _ = many.reset(seed=5)
    for k in range(3):
        task.reset(task.params, states[k], grid, rng)
    for _ in range(120):
        taken = actions.integers(task.num_actions, size=3)
        before = seen.copy()
        after, rewards, terminated, truncated, _ = many.step(taken)
        np.testing.assert_array_equal(seen, before)  # what was returned is left alone
        for k in range(3):
            if over[k]:
                task.reset(task.params, states[k], grid, rng)
                assert (rewards[k], terminated[k], truncated[k]) == (0, False, False)
                lengths[k], over[k] = 0, False
            else:
                reward, end = task.step(task.params, states[k], grid, int(taken[k]), rng)
                lengths[k] += 1
                assert (rewards[k], terminated[k], truncated[k]) == (reward, end, lengths[k] >= task.horizon)
                over[k] = end or lengths[k] >= task.horizon
                ended |= over[k]
            out = np.empty(task.observation_size, np.float32)
            task.observe(task.params, states[k], grid, out)
            np.testing.assert_array_equal(after[k], out)
        seen = after
    assert ended and many.num_envs == 3


def test_the_environments_themselves_need_no_gymnasium():
    code = "import sys; from rlsearch.envs import environments; environments(); sys.exit('gymnasium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
