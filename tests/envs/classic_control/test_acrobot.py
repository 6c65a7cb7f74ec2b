"""Acrobot against Gymnasium's own: within 1e-9, as its last bits hang on how squares are taken; and its best known return."""

import math
from itertools import product

import numpy as np
import pytest
from numba import types

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.classic_control.acrobot import step
from rlsearch.numba_support.jit import njit
from tests.envs.classic_control.beside import episodes, one_step, oracle_of
from tests.envs.classic_control.planning import returns_of

TASK = make_task(EnvSpec("Acrobot-v1"), 0)
EDGES = product((-np.pi, np.pi, np.nextafter(np.pi, 0), 0.0), (-np.pi, np.pi, 2.0), (-4 * np.pi, 12.5), (-9 * np.pi, 28.2, 0.0))


def pump(state):
    """Torque along the second link's velocity: it feeds the swing."""
    return 2 if state[3] > 0 else 0


def test_one_step_from_any_state(equality):
    """Also where both angles wrap, by more than one turn, and where both velocities are clipped."""
    rng, same, oracle = np.random.default_rng(0), equality("Acrobot-v1", "gymnasium Acrobot-v1", 1e-9), oracle_of(TASK)
    limits = np.pi * np.array([1, 1, 4, 9])
    wrapped = clipped = risen = 0
    for state in [*rng.uniform(-limits, limits, (3000, 4)), *map(np.array, EDGES)]:
        before = state.copy()
        one_step(TASK, oracle, same, state, int(rng.integers(3)))
        wrapped += int((abs(state[:2] - before[:2]) > np.pi).any())
        clipped += int((abs(state[2:]) == limits[2:]).any())
        risen += -np.cos(state[0]) - np.cos(state[0] + state[1]) > 1
    assert min(wrapped, clipped, risen) > 100


@pytest.mark.parametrize("seed", range(6))
def test_seeded_episodes(equality, seed):
    """Gymnasium's first observation has float32 cosines, ours the cosines in float32 of the same float32 angles."""
    rng, same = np.random.default_rng(seed), equality("Acrobot-v1", "gymnasium Acrobot-v1", 1e-9)
    first = equality("Acrobot-v1", "gymnasium Acrobot-v1: first observations", 1e-7)
    episodes(TASK, oracle_of(TASK), same, seed, pump if seed % 2 else lambda _: int(rng.integers(3)), first)


@njit(types.int64(*(types.float64[::1],) * 2, types.uint8[:, :, ::1], types.npy_rng, types.uint8[::1], *(types.int64,) * 4))
def shortest(params, start, grid, rng, seen, angles, speeds1, speeds2, most):
    """Steps to the line by breadth-first search that keeps the first state it meets in each cell; `most` where it fails.

    `seen [angles^2 * speeds1 * speeds2]` starts as zeros.
    """
    reached, following = np.empty((2_000_000, 4)), np.empty((2_000_000, 4))
    state = np.empty(4)
    for i in range(4):
        reached[0, i] = start[i]
    count = 1
    for depth in range(1, most):
        found = 0
        for index in range(count):
            for action in range(3):
                for i in range(4):
                    state[i] = reached[index, i]
                if step(params, state, grid, action, rng)[1]:
                    return depth
                cell = int((state[0] + math.pi) / (2 * math.pi) * angles) % angles
                cell = cell * angles + int((state[1] + math.pi) / (2 * math.pi) * angles) % angles
                cell = cell * speeds1 + min(int((state[2] / math.pi + 4) / 8 * speeds1), speeds1 - 1)
                cell = cell * speeds2 + min(int((state[3] / math.pi + 9) / 18 * speeds2), speeds2 - 1)
                if seen[cell] == 0 and found < len(following):
                    seen[cell] = 1
                    for i in range(4):
                        following[found, i] = state[i]
                    found += 1
        reached, following, count = following, reached, found
    return most


@pytest.mark.slow
def test_the_best_known_return_is_that_of_shortest_plans():
    """Coarser cells than were measured, whose plans are a little longer."""
    rng, state, grid = np.random.default_rng(0), np.zeros(4), np.zeros(TASK.grid_shape, np.uint8)
    returns = []
    for _ in range(10):
        TASK.reset(TASK.params, state, grid, rng)
        # The last step is free.
        returns.append(
            1 - shortest(TASK.params, state, grid, rng, np.zeros(100 * 100 * 120 * 160, np.uint8), 100, 120, 160, 120)
        )
    assert TASK.optimal_return - 5 < np.mean(returns) < TASK.optimal_return + 0.5


def test_pumping_is_good_and_the_best_known_return_is_better():
    returns = returns_of(TASK, pump, 200)
    assert -100 < returns.mean() < TASK.optimal_return - 4 * returns.std() / np.sqrt(len(returns))
