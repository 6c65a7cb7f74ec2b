"""The exploration schedule."""

import pytest

from rlsearch.train.replay.inner_loop import Schedule, epsilon_at


@pytest.mark.parametrize(("step", "epsilon"), [(0, 1.0), (50, 0.55), (100, 0.1), (101, 0.1), (10_000, 0.1)])
def test_epsilon_falls_linearly_then_stays(step: int, epsilon: float) -> None:
    assert epsilon_at(Schedule(1, 1, 1, 1.0, 0.1, 100), step) == pytest.approx(epsilon)
