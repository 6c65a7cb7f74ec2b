"""Sampling draws from NumPy's own stream and keeps what belongs together together."""

import numpy as np

from rlsearch.train.replay import empty_batch, empty_replay, sample


def test_sample() -> None:
    replay, batch = empty_replay(10, 3), empty_batch(64, 3)
    number = np.arange(10)
    replay.observation[:] = number[:, None]
    replay.next_observation[:] = number[:, None] + 1
    replay.action[:], replay.reward[:], replay.terminated[:] = number % 2, -number, number % 3 == 0
    sample(replay, batch, 7, 0.5, np.random.default_rng(0))
    drawn = (np.random.default_rng(0).random(64) * 7).astype(int)
    assert set(drawn) == set(range(7))
    np.testing.assert_array_equal(batch.observations, np.stack([np.tile(drawn, (3, 1)), np.tile(drawn + 1, (3, 1))]))
    np.testing.assert_array_equal(batch.samples, [drawn % 2, -drawn, 0.5 * (drawn % 3 != 0)])
