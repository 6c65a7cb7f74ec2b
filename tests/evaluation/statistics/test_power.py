"""Power: components by hand, numbers against the usual formula and against simulation."""

import numpy as np
import pytest
from scipy import stats

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import Components, components, needed

MEASURED = Components(loss=0.015**2, interaction=0.058**2, seed=0.134**2)  # of 37 good losses in 22 environments


def test_components_by_hand():
    # Losses 1 and -1 apart, crossed by 0.5 with two environments, crossed by 0.1 with two seeds in the first environment.
    loss, cross = np.array([1.0, -1.0])[:, None, None], np.array([0.5, -0.5])[None, :, None]
    noise = np.array([[0.1, -0.1], [0.0, 0.0]])[None] * np.array([1.0, -1.0])[:, None, None]
    found = components(7.0 + loss + loss * cross + noise + 3.0 * cross)
    seed = 4 * 0.1**2 / (1 * 2 * 1)
    assert found.seed == pytest.approx(seed)
    assert found.interaction == pytest.approx(4 * 0.5**2 - seed / 2)
    assert found.loss == pytest.approx(2.0 - 4 * 0.5**2 / 2)


def test_components_of_drawn_scores_are_what_they_were_drawn_with():
    rng, found = np.random.default_rng(0), []
    for _ in range(40):
        tables = 0.1 * rng.normal(size=(12, 1, 1)) + 0.2 * rng.normal(size=(12, 10, 1)) + 0.3 * rng.normal(size=(12, 10, 5))
        shared = rng.normal(size=(1, 10, 1)) + rng.normal(size=(1, 10, 5))
        one = components(tables + shared)
        found.append((one.loss, one.interaction, one.seed))
    assert np.mean(found, axis=0) == pytest.approx([0.01, 0.04, 0.09], rel=0.1, abs=0.002)


def test_what_pairing_shares_is_no_noise():
    shared = np.random.default_rng(1).normal(size=(1, 3, 4))
    found = components(np.concatenate([shared, shared + 1.0]))
    assert (found.loss, found.interaction, found.seed) == pytest.approx((0.5, 0.0, 0.0))


def test_as_many_seeds_as_the_usual_formula_says():
    """(2.8 * standard deviation of a difference / effect)^2, and a little more for Student's t: 13 seeds were measured."""
    for effect, about in ((0.05, 13), (0.02, 79), (0.01, 314)):
        found = needed(effect, MEASURED, 9, 4).these
        usual = 2 * MEASURED.seed / 9 * ((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) / effect) ** 2
        assert usual == pytest.approx(about, abs=1)
        assert usual <= found <= usual + 1.5


def test_words():
    assert str(needed(0.05, MEASURED, 9, 24)) == (
        "an effect of 0.05 needs in these 9 environments 13 seeds; of new environments 28 environments of 24 seeds "
        "(with 80 % power at 95 %)"
    )
    plenty = str(needed(0.5, MEASURED, 9, 1))
    assert plenty.endswith("of 1 seed, or 9 environments of 1 seed (with 80 % power at 95 %)")


def test_no_number_of_seeds_tells_new_environments_apart():
    found = needed(0.05, MEASURED, 9, 4)
    assert found.new_seeds is None and found.new_environments is not None
    assert needed(0.05, MEASURED, 1, 4).new_seeds is None  # a single environment knows of no other
    assert needed(1e-9, MEASURED, 9, 4).these is None


def test_less_is_needed_for_more():
    numbers = [needed(effect, MEASURED, 9, 4).these for effect in (0.01, 0.02, 0.05, 0.2, 10.0)]
    assert numbers == sorted(numbers, reverse=True) and numbers[-1] == 2
    assert needed(0.05, MEASURED, 9, 4, candidates=1000).these == pytest.approx(37, abs=3)  # as measured
    assert needed(0.05, MEASURED, 9, 4, power=0.9).these > needed(0.05, MEASURED, 9, 4).these
    assert needed(0.05, MEASURED, 18, 4).these < needed(0.05, MEASURED, 9, 4).these
    assert needed(0.05, Components(0.0, 0.0, 0.0), 9, 4).these == 2


def test_simulated_power_is_the_power_asked_for():
    rng, repetitions = np.random.default_rng(2), 4000
    number = needed(0.1, MEASURED, 3, 2)
    normal = np.sqrt(2) * rng.normal(size=(repetitions, 3, number.these))
    means = 0.1 + MEASURED.seed**0.5 * normal
    t = means.mean(axis=(1, 2)) / np.sqrt(means.var(axis=2, ddof=1).sum(axis=1) / number.these / 9)
    assert 0.78 <= (t > stats.t.ppf(0.975, 3 * (number.these - 1))).mean() <= 0.88
    worth = np.sqrt(MEASURED.interaction + MEASURED.seed / 2) * np.sqrt(2)
    effects = 0.1 + worth * rng.normal(size=(repetitions, number.new_environments))
    told = stats.ttest_1samp(effects, 0.0, axis=1, alternative="greater").pvalue < 0.025
    assert 0.78 <= told.mean() <= 0.86


@pytest.mark.parametrize(
    "numbers, message",
    [
        ({"effect": 0.0}, "effect is 0.0, allowed is above 0"),
        ({"effect": float("nan")}, "effect is nan"),
        ({"power": 1.0}, "power is 1.0, allowed is above 0 and below 1"),
        ({"confidence": 95}, "confidence is 95"),
        ({"environments": 0}, "0 environments"),
        ({"candidates": 0}, "0 candidates"),
    ],
)
def test_impossible_numbers_are_refused(numbers, message):
    with pytest.raises(RlsearchError, match=message):
        needed(**{"effect": 0.05, "found": MEASURED, "environments": 9, "seeds": 4, **numbers})


@pytest.mark.parametrize("shape", [(1, 2, 2), (2, 1, 2), (2, 2, 1)])
def test_components_need_two_of_each(shape):
    with pytest.raises(RlsearchError, match="allowed are from two of each"):
        components(np.zeros(shape))
