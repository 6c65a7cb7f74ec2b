"""A state in characters."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.bsuite import catch
from rlsearch.envs.picture import drawing_of, picture, played


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


def test_taxi_by_hand():
    task = make_task(EnvSpec("Taxi-v4"), 0)
    walls = ["s .|. . s", ". .|. . .", ". . . . .", ".|. .|. .", "s|. .|s ."]
    for row, column, passenger, destination in ((1, 3, 0, 3), (4, 0, 2, 1), (0, 4, 4, 0)):
        lines = [list(line) for line in walls]
        stands = ((0, 0), (0, 8), (4, 0), (4, 6))  # as they are printed, with a gap after every square
        lines[stands[destination][0]][stands[destination][1]] = "d"
        if passenger < 4:
            lines[stands[passenger][0]][stands[passenger][1]] = "p"
        lines[row][2 * column] = "x" if passenger < 4 else "X"
        state = np.array([((row * 5 + column) * 5 + passenger) * 4 + destination], np.float64)
        assert picture(task, state, np.zeros((1, 1, 1), np.uint8)).splitlines() == ["".join(line) for line in lines]


def test_a_users_own_is_drawn_as_its_module_says():
    task = make_task(EnvSpec("rlsearch.envs.example:CARD"), 0)
    assert picture(task, np.array([1.0]), np.zeros((1, 1, 1), np.uint8)) == "0.333"
    assert drawing_of(task, "picture") is None and drawing_of(make_task(EnvSpec("Catch"), 0), "picture") is catch.picture


def test_a_state_is_never_that_of_an_episode_that_is_over():
    task = make_task(EnvSpec("Catch"), 0)
    for seed in range(20):
        assert played(task, 100, seed)[0][1] == 8
