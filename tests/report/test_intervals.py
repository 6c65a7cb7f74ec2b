"""Intervals as they are drawn and said."""

from rlsearch.evaluation.statistics import Interval
from rlsearch.report.intervals import ends


def test_an_interval_without_ends_is_drawn_as_its_mean() -> None:
    assert ends(Interval(0.5, 0.4, 0.6, 10)) == (0.4, 0.6)
    assert ends(Interval(0.5, None, None, 1)) == (0.5, 0.5)


def test_an_interval_is_said_with_its_seeds() -> None:
    assert str(Interval(0.5, 0.4, 0.6, 10)) == "0.500 [0.400, 0.600], 10 seeds"
    assert str(Interval(0.5, None, None, 1)) == "0.500, one seed: no interval"
