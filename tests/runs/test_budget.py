"""Budgets that cannot be meant, and the clock that tells when one is spent."""

import pytest

from rlsearch.errors import SpaceError
from rlsearch.runs import budget as budgets
from rlsearch.runs.budget import Budget, Clock, Stop


@pytest.fixture
def now(monkeypatch):
    """A clock that is set by hand."""
    time = [100.0]
    monkeypatch.setattr(budgets.time, "monotonic", lambda: time[0])
    return time


def test_budgets_that_cannot_be_met():
    for wrong in ({}, {"minutes": 1, "proposals": 2}, {"minutes": 0}, {"minutes": float("nan")}, {"proposals": -3}):
        with pytest.raises(SpaceError, match=r"--minutes|--proposals"):
            Budget(**wrong)


def test_the_clock_goes_on_where_it_stood(now):
    clock = Clock(Budget(minutes=2), 30.0, Stop())
    now[0] += 5
    assert clock.seconds() == 35 and clock.share_spent(7) == pytest.approx(35 / 120)
    clock.restart()
    assert clock.seconds() == 30
    over, whole = clock.stops_after(0.5), clock.stops_after(1.0)
    now[0] += 29
    assert not over() and not whole()
    now[0] += 1
    assert over() and not whole()
    now[0] += 60
    assert whole()


def test_proposals_are_not_timed(now):
    stop = Stop()
    clock = Clock(Budget(proposals=50), 0.0, stop)
    now[0] += 1e6
    over = clock.stops_after(0.5)
    assert clock.share_spent(20) == 0.4 and not over()
    stop.asked = True
    assert over()
