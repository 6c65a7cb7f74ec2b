"""Our environments as Gymnasium's: its own checks, its own streams, its conventions."""

import copy
import pickle
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.error import InvalidAction, ResetNeeded
from gymnasium.utils.env_checker import check_env
from gymnasium.utils.env_match import check_environments_match
from gymnasium.wrappers import AddRenderObservation, RenderCollection
from hypothesis import given, settings
from hypothesis import strategies as st

import rlsearch.envs.gym
from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.errors import SpaceError

SOME = ("CartPole-v1", "Catch", "Garnet", "UmbrellaChain", "Taxi-v4", "RandomGridWorld", "MiniGrid-DoorKey-5x5-v0")
UNBOUNDED = {"CartPole-v0", "CartPole-v1", "CartPoleSwingUp"}  # velocities, as Gymnasium's own CartPole has them


@pytest.mark.parametrize("env", environments())
def test_gymnasium_finds_nothing_to_say(env):
    """Neither its check, which renders in every mode, nor the one that looks on during an episode."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*CartPole-v0 is out of date")
        if env in UNBOUNDED:
            warnings.filterwarnings("ignore", ".*A Box observation space (maximum|minimum) value is -?infinity")
        made = gymnasium.make(f"rlsearch/{env}")
        check_env(made.unwrapped)
        actions = np.random.default_rng(0)
        made.reset(seed=0)
        for _ in range(100):
            seen, _, terminated, truncated, _ = made.step(int(actions.integers(made.action_space.n)))
            assert seen in made.observation_space and not (terminated and truncated)
            if terminated or truncated:
                made.reset()


@pytest.mark.parametrize("env", ["CartPole-v1", "Acrobot-v1", "MountainCar-v0"])
def test_gymnasiums_own_are_matched(env):
    """Spaces, observations, rewards and ends, by its own comparison; Acrobot is within rounding."""
    check_environments_match(gymnasium.make(f"rlsearch/{env}"), gymnasium.make(env), 300, seed=3)


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


@pytest.mark.parametrize("env", ["Catch", "LayeredMDP", "DeepSea", "DelayedChain", "UmbrellaChain", "DiscountingChain"])
def test_an_end_at_the_horizon_is_no_truncation(env):
    """These end by themselves after as many steps as their horizon has."""
    made = gymnasium.make(f"rlsearch/{env}").unwrapped
    for seed in range(3):
        made.reset(seed=seed)
        ends = [made.step(0)[2:4] for _ in range(made.task.horizon)]
        assert ends == [(False, False)] * (made.task.horizon - 1) + [(True, False)]


@settings(max_examples=25, deadline=None)
@given(env=st.sampled_from(SOME), seed=st.integers(0, 2**31), steps=st.integers(0, 30))
def test_a_copy_and_a_pickle_go_on_from_there(env, seed, steps):
    """Also in the middle of an episode, with the chance that is to come."""
    made = gymnasium.make(f"rlsearch/{env}", render_mode="ansi").unwrapped
    actions = np.random.default_rng(seed)

    def move(envs):
        action = int(actions.integers(made.action_space.n))
        return [[*one.step(action), one.render()] for one in envs]

    def begin(envs):
        return [one.reset()[0].tolist() for one in envs]

    made.reset(seed=seed)
    for _ in range(steps):
        ((_, _, terminated, truncated, *_),) = move([made])
        if terminated or truncated:
            made.reset()
    three = [made, copy.deepcopy(made), pickle.loads(pickle.dumps(made))]
    for _ in range(20):
        first, *others = move(three)
        for other in others:
            np.testing.assert_array_equal(first[0], other[0])
            assert first[1:] == other[1:]
        if first[2] or first[3]:
            first_seen, *others_seen = begin(three)
            assert others_seen == [first_seen] * 2


def test_a_pickle_travels_to_another_process():
    made = gymnasium.make("rlsearch/UmbrellaChain").unwrapped
    made.reset(seed=1)
    made.step(1)
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).step(0)[0].tolist())"
    other = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(made), check=True, capture_output=True).stdout
    assert other.decode().strip() == str(made.step(0)[0].tolist())


def test_a_seed_starts_the_stream_anew_and_none_goes_on():
    made = gymnasium.make("rlsearch/Pendulum-v1")
    runs = [[made.reset(seed=seed)[0].tolist() for seed in (4, None, None)] for _ in range(2)]
    assert runs[0] == runs[1] and len({str(seen) for seen in runs[0]}) == 3
    assert made.unwrapped.np_random_seed == 4
    other = gymnasium.make("rlsearch/Pendulum-v1").unwrapped
    other.np_random = np.random.default_rng(4)
    assert other.reset()[0].tolist() == runs[0][0]


@pytest.mark.parametrize("action", [1, np.int64(1), np.int32(1), np.uint8(1), np.array(1), np.array(1, np.int8), True])
def test_any_whole_number_is_an_action(action):
    made, plain = (gymnasium.make("rlsearch/Catch").unwrapped for _ in range(2))
    for env in (made, plain):
        env.reset(seed=0)
    np.testing.assert_array_equal(made.step(action)[0], plain.step(1)[0])


@pytest.mark.parametrize("action", [3, -1, 1.0, np.float32(1), "1", None, [1], np.array([1]), np.array(7), 2**70])
def test_any_other_is_refused_in_one_line(action):
    made = gymnasium.make("rlsearch/Catch").unwrapped
    seen, _ = made.reset(seed=0)
    with pytest.raises(InvalidAction, match=r"^Catch: action is .*; allowed: a whole number from 0 to 2$"):
        made.step(action)
    assert made.render_mode is None and seen in made.observation_space
    made.step(1)  # nothing has happened


def test_what_comes_too_early_or_too_late_is_refused():
    made = gymnasium.make("rlsearch/Catch", render_mode="ansi").unwrapped
    for early in (lambda: made.step(0), made.render):
        with pytest.raises(ResetNeeded, match=r"Catch: no episode has begun; call reset\(\)"):
            early()
    made.reset(seed=0)
    for _ in range(9):
        made.step(0)
    assert made.render().count("=") + made.render().count("o") >= 1  # an end may be looked at
    with pytest.raises(ResetNeeded, match=r"Catch: the episode is over; call reset\(\)"):
        made.step(0)
    made.reset()
    made.step(0)
    made.close()
    made.close()


def test_modes_of_rendering():
    for env in ("rlsearch/MiniGrid-Unlock-v0", "rlsearch/MountainCar-v0"):
        made = gymnasium.make(env, render_mode="rgb_array")
        made.reset(seed=0)
        assert made.metadata["render_modes"] == ["ansi", "rgb_array"]
        assert made.metadata["render_fps"] == (10 if "MiniGrid" in env else 30)
        assert made.render() is not made.render()
    assert gymnasium.make("rlsearch/Catch").unwrapped.metadata["render_fps"] == 4
    with pytest.raises(SpaceError, match=r"render_mode is 'rgb'; did you mean 'rgb_array'\? \(allowed: ansi, rgb_array\)"):
        rlsearch.envs.gym.KernelEnv("Catch", render_mode="rgb")
    made = gymnasium.make("rlsearch/Catch").unwrapped
    made.reset()
    with pytest.warns(UserWarning, match=r'gymnasium\.make\("rlsearch/Catch", render_mode="rgb_array"\)'):
        assert made.render() is None


def test_wrappers_that_collect_frames_have_something_to_collect():
    frames = gymnasium.make("rlsearch/Catch", render_mode="rgb_array_list")
    frames.reset(seed=0)
    for _ in range(9):
        frames.step(0)
    collected = frames.render()
    assert (
        len(collected) == 10 and len({frame.shape for frame in collected}) == 1 and len({f.tobytes() for f in collected}) == 10
    )
    texts = RenderCollection(gymnasium.make("rlsearch/Catch", render_mode="ansi"))
    texts.reset(seed=0)
    assert [text.count("o") for text in texts.render()] == [1]
    pixels = AddRenderObservation(gymnasium.make("rlsearch/Catch", render_mode="rgb_array"))
    assert pixels.reset(seed=0)[0] in pixels.observation_space


def test_options_of_reset_are_ignored_with_a_warning():
    made = gymnasium.make("rlsearch/CartPole-v1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made.reset(options={})
        made.reset(options=None)
    with pytest.warns(UserWarning, match="reset has no options 'low', 'high' here, and ignores them"):
        made.reset(options={"low": -0.1, "high": 0.1})


def test_a_spec_makes_it_again():
    made = gymnasium.make("rlsearch/Garnet", states=12, task_seed=3)
    again = made.spec.make()
    assert made.spec.id == "rlsearch/Garnet" and "12" in made.spec.to_json()
    np.testing.assert_array_equal(again.reset(seed=2)[0], made.reset(seed=2)[0])
    assert again.unwrapped.task.params.tobytes() == made.unwrapped.task.params.tobytes()


@pytest.mark.parametrize("seed", [-1, 0.5, "3", None])
def test_a_task_seed_is_a_whole_number(seed):
    with pytest.raises(SpaceError, match=r"task_seed is .*; allowed: a whole number from 0"):
        rlsearch.envs.gym.KernelEnv("Catch", task_seed=seed)


def test_a_users_own_is_one_too():
    made = rlsearch.envs.gym.KernelEnv("rlsearch.envs.example:CARD", render_mode="rgb_array", length=2)
    check_env(made)
    made.reset(seed=0)
    assert [made.step(1)[1:4] for _ in range(2)] == [(-1.0, False, False), (-1.0, True, False)]
    assert made.render().dtype == np.uint8


def test_the_environments_themselves_need_no_gymnasium():
    code = "import sys; from rlsearch.envs import environments; environments(); sys.exit('gymnasium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
