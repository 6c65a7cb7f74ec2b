"""States in pixels, beside what Gymnasium and MiniGrid draw of the same states."""

import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # pygame, which the oracles draw with, needs no screen

import gymnasium
import minigrid  # noqa: F401  (registers)
import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.bsuite import catch
from rlsearch.envs.frame import frame
from rlsearch.envs.gym import NAMESPACE
from rlsearch.envs.picture import played
from rlsearch.envs.tiles import FLOOR, tiled

MINIGRID = [env for env, card in environments().items() if card.family == "minigrid"]


@pytest.mark.parametrize("env", environments())
def test_every_environment_has_frames_of_one_even_size(env):
    task = make_task(EnvSpec(env), 1)
    frames = [frame(task, *played(task, steps, seed)) for steps, seed in ((0, 0), (3, 1), (20, 2))]
    for image in frames:
        assert image.dtype == np.uint8 and image.shape == frames[0].shape and image.flags.c_contiguous
        height, width, colours = image.shape
        assert colours == 3 and height % 2 == width % 2 == 0 and 60 <= min(height, width) <= max(height, width) <= 820
        assert image.min() < image.max()


@pytest.mark.parametrize("env", ["CartPole-v1", "Acrobot-v1", "MountainCar-v0", "Pendulum-v1"])
def test_classic_control_looks_like_gymnasiums(env):
    """Pixel by pixel but for edges, which pygame smooths otherwise and puts half a pixel elsewhere."""
    theirs = gymnasium.make(env, render_mode="rgb_array").unwrapped
    theirs.reset(seed=0)
    task, rng = make_task(EnvSpec(env), 0), np.random.default_rng(0)
    if env == "Pendulum-v1":
        theirs.last_u = None
    for _ in range(4):
        low, high = (-1, 1) if env != "MountainCar-v0" else (-1.2, 0.5)
        state = rng.uniform(low, high, task.state_size) * (0.2 if env == "CartPole-v1" else 1.0)
        theirs.state = state
        ours, other = frame(task, state, np.zeros((1, 1, 1), np.uint8)).astype(int), theirs.render().astype(int)
        assert ours.shape == other.shape
        apart = np.abs(ours - other)
        assert (apart.max(axis=2) > 40).mean() < 0.01 and apart.mean() < 1.5


@pytest.mark.parametrize("env", MINIGRID[::3])
def test_minigrid_is_drawn_bit_for_bit(env):
    """A grid for the same seed, with turns and moves, doors that open and keys that are carried."""
    ours = gymnasium.make(f"{NAMESPACE}/{env}", render_mode="rgb_array")
    theirs = gymnasium.make(env, render_mode="rgb_array", highlight=False)
    rng = np.random.default_rng(0)
    for seed in range(2):
        ours.reset(seed=seed)
        theirs.reset(seed=seed)
        for _ in range(8):
            np.testing.assert_array_equal(ours.render(), theirs.render())
            action = int(rng.integers(ours.action_space.n))
            over = ours.step(action)[2:4]
            theirs.step(action)
            if any(over):
                break


def test_a_board_is_tiles_one_for_each_character():
    image = tiled(catch.picture(np.empty(0), np.array([4.0, 2.0, 1.0]), np.zeros((1, 1, 1), np.uint8)))
    height, width, _ = image.shape
    side = width // 5
    assert height == 10 * side
    plain = {
        (row, column)
        for row in range(10)
        for column in range(5)
        if (image[row * side + 1 : (row + 1) * side, column * side + 1 : (column + 1) * side] == FLOOR).all()
    }
    assert {(row, column) for row in range(10) for column in range(5)} - plain == {(2, 4), (9, 1)}


def test_words_below_a_board_are_left_out_and_unknown_characters_differ():
    np.testing.assert_array_equal(tiled("..\n..\ncarries a key"), tiled("..\n.."))
    assert len({tiled(mark).tobytes() for mark in "abcxXo=+Tpd#FHCSGs."}) == 19


def test_numbers_are_cells_whiter_the_nearer_to_0():
    task = make_task(EnvSpec("DiscountingChain"), 0)
    image = frame(task, np.array([50.0, -1.0]), np.zeros((1, 1, 1), np.uint8))
    chosen, passed = image[8, 8].astype(int), image[8, image.shape[1] // 2 + 8].astype(int)
    assert chosen[0] > chosen[2] and passed[2] > passed[0]  # -1 is red, a half is blue
