"""A vector of our environments, beside Gymnasium's own vector of single ones, step by step."""

import copy
import pickle

import gymnasium
import numpy as np
import pytest
from gymnasium.error import InvalidAction, ResetNeeded
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import RecordEpisodeStatistics
from hypothesis import given, settings
from hypothesis import strategies as st

import rlsearch.envs.gym
from rlsearch.envs import EnvSpec, make_task
from rlsearch.errors import SpaceError

ENVS = (
    *("CartPole-v1", "Catch", "Garnet", "LayeredMDP", "UmbrellaChain", "MaximisationBias", "DeepSea"),
    *("Pendulum-v1", "FrozenLake-v1", "RandomGridWorld", "MiniGrid-Dynamic-Obstacles-Random-5x5-v0"),
)
MODES = list(AutoresetMode)


def ours_of(env, count, mode=AutoresetMode.NEXT_STEP, **settings):
    return gymnasium.make_vec(f"rlsearch/{env}", count, autoreset_mode=mode, **settings)


def theirs_of(env, count, mode=AutoresetMode.NEXT_STEP, **settings):
    kwargs = {"autoreset_mode": mode}
    return gymnasium.make_vec(f"rlsearch/{env}", count, vectorization_mode="sync", vector_kwargs=kwargs, **settings)


def same(mine, other):
    """Equal bit for bit, of one type, infos too."""
    return data_equivalence(tuple(mine), tuple(other), exact=True)


def random_actions(many, rng):
    return rng.integers(many.single_action_space.n, size=many.num_envs)


@settings(max_examples=40, deadline=None)
@given(
    env=st.sampled_from(ENVS),
    mode=st.sampled_from(MODES),
    count=st.integers(1, 5),
    seed=st.one_of(st.integers(0, 2**31), st.just("each")),
    scale=st.sampled_from((1.0, 0.1)),
    steps=st.integers(0, 60),
)
def test_it_is_gymnasiums_vector_of_single_ones(env, mode, count, seed, scale, steps):
    """Observations, rewards, flags and infos; with a seed for all or one for each; over several seedless resets too."""
    ours, theirs = (make(env, count, mode, reward_scale=scale, reward_offset=-0.25) for make in (ours_of, theirs_of))
    assert ours.metadata["autoreset_mode"] == theirs.metadata["autoreset_mode"] == mode
    assert ours.observation_space == theirs.observation_space and ours.action_space == theirs.action_space
    seeds = [7 * k + 1 for k in range(count)] if seed == "each" else seed
    assert same(ours.reset(seed=seeds), theirs.reset(seed=seeds))
    rng = np.random.default_rng(0)
    for _ in range(steps):
        actions = random_actions(ours, rng)
        mine, other = ours.step(actions), theirs.step(actions)
        assert same(mine, other)
        assert not (mine[2] & mine[3]).any()
        over = mine[2] | mine[3]
        if mode == AutoresetMode.DISABLED and over.any():
            assert same(*(many.reset(options={"reset_mask": over.copy()}) for many in (ours, theirs)))
    assert same(ours.reset(), theirs.reset())


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_begins_some_anew_in_any_mode(mode):
    ours, theirs = (make("CartPole-v1", 4, mode) for make in (ours_of, theirs_of))
    mask = np.array([False, True, False, True])
    for many in (ours, theirs):
        many.reset(seed=0)
        many.step(np.ones(4, np.int64))
    options = {"reset_mask": mask}
    mine = ours.reset(seed=9, options=options)
    assert "reset_mask" in options  # what is the caller's is left alone
    assert same(mine, theirs.reset(seed=9, options=dict(options)))
    for _ in range(30):
        actions = np.zeros(4, np.int64)
        mine, other = ours.step(actions), theirs.step(actions)
        assert same(mine, other)
        if mode == AutoresetMode.DISABLED and (mine[2] | mine[3]).any():
            break


def test_a_single_copy_is_the_single_environment():
    one, many = gymnasium.make("rlsearch/UmbrellaChain"), ours_of("UmbrellaChain", 3, AutoresetMode.DISABLED)
    seen, _ = many.reset(seed=11)
    np.testing.assert_array_equal(seen[2], one.reset(seed=13)[0])
    for _ in range(one.unwrapped.task.horizon):
        mine, other = many.step(np.array([0, 1, 1])), one.step(1)
        np.testing.assert_array_equal(mine[0][2], other[0])
        assert (mine[1][2], mine[2][2], mine[3][2]) == other[1:4]


