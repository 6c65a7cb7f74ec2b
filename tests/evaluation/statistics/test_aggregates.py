"""Interquartile mean and optimality gap: by hand, and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rlsearch.evaluation.statistics import interquartile_mean, optimality_gap, stratified_bands, stratified_interval
from tests.support.score_noise import coverage


def test_interquartile_mean_by_hand():
    assert interquartile_mean(np.array([[0.0, 1.0, 2.0, 99.0]])) == 1.5
    assert interquartile_mean(np.array([[0.0, 9.0], [1.0, 2.0], [3.0, -9.0]])) == 1.5  # of 6 one is left out on either side
    assert interquartile_mean(np.array([[7.0]])) == 7.0


@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_interquartile_mean_is_scipys(environments, n, seed):
    tables = np.random.default_rng(seed).normal(size=(2, environments, n))
    expected = [stats.trim_mean(table.ravel(), 0.25) for table in tables]
    assert interquartile_mean(tables) == pytest.approx(expected)


def test_its_interval_is_a_rescaled_bootstraps():
    values = np.random.default_rng(0).normal(size=20)
    drawn = stats.bootstrap(
        (values,), lambda x, axis: stats.trim_mean(x, 0.25, axis=axis), n_resamples=20_000, rng=0, method="percentile"
    ).bootstrap_distribution
    tail, middle = stats.norm.cdf(stats.t.ppf(0.025, 19)), stats.trim_mean(values, 0.25)
    expected = middle + np.sqrt(20 / 19) * (np.quantile(drawn, [tail, 1 - tail]) - middle)
    interval = stratified_interval(values[None], interquartile_mean, resamples=20_000)
    assert (interval.mean, interval.low, interval.high) == pytest.approx((middle, *expected), abs=0.03)


@pytest.mark.parametrize("n", [3, 8])
def test_its_intervals_hold_the_truth(n):
    tables = np.random.default_rng(n).normal(size=(300, 4, n))
    band = stratified_bands(tables, interquartile_mean, resamples=400)
    assert 0.9 <= coverage(band) <= 0.99


def test_optimality_gap_by_hand():
    band = optimality_gap([[[0.5, 1.5], [0.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]])
    assert band.estimate.tolist() == [0.375, 0.0]
    assert band.low.tolist() == [0.0, 0.0] and band.high[0] > 0.375 and band.high[1] == 0.0
    assert optimality_gap([[0.5, 1.5]], optimum=2.0).estimate == 1.0


def test_optimality_gap_is_what_is_missing_in_the_mean_of_clipped_scores():
    table = np.random.default_rng(1).normal(0.8, 0.3, size=(3, 12))
    gap, clipped = optimality_gap(table).interval(), stratified_interval(np.minimum(table, 1.0))
    assert (gap.mean, gap.low, gap.high) == pytest.approx((1 - clipped.mean, 1 - clipped.high, 1 - clipped.low), abs=0.01)
