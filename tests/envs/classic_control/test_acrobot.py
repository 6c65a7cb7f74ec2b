"""Acrobot against Gymnasium's own: within 1e-9, as its last bits hang on how squares are taken; and its best known return."""

from itertools import product

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task

from .beside import episodes, one_step, oracle_of

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