def test_it_is_the_kernels_played_one_by_one():
    """Without Gymnasium's vector beside it: each copy through the kernels, from its own generator."""
    many = ours_of("Garnet", 3, AutoresetMode.SAME_STEP, horizon=5)
    task = many.unwrapped.task
    streams = [np.random.default_rng(5 + k) for k in range(3)]
    states, grid = [np.zeros(task.state_size) for _ in range(3)], np.zeros(task.grid_shape, np.uint8)
    many.reset(seed=5)
    for k in range(3):
        task.reset(task.params, states[k], grid, streams[k])
    actions = np.random.default_rng(6)
    for step in range(1, 21):
        taken = random_actions(many, actions)
        seen, rewards, terminated, truncated, infos = many.step(taken)
        for k in range(3):
            assert rewards[k] == task.step(task.params, states[k], grid, int(taken[k]), streams[k])[0]
            final, out = np.empty(task.observation_size, np.float32), np.empty(task.observation_size, np.float32)
            task.observe(task.params, states[k], grid, final)
            if step % 5 == 0:
                np.testing.assert_array_equal(infos["final_obs"][k], final)
                task.reset(task.params, states[k], grid, streams[k])
            task.observe(task.params, states[k], grid, out)
            np.testing.assert_array_equal(seen[k], out)
        assert not terminated.any() and (truncated == (step % 5 == 0)).all()


