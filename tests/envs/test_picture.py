"""A state in characters."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.picture import picture, played


@pytest.mark.parametrize("env", environments())
def test_every_environment_has_one(env):
    task = make_task(EnvSpec(env), 1)
    for steps in (0, 3, 20):
        text = picture(task, *played(task, steps))
        assert text.strip() and len(text.splitlines()) <= 40 and max(map(len, text.splitlines())) <= 120


def test_catch_by_hand():
    task = make_task(EnvSpec("Catch"), 0)
    text = picture(task, np.array([4.0, 2.0, 1.0]), np.zeros((1, 1, 1), np.uint8))
    assert text.splitlines()[2] == "....o" and text.splitlines()[9] == ".=..." and text.count(".") == 48


def test_numbers_and_one_hots_by_hand():
    cartpole, garnet = make_task(EnvSpec("CartPole-v1"), 0), make_task(EnvSpec.parse({"env": "Garnet", "states": 8}), 0)
    grid = np.zeros((1, 1, 1), np.uint8)
    assert picture(cartpole, np.array([0.5, -0.25, 0.125, 3.0]), grid) == "0.5 -0.25 0.125 3"
    state = np.zeros(garnet.state_size)
    state[0] = 3
    assert picture(garnet, state, grid) == "1 at 3 of 8, else 0"


def test_a_state_is_never_that_of_an_episode_that_is_over():
    task = make_task(EnvSpec("Catch"), 0)
    for seed in range(20):
        assert played(task, 100, seed)[0][1] == 8
