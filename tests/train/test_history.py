"""The learning curve's conventions."""

import numpy as np
import pytest

from rlsearch.train.history import History
from tests.support.tasks import clockwork

TASK = clockwork(1, 1)  # a return of 10 is 1


def history(returns: list[float], ends: list[int], diverged_at: int = -1) -> History:
    lengths, theta = np.ones(len(ends), np.int64), np.empty(0, np.float32)
    return History(np.array(returns), lengths, np.array(ends, np.int64), diverged_at, 100, 100, (), theta)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (history([10.0, 5.0, 0.0, 10.0], [1, 25, 26, 100]), [0.75, 0.0, 0.0, 1.0]),  # a mean; bin 2 repeats
        (history([5.0], [60]), [0.5, 0.5, 0.5, 0.5]),  # before the first known value
        (history([], []), [0.0, 0.0, 0.0, 0.0]),
        (history([20.0, 10.0], [10, 55], diverged_at=60), [2.0, 2.0, 0.0, 0.0]),  # not clipped; 0 from divergence on
        (history([], [], diverged_at=0), [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_curve(run: History, expected: list[float]) -> None:
    assert run.curve(TASK, bins=4).tolist() == expected


def test_more_bins_than_steps() -> None:
    assert history([10.0], [100]).curve(TASK, bins=200).shape == (200,)
