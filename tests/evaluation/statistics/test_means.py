import math

import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import Interval, mean_interval, standard_error, stratified_interval


def test_equal_values_leave_no_doubt():
    assert mean_interval([0.5] * 6) == Interval(0.5, 0.5, 0.5, 6)


def test_two_values_span_the_interval():
    pass


def test_one_seed_has_no_interval():
    assert mean_interval([0.25]) == Interval(0.25, None, None, 1)
    assert stratified_interval([[0.0], [1.0]]) == Interval(0.5, None, None, 1)
    assert standard_error([0.25]) is None


def test_standard_error_by_hand():
    assert standard_error([1.0, 2.0, 3.0, 4.0]) == pytest.approx(math.sqrt(5 / 3) / 2)


def test_a_large_sample_agrees_with_the_normal_interval():
    values = np.random.default_rng(0).normal(2.0, 3.0, 2000)
    interval, half = mean_interval(values), 1.96 * float(standard_error(values) or 0.0)
    assert interval.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_environments_are_fixed():
    # Between environments everything differs, between seeds nothing: there is no doubt about these environments.
    assert stratified_interval([[0.0] * 5, [1.0] * 5]) == Interval(0.5, 0.5, 0.5, 5)


def test_one_environment_is_the_mean_of_its_seeds():
    values = np.random.default_rng(1).normal(size=9)
    assert stratified_interval(values[None]) == mean_interval(values)


def test_a_statistic_of_ones_own():
    table = np.random.default_rng(2).normal(size=(3, 8))
    interval = stratified_interval(table, lambda seen: seen.mean(axis=-1).min(axis=-1))
    assert interval.mean == table.mean(axis=1).min()
    assert interval.low is not None and interval.high is not None
    assert interval.low < interval.mean < interval.high


def test_same_seed_same_interval():
    values = np.random.default_rng(3).normal(size=7)
    assert mean_interval(values, seed=5) == mean_interval(values, seed=5)
    assert mean_interval(values, seed=5) != mean_interval(values, seed=6)


def test_less_confidence_is_narrower():
    values = np.random.default_rng(4).normal(size=20)
    wide, narrow = mean_interval(values), mean_interval(values, confidence=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("draw", ["normal", "exponential"])
@pytest.mark.parametrize("environments", [1, 4])
def test_intervals_cover_the_truth(draw, environments):
    rng = np.random.default_rng(11)
    truth = {"normal": 0.0, "exponential": 1.0}[draw]
    repetitions, covered = 600, 0
    for repetition in range(repetitions):
        table = getattr(rng, draw)(size=(environments, 10))
        interval = stratified_interval(table, resamples=500, seed=repetition)
        covered += interval.low <= truth <= interval.high
    assert 0.88 <= covered / repetitions <= 0.99


@pytest.mark.parametrize("table", [[], [[]], [1.0, 2.0], [[1.0, math.nan]], [[math.inf, 0.0]]])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(RlsearchError, match="allowed is"):
        stratified_interval(table)


def test_values_of_another_shape_are_refused():
    with pytest.raises(RlsearchError, match="allowed is"):
        mean_interval([[1.0, 2.0]])
