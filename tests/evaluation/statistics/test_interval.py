"""Intervals in words, and the pieces that they are made of, against NumPy and scipy."""

import numpy as np
import pytest
from scipy import stats

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.interval import Band, Interval, Scope, percentile_band, pooled_freedom, student_band


@pytest.mark.parametrize(
    "interval, words",
    [
        (Interval(0.81, 0.76, 0.85, 10), "0.810 [0.760, 0.850], 10 seeds"),
        (Interval(0.81, None, None, 1), "0.810, one seed: no interval"),
        (Interval(0.81, 0.6, 0.9, 9, Scope.NEW), "0.810 [0.600, 0.900] for new environments, 9 families"),
        (Interval(0.81, None, None, 1, Scope.NEW), "0.810 for new environments, one family: no interval"),
    ],
)
def test_an_interval_says_what_it_speaks_of(interval, words):
    assert str(interval) == words


def test_a_band_gives_its_intervals_and_stays_in_its_range():
    band = Band(np.array([0.5, 0.9]), np.array([-0.1, 0.8]), np.array([0.7, 1.2]), 8)
    assert band.interval(1) == Interval(0.9, 0.8, 1.2, 8)
    clipped = band.clipped(0.0, 1.0)
    assert (clipped.interval(0), clipped.interval(1)) == (Interval(0.5, 0.0, 0.7, 8), Interval(0.9, 0.8, 1.0, 8))
    single = Band(np.array([0.5]), None, None, 1)
    assert single.clipped(0.0, 1.0).interval(0) == Interval(0.5, None, None, 1)


def test_percentiles_are_numpys_at_students_places():
    rng = np.random.default_rng(0)
    estimate, drawn, freedom = np.zeros(3), rng.normal(size=(1000, 3)), np.array([5.0, 9.0, 1e6])
    band = percentile_band(estimate, drawn, 2.0, freedom, 6, 0.95, Scope.THESE)
    tails = stats.norm.cdf(stats.t.ppf(0.025, freedom))
    assert tails[2] == pytest.approx(0.025, rel=1e-4)
    for place, tail in enumerate(tails):
        assert band.low[place] == pytest.approx(2.0 * np.quantile(drawn[:, place], tail))
        assert band.high[place] == pytest.approx(2.0 * np.quantile(drawn[:, place], 1.0 - tail))


def test_pooled_degrees_of_freedom_by_hand():
    assert pooled_freedom(np.array([1.0, 0.0]), 4.0) == 4.0  # one part makes all of it
    assert pooled_freedom(np.array([1.0, 1.0]), 4.0) == 8.0
    assert pooled_freedom(np.array([2.0, 1.0]), np.array([4.0, 2.0])) == pytest.approx(9.0 / 1.5)
    assert pooled_freedom(np.array([0.0, 0.0]), np.array([4.0, 2.0])) == 6.0


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95, float("nan")])
def test_a_confidence_is_between_0_and_1(confidence):
    with pytest.raises(RlsearchError, match=r"confidence is .*, allowed is above 0 and below 1"):
        student_band(np.zeros(1), np.ones(1), np.ones(1), 2, confidence, Scope.THESE)
