"""Drawing tasks: a pure function of the request and the seed."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs import EnvSpec, environments, make_task

RANGES = {"gamma": [0.8, 0.9], "reward_scale": [0.1, 10], "reward_offset": [-1, 1]}


def numbers(task):
    return [task.horizon, task.gamma, task.reward_scale, task.reward_offset, *task.params]


@pytest.mark.parametrize("env", environments())
def test_the_same_request_gives_the_same_task(env):
    for seed in range(50):
        first, second = (make_task(EnvSpec(env), seed) for _ in range(2))
        assert numbers(first) == numbers(second)
        assert (first.random_return, first.optimal_return) == (second.random_return, second.optimal_return)


def test_also_in_another_process():
    code = "from rlsearch.envs import *; print(make_task(EnvSpec('LayeredMDP'), 3).params.sum().hex())"
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert other == make_task(EnvSpec("LayeredMDP"), 3).params.sum().hex()


@pytest.mark.parametrize("env", ["Garnet", "LayeredMDP"])
def test_another_seed_gives_another_mdp(env):
    drawn = [make_task(EnvSpec(env), seed) for seed in range(20)]
    assert len({task.params.tobytes() for task in drawn}) == 20
    assert {task.num_actions for task in drawn} == {2, 3}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_ranges_are_kept(seed):
    task = make_task(EnvSpec.parse({"env": "Garnet", "states": [4, 6], **RANGES}), seed)
    assert 4 <= task.observation_size <= 6
    assert 0.8 <= task.gamma <= 0.9 and 0.1 <= task.reward_scale <= 10 and -1 <= task.reward_offset <= 1


def test_ranges_are_filled_and_a_scale_is_drawn_on_the_logarithm():
    drawn = [make_task(EnvSpec.parse({"env": "Garnet", "states": [4, 6], **RANGES}), seed) for seed in range(100)]
    assert {task.observation_size for task in drawn} == {4, 5, 6}
    assert 0.3 < np.mean([task.reward_scale < 1 for task in drawn]) < 0.7
    assert np.ptp([task.gamma for task in drawn]) > 0.09
    assert np.ptp([task.reward_offset for task in drawn]) > 1.8


def test_settings_never_change_one_another():
    """Common random numbers: fixing the discount, or an option, leaves every other draw as it was."""
    free = make_task(EnvSpec.parse({"env": "Catch", **RANGES}), 5)
    fixed = make_task(EnvSpec.parse({"env": "Catch", **RANGES, "gamma": 0.5}), 5)
    assert (fixed.gamma, fixed.reward_scale, fixed.reward_offset) == (0.5, free.reward_scale, free.reward_offset)
    narrow = make_task(EnvSpec.parse({"env": "Garnet", "states": 5, "branching": [2, 3]}), 5)
    assert narrow.num_actions == make_task(EnvSpec.parse({"env": "Garnet"}), 5).num_actions


def test_defaults_leave_the_reward_alone():
    task = make_task(EnvSpec("CartPole-v1"), 0)
    assert (task.gamma, task.reward_scale, task.reward_offset) == (0.99, 1.0, 0.0)


def test_normalised_returns():
    task = make_task(EnvSpec("Catch"), 0)
    np.testing.assert_allclose(task.normalise([-0.6, 1.0, -1.0]), [0.0, 1.0, -0.25], atol=1e-15)
    assert task.normalise(0.2) == pytest.approx(0.5)