def test_what_was_returned_is_left_alone():
    many = ours_of("Catch", 3, AutoresetMode.SAME_STEP)
    kept = [many.reset(seed=0)[0]]
    copies = [kept[0].copy()]
    for _ in range(20):
        seen, *rest, infos = many.step(np.ones(3, np.int64))
        new = [seen, *rest, *(final for final in infos.get("final_obs", []) if final is not None)]
        assert not any(np.shares_memory(a, b) for a in new for b in kept)
        kept += new
        copies += [array.copy() for array in new]
    for array, before in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_gymnasiums_statistics_count_episodes(mode):
    """Its wrapper reads the mode from the metadata; returns of whole episodes of Catch are 1 or -1."""
    many = RecordEpisodeStatistics(ours_of("Catch", 4, mode))
    many.reset(seed=0)
    for _ in range(100):
        many.step(np.ones(4, np.int64))
    steps = 10 if mode == AutoresetMode.NEXT_STEP else 9  # of an episode, with the one that only begins the next
    assert many.episode_count == 4 * (100 // steps)
    assert set(np.array(many.return_queue).ravel().tolist()) == {-1.0, 1.0}
    assert set(np.array(many.length_queue).ravel().tolist()) == {9}


def test_episodes_may_be_shorter_than_the_horizon():
    ours, theirs = (make("Garnet", 2, max_episode_steps=7) for make in (ours_of, theirs_of))
    assert same(ours.reset(seed=0), theirs.reset(seed=0))
    for _ in range(20):
        actions = np.array([0, 1])
        assert same(ours.step(actions), theirs.step(actions))
    longer = ours_of("Catch", 1, max_episode_steps=1000)
    longer.reset(seed=0)
    assert [bool(longer.step(np.zeros(1, np.int64))[2][0]) for _ in range(9)] == [False] * 8 + [True]


@settings(max_examples=15, deadline=None)
@given(env=st.sampled_from(ENVS), mode=st.sampled_from(MODES[:2]), steps=st.integers(0, 15))
def test_a_copy_and_a_pickle_go_on_from_there(env, mode, steps):
    many, rng = ours_of(env, 2, mode).unwrapped, np.random.default_rng(1)
    many.reset(seed=3)
    for _ in range(steps):
        many.step(random_actions(many, rng))
    three = [many, copy.deepcopy(many), pickle.loads(pickle.dumps(many))]
    for _ in range(15):
        actions = random_actions(many, rng)
        first, *others = (one.step(actions) for one in three)
        assert all(same(first, other) for other in others)


@pytest.mark.parametrize("mode", ["ansi", "rgb_array"])
def test_every_copy_is_rendered(mode):
    ours, theirs = (make("Catch", 3, render_mode=mode) for make in (ours_of, theirs_of))
    with pytest.raises(ResetNeeded, match="no episode has begun"):
        ours.render()
    for many in (ours, theirs):
        many.reset(seed=1)
        many.step(np.array([0, 1, 2]))
    mine, other = ours.render(), theirs.render()
    assert isinstance(mine, tuple) and len(mine) == 3 and data_equivalence(mine, other, exact=True)
    assert ours.metadata["render_fps"] == 4 and ours.render_mode == mode
    silent = ours_of("Catch", 2)
    silent.reset()
    with pytest.warns(UserWarning, match=r'gymnasium\.make_vec\("rlsearch/Catch", render_mode="rgb_array"\)'):
        assert silent.render() is None


def test_what_comes_too_early_or_too_late_is_refused():
    many = ours_of("Catch", 2, "Disabled")
    with pytest.raises(ResetNeeded, match=r"Catch: no episode has begun; call reset\(\)"):
        many.step(np.zeros(2, np.int64))
    with pytest.raises(ResetNeeded, match="without a mask first"):
        many.reset(options={"reset_mask": np.array([True, False])})
    many.reset(seed=0)
    for _ in range(9):
        many.step(np.zeros(2, np.int64))
    with pytest.raises(ResetNeeded, match=r"episodes of copies \[0, 1\] are over; call reset\(options="):
        many.step(np.zeros(2, np.int64))
    many.reset()
    many.step(np.zeros(2, np.int64))
    many.close()


@pytest.mark.parametrize(
    "actions", [np.array([0, 3]), np.array([-1, 0]), np.array([0.0, 1.0]), np.array([0]), [0, 3], None, 1, "01"]
)
def test_actions_that_are_none_are_refused(actions):
    many = ours_of("Catch", 2)
    many.reset(seed=0)
    with pytest.raises(InvalidAction, match=r"^Catch: actions are .*; allowed: 2 whole numbers from 0 to 2$"):
        many.step(actions)


@pytest.mark.parametrize("actions", [[0, 1], (0, 1), np.array([0, 1], np.int8), np.array([[0, 9], [1, 9]], np.int32)[:, 0]])
def test_any_whole_numbers_are_actions(actions):
    many, plain = (ours_of("Catch", 2) for _ in range(2))
    for one in (many, plain):
        one.reset(seed=0)
    assert same(many.step(actions), plain.step(np.array([0, 1])))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_envs": 0}, "num_envs is 0; allowed: a whole number from 1"),
        ({"num_envs": 1.5}, "num_envs is 1.5"),
        ({"max_episode_steps": 0}, "max_episode_steps is 0; allowed: a whole number from 1"),
        (
            {"autoreset_mode": "SameStp"},
            r"autoreset_mode is 'SameStp'; did you mean 'SameStep'\? \(allowed: Disabled, NextStep",
        ),
        ({"autoreset_mode": None}, "autoreset_mode is nothing"),
        ({"render_mode": "human2"}, r"render_mode is 'human2' \(allowed: ansi, rgb_array\)"),
        ({"task_seed": -3}, "task_seed is -3"),
        ({"stats": 3}, "Garnet: unknown key 'stats'; did you mean 'states'"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(arguments, message):
    with pytest.raises(SpaceError, match=message):
        rlsearch.envs.gym_vector.KernelVectorEnv("Garnet", **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": [1, 2, 3]}, "seed has 3 entries; allowed: one for each of 2 copies, or one number"),
        (
            {"options": {"reset_mask": np.zeros(2, np.bool_)}},
            r"reset_mask is .*; allowed: a bool array \[2\] that is true somewhere",
        ),
        ({"options": {"reset_mask": [True, False]}}, "reset_mask is"),
        ({"options": {"reset_mask": np.array([1, 0])}}, "reset_mask is"),
    ],
)
def test_bad_resets_are_refused(arguments, message):
    many = ours_of("Catch", 2)
    many.reset(seed=0)
    with pytest.raises(SpaceError, match=message):
        many.reset(**arguments)


def test_streams_are_each_copys_own():
    many = ours_of("Catch", 3).unwrapped
    many.reset(seed=[4, None, 6])
    assert many.np_random_seed[0] == 4 and many.np_random_seed[2] == 6 and len(many.np_random) == 3
    assert many.np_random[0] is not many.np_random[1]
    task = make_task(EnvSpec("Catch"), 0)
    state = np.zeros(3)
    task.reset(task.params, state, np.zeros((1, 1, 1), np.uint8), np.random.default_rng(6))
    assert many.np_random[2].random() == np.random.default_rng(6).random(2)[1]
    with pytest.warns(UserWarning, match="reset has no options 'low' here"):
        many.reset(options={"low": 0})
