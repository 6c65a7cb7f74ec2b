"""Catch against a plain statement of bsuite's rules, and its references against a count of all games."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task

TASK = make_task(EnvSpec("Catch"), 0)
GRID = np.zeros(TASK.grid_shape, np.uint8)


def play(column, actions):
    """Boards and rewards of one game, written from the rules alone: paddle, then ball, then judgement."""
    board = [["." for _ in range(5)] for _ in range(10)]
    paddle = 2
    for row, action in enumerate(actions, start=1):
        if action == 0 and paddle > 0:
            paddle -= 1
        if action == 2 and paddle < 4:
            paddle += 1
        picture = [line.copy() for line in board]
        picture[row][column] = picture[9][paddle] = "x"
        landed = row == 9
        reward = 0 if not landed else 1 if paddle == column else -1
        yield [cell == "x" for line in picture for cell in line], reward, landed


def state_with_ball_in(column):
    return np.array([column, 0.0, 2.0])


@pytest.mark.parametrize("column", range(5))
def test_every_game_follows_the_rules(column):
    rng = np.random.default_rng(column)
    out = np.full(50, np.nan, np.float32)
    for _ in range(50):
        actions = rng.integers(3, size=9)
        state = state_with_ball_in(column)
        for action, (board, reward, landed) in zip(actions, play(column, actions), strict=True):
            assert TASK.step(TASK.params, state, GRID, int(action), rng) == (reward, landed)
            TASK.observe(TASK.params, state, GRID, out)
            np.testing.assert_array_equal(out, board)
    assert landed and TASK.horizon == 9


def test_the_ball_starts_anywhere_in_the_top_row_and_the_paddle_in_the_centre():
    rng, state, out = np.random.default_rng(0), np.zeros(3), np.empty(50, np.float32)
    counts = np.zeros(5)
    for _ in range(5000):
        TASK.reset(TASK.params, state, GRID, rng)
        TASK.observe(TASK.params, state, GRID, out)
        counts += out[:5]
        assert out[47] == 1 and out.sum() == 2
    assert (abs(counts / 5000 - 0.2) < 0.03).all()


def test_references_by_dynamic_programming():
    """Backward over rows: value of (ball's column, paddle's column), of the mean and of the best action."""
    mean = best = np.where(np.eye(5, dtype=bool), 1.0, -1.0)
    for _ in range(9):
        reached = [[min(max(paddle + move, 0), 4) for paddle in range(5)] for move in (-1, 0, 1)]
        mean = np.mean([mean[:, to] for to in reached], axis=0)
        best = np.max([best[:, to] for to in reached], axis=0)
    assert mean[:, 2].mean() == pytest.approx(TASK.random_return, abs=1e-12)
    assert best[:, 2].mean() == TASK.optimal_return
