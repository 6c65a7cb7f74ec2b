"""The clock that stands still while its process does."""

import pytest

from rlsearch.executor import clock as clocks
from rlsearch.executor.clock import MOST_S, RunningClock


def test_a_stop_counts_little(monkeypatch):
    times = iter([100.0, 100.3, 100.3, 4000.0, 4000.5])
    monkeypatch.setattr(clocks.time, "monotonic", lambda: next(times))
    clock = RunningClock()
    assert [clock.passed_s() for _ in range(4)] == [pytest.approx(0.3), 0.0, MOST_S, pytest.approx(0.5)]
