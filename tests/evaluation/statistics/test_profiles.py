import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import performance_profile, stratified_interval


def test_shares_above_by_hand():
    profile = performance_profile([[0.0, 0.5, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5]], [-1.0, 0.0, 0.5, 1.0])
    assert profile.estimate.tolist() == [1.0, 0.875, 0.25, 0.0]
    assert profile.low[0] == profile.high[0] == 1.0
    assert 0.0 <= profile.low[2] < 0.25 < profile.high[2] <= 1.0


def test_a_point_is_the_mean_of_runs_above_and_profiles_fall():
    tables = np.random.default_rng(0).normal(size=(2, 3, 9))
    profile = performance_profile(tables, np.linspace(-2.0, 2.0, 11))
    assert profile.estimate.shape == profile.low.shape == (2, 11)
    assert (np.diff(profile.estimate, axis=-1) <= 0.0).all()
    alone = stratified_interval(tables[1] > 0.0)
    ends = (profile.estimate[1, 5], profile.low[1, 5], profile.high[1, 5])
    assert ends == pytest.approx((alone.mean, max(0.0, alone.low), min(1.0, alone.high)))


def test_the_area_under_a_profile_is_the_mean_of_scores_between_0_and_1():
    table = np.random.default_rng(1).random((2, 7))
    thresholds = (np.arange(10_000) + 0.5) / 10_000
    assert performance_profile(table, thresholds, resamples=1).estimate.mean() == pytest.approx(table.mean(), abs=1e-3)


def test_thresholds_are_numbers_in_a_row():
    with pytest.raises(RlsearchError, match=r"allowed is \[thresholds\]"):
        performance_profile([[0.0, 1.0]], [[0.5]])
