"""Simultaneous bounds: against a single test, against each other, and how often many equal candidates yield a false one."""

import numpy as np
import pytest
from scipy import stats

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import by_family, holm, max_t, new_environments_interval
from tests.support.score_noise import NOISES


def test_one_candidate_is_scipys_paired_t_test():
    values = np.random.default_rng(0).normal(0.3, 1.0, 40)
    test = stats.ttest_1samp(values, 0.0, alternative="greater")
    for found in (holm([[values]]), max_t([[values]], resamples=20_000)):
        assert found.p[0] == pytest.approx(test.pvalue, abs=0.01)
        assert found.low[0] == pytest.approx(test.confidence_interval(0.95).low, abs=0.03)


def test_holms_steps_by_hand():
    # p values of 0.001, 0.02, 0.03 and 0.9 of five seeds: adjusted 0.004, 0.06, 0.06 and 0.9, so only the first is better.
    shape = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / np.sqrt(2.5)
    t = stats.t.isf([0.001, 0.02, 0.03, 0.9], 4)
    found = holm(np.stack([[shape + one / np.sqrt(5)] for one in t]))
    assert found.p == pytest.approx([0.004, 0.06, 0.06, 0.9])
    assert found.better.tolist() == [True, False, False, False]
    assert found.low[0] == 0.0  # of a better one no more is said while others are not
    assert found.low[1:] == pytest.approx((t[1:] - stats.t.isf(0.05 / 3, 4)) / np.sqrt(5))


def test_holms_bounds_of_candidates_that_are_all_better_are_bonferronis():
    shape = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / np.sqrt(2.5)
    found = holm([[shape + 4.0], [shape + 5.0]])
    assert found.better.all()
    assert found.low == pytest.approx(np.array([4.0, 5.0]) - stats.t.isf(0.025, 4) / np.sqrt(5))


def test_the_largest_t_of_independent_candidates_is_sidaks():
    values = np.random.default_rng(1).normal(size=(20, 1, 200))
    found = max_t(values, resamples=10_000)
    quantile = (found.estimate - found.low) / (values.std(axis=-1, ddof=1)[:, 0] / np.sqrt(200))
    assert quantile == pytest.approx(np.full(20, stats.norm.ppf(0.95 ** (1 / 20))), abs=0.12)


def test_twins_cost_nothing_with_the_largest_t_and_their_number_with_holm():
    one = np.random.default_rng(2).normal(0.5, 1.0, (1, 2, 12))
    many = np.repeat(one, 50, axis=0)
    assert max_t(many).low == pytest.approx(max_t(one).low[0])
    assert holm(many).low[0] < holm(one).low[0] - 0.1


def test_what_does_not_differ_from_the_reference_is_not_better():
    differences = np.zeros((2, 3, 8))
    differences[1] += 0.1
    for found in (max_t(differences), holm(differences)):
        assert found.estimate == pytest.approx([0.0, 0.1])
        assert found.better.tolist() == [False, True]


def test_better_is_a_bound_above_0_and_p_below_a_twentieth():
    differences = np.random.default_rng(3).normal(size=(12, 2, 9)) + np.linspace(-1.0, 2.0, 12)[:, None, None]
    found = max_t(differences)
    assert 0 < found.better.sum() < 12
    assert (found.better == (found.low > 0.0)).all() and (found.better == (found.p <= 0.05)).all()
    assert max_t(differences, seed=1).low == pytest.approx(found.low, abs=0.1)
    assert (max_t(differences).low == found.low).all()


def test_new_families_are_replicates():
    table = np.random.default_rng(4).normal(size=(2, 6, 3)) + np.repeat([1.0, 5.0, 9.0], 2)[:, None]
    means = by_family(table, list("aabbcc"))
    assert means.shape == (2, 1, 3)
    assert means[1, 0, 2] == pytest.approx(table[1, 4:].mean())
    half = new_environments_interval(table[0], list("aabbcc"))
    expected = stats.ttest_1samp(means[0, 0], 0.0).confidence_interval(0.95)
    assert (half.low, half.high) == pytest.approx((expected.low, expected.high))
    with pytest.raises(RlsearchError, match="2 families for 6 environments"):
        by_family(table, ["a", "b"])


def test_too_few_seeds_are_refused():
    with pytest.raises(RlsearchError, match="2 differences over 5 seeds; allowed is from 6 seeds"):
        max_t(np.zeros((2, 1, 5)))
    with pytest.raises(RlsearchError, match="over one seed; allowed is from two"):
        holm(np.zeros((2, 1, 1)))


def false_ones(noise: str, candidates: int, environments: int, n: int, repetitions: int) -> tuple[float, float]:
    """The share of comparisons of equal losses in which the largest t, and Holm, find some better than the reference."""
    rng, found = np.random.default_rng((candidates, environments, n)), np.zeros(2)
    for seed in range(repetitions):
        scores = NOISES[noise](rng, (candidates + 1, environments, n))
        differences = scores[1:] - scores[0]
        found += max_t(differences, resamples=400, seed=seed).better.any(), holm(differences).better.any()
    return tuple(found / repetitions)


@pytest.mark.parametrize("environments, n", [(1, 6), (4, 10)])
def test_of_many_equal_candidates_hardly_one_is_called_better(environments, n):
    for share in false_ones("normal", 40, environments, n, 300):
        assert share <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 300)


@pytest.mark.slow
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("environments, n", [(1, 6), (4, 6), (4, 20)])
def test_family_wise_error_of_every_noise(noise, environments, n):
    """Printed (`-s`); as promised for normal scores, and not far above for the others."""
    shares = false_ones(noise, 100, environments, n, 400)
    print(f"\n{noise}, {environments} environment(s), {n} seeds, 100 candidates: max-t {shares[0]:.3f}, Holm {shares[1]:.3f}")
    for share in shares:
        assert share <= 0.05 + (2.6 * np.sqrt(0.05 * 0.95 / 400) if noise == "normal" else 0.05)
