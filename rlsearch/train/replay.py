"""Uniform replay (Lin 1992): a ring of transitions, sampled with replacement."""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from rlsearch.train.kernel import FLOAT_1, FLOAT_2, FLOAT_3, kernel


class Replay(NamedTuple):
    """Transitions: `observation`, `next_observation` `[N, observation]`; `action`, `reward`, `terminated` `[N]`, float32.

    `reward` is the training reward; `terminated` is 1 where the environment ended by itself, 0 where the horizon cut it off,
    because a state is worth just as much when the clock stops there (Pardo et al. 2018, https://arxiv.org/abs/1712.00378).
    """

    observation: Any
    next_observation: Any
    action: Any
    reward: Any
    terminated: Any


class Batch(NamedTuple):
    """`observations` `[2, observation, B]`: s and s_next; `samples` `[3, B]` float32: a, r, discount (SAMPLE_INPUTS)."""

    observations: Any
    samples: Any


REPLAY = types.NamedTuple((FLOAT_2, FLOAT_2, FLOAT_1, FLOAT_1, FLOAT_1), Replay)
BATCH = types.NamedTuple((FLOAT_3, FLOAT_2), Batch)


def empty_replay(capacity: int, observation_size: int) -> Replay:
    """Memory is touched only as it fills, so a large capacity costs nothing in a short run."""
    column = [np.empty(capacity, np.float32) for _ in range(3)]
    row = [np.empty((capacity, observation_size), np.float32) for _ in range(2)]
    return Replay(*row, *column)


def empty_batch(size: int, observation_size: int) -> Batch:
    """Room for one batch."""
    return Batch(np.empty((2, observation_size, size), np.float32), np.empty((3, size), np.float32))


@kernel(types.void(REPLAY, BATCH, types.int64, types.float64, types.npy_rng))
def sample(replay, batch, stored, gamma, rng):  # type: ignore[no-untyped-def]
    """Fill the batch with transitions drawn from the first `stored`; discount = gamma * (1 - terminated)."""
    observation, next_observation = replay.observation, replay.next_observation
    observations, samples = batch.observations, batch.samples
    decay = np.float32(gamma)
    for b in range(samples.shape[1]):
        i = int(rng.random() * stored)
        for j in range(observation.shape[1]):
            observations[0, j, b] = observation[i, j]
            observations[1, j, b] = next_observation[i, j]
        samples[0, b] = replay.action[i]
        samples[1, b] = replay.reward[i]
        samples[2, b] = decay * (np.float32(1) - replay.terminated[i])
