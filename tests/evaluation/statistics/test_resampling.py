"""Resampling: its draws, and the two ways to the mean of a resample."""

import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.means import mean_over_environments
from rlsearch.evaluation.statistics.resampling import checked, resampled_means, resampled_statistics, seed_counts


def test_each_resample_draws_as_many_seeds_as_there_are():
    counts = np.array(list(seed_counts(3, 7, 500, seed=0)))
    assert counts.shape == (3, 500, 7)
    assert (counts.sum(axis=-1) == 7).all()
    assert counts.mean() == 1.0 and abs(counts.mean(axis=1) - 1.0).max() < 0.2
    assert not (counts[0] == counts[1]).all()


def test_counts_and_gathered_tables_give_one_mean():
    tables = np.random.default_rng(0).normal(size=(2, 4, 9))
    counted = np.mean(list(resampled_means(tables, 20_000, seed=3)), axis=0)
    gathered = resampled_statistics(tables, mean_over_environments, 20_000, seed=3)
    assert counted == pytest.approx(gathered, abs=1e-12)


def test_a_table_meets_the_same_draws_whatever_stands_beside_it():
    tables = np.random.default_rng(0).normal(size=(3, 2, 6))
    alone = resampled_statistics(tables[1:2], mean_over_environments, 100, seed=1)
    assert (resampled_statistics(tables, mean_over_environments, 100, seed=1)[:, 1:2] == alone).all()


@pytest.mark.parametrize(
    "values, allowed",
    [
        ([[1.0], [1.0, 2.0]], "[environments, seeds]"),
        ([["a"]], "[environments, seeds]"),
        ([1.0], "[environments, seeds]"),
        ([[[1.0]]], "[environments, seeds]"),
        ([1.0], "[..., environments, seeds]"),
        ([[np.nan]], "[..., environments, seeds]"),
        ([[]], "[environments, seeds]"),
    ],
)
def test_what_is_no_table_is_refused(values, allowed):
    with pytest.raises(RlsearchError, match="allowed is \\[") as error:
        checked(values, allowed)
    assert "\n" not in str(error.value)


def test_more_axes_may_stand_before_a_table():
    assert checked(np.zeros((2, 3, 4, 5)), "[..., environments, seeds]").shape == (2, 3, 4, 5)


@pytest.mark.parametrize("resamples, seed", [(0, 0), (10, -1)])
def test_impossible_draws_are_refused(resamples, seed):
    with pytest.raises(RlsearchError, match="allowed are from 1 resample"):
        next(seed_counts(1, 6, resamples, seed))
