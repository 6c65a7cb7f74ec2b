"""Probability of improvement: by hand, against scipy's U, and its complement."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import improvements, probability_of_improvement

SCORES = st.tuples(st.integers(2, 3), st.integers(1, 3), st.integers(2, 7), st.integers(0, 2**32 - 1)).map(
    lambda drawn: np.random.default_rng(drawn[3]).integers(0, 6, drawn[:3]) / 5  # with ties
)


def test_pairs_by_hand():
    # 1 beats 0 and ties with 1; 2 beats both: 3.5 of 4. In the second environment nothing differs.
    interval = probability_of_improvement([[1.0, 2.0], [0.0, 0.0]], [[0.0, 1.0], [0.0, 0.0]])
    assert interval.mean == (3.5 / 4 + 0.5) / 2


def test_few_seeds_by_hand():
    # Each of the first beats (1/2, 1) of the second, each of the second is beaten by (1, 1/2): variances 1/8 and 1/8 over 2.
    interval = probability_of_improvement([[1.0, 3.0]], [[0.0, 2.0]])
    assert interval.mean == 0.75
    assert interval.low == max(0.0, 0.75 - stats.t.ppf(0.975, 2) * np.sqrt(1 / 8))
    assert interval.high == 1.0


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_it_is_mann_and_whitneys_u_and_its_complement_is_the_other_way(tables):
    band, n = improvements(tables, resamples=200), tables.shape[-1]
    for i, j in np.ndindex(band.estimate.shape):
        expected = [stats.mannwhitneyu(x, y).statistic / n**2 for x, y in zip(tables[i], tables[j], strict=True)]
        assert band.estimate[i, j] == pytest.approx(0.5 if i == j else np.mean(expected))
        assert band.estimate[i, j] + band.estimate[j, i] == pytest.approx(1.0)
        assert band.low[i, j] + band.high[j, i] == pytest.approx(1.0)
        assert 0.0 <= band.low[i, j] <= band.estimate[i, j] <= band.high[i, j] <= 1.0


def beaten(first, second, axis):
    """The share of pairs in which the first is above, as scipy's bootstrap asks."""
    assert axis == -1
    return (first[..., :, None] > second[..., None, :]).mean(axis=(-2, -1))


def test_the_interval_is_a_rescaled_bootstraps():
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.5, 1.0, 15), rng.normal(size=15)
    drawn = stats.bootstrap(
        (first, second),
        beaten,
        n_resamples=5000,
        rng=0,
        method="percentile",
    ).bootstrap_distribution
    interval = probability_of_improvement(first[None], second[None])
    expected = interval.mean + np.sqrt(15 / 14) * (np.quantile(drawn, [0.0187, 1 - 0.0187]) - interval.mean)  # 26 to 28 d. f.
    assert (interval.low, interval.high) == pytest.approx(tuple(expected), abs=0.02)


def test_a_pair_is_what_it_is_among_all():
    tables = np.random.default_rng(1).normal(size=(3, 2, 8))
    assert probability_of_improvement(tables[0], tables[1]) == improvements(tables).interval(0, 1)


def test_numbers_of_seeds_may_differ_and_one_has_no_interval():
    rng = np.random.default_rng(2)
    assert probability_of_improvement(rng.normal(size=(2, 6)), rng.normal(size=(2, 9))).low is not None
    assert probability_of_improvement(rng.normal(size=(2, 1)), rng.normal(size=(2, 9))).low is None
    assert improvements(rng.normal(size=(1, 2, 6))).estimate.tolist() == [[0.5]]


def test_the_environments_are_the_same():
    with pytest.raises(RlsearchError, match="2 environments and 1; allowed are the same ones"):
        probability_of_improvement(np.zeros((2, 3)), np.zeros((1, 3)))


@pytest.mark.parametrize("n", [4, 10])
def test_its_intervals_hold_the_truth(n):
    rng, truth = np.random.default_rng(n), stats.norm.cdf(0.5 / np.sqrt(2))
    held = 0
    for _ in range(300):
        interval = probability_of_improvement(rng.normal(0.5, 1.0, (4, n)), rng.normal(size=(4, n)), resamples=300)
        held += interval.low <= truth <= interval.high
    assert 0.91 <= held / 300 <= 0.99
