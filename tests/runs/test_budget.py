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


def test_what_is_under_way_gets_a_moment_once_it_is_over():
    """A share of the minutes, and hardly any if somebody waits; a total of proposals is never over before."""
    stop = Stop()
    clocks = [Clock(budget, 0.0, stop) for budget in (Budget(minutes=0.5), Budget(minutes=10), Budget(proposals=5))]
    assert [clock.grace_s() for clock in clocks] == [5.0, pytest.approx(30.0), float("inf")]
    stop.asked = True
    assert [clock.grace_s() for clock in clocks] == [2.0, 2.0, 2.0]
