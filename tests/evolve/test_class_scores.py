"""Scores that selection may believe: shrinkage by hand and in simulation, rungs before scores, moving bars."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.evolve.class_scores import MAX_SHRINKAGE, MIN_CLASSES, ClassScores

NONE = float("-inf")


def test_few_classes_meet_the_prior_half_way():
    class_scores = ClassScores(1)
    class_scores.record(3, [{0: 0.2}])
    assert class_scores.shrunken_score(3) == pytest.approx(0.2)  # alone, it is the prior
    class_scores.record(5, [{0: 0.8}])
    assert [class_scores.shrunken_score(number) for number in (3, 5)] == pytest.approx([0.35, 0.65])  # (0.2 + 0.5) / 2
    class_scores.record(5, [{1: 0.6}])  # mean 0.7 of two seeds, prior 0.45
    assert [class_scores.shrunken_score(number) for number in (3, 5)] == pytest.approx([0.325, (2 * 0.7 + 0.45) / 3])
    assert class_scores[5].scores == {0: 0.8, 1: 0.6} and class_scores[5].mean == pytest.approx(0.7)
    assert class_scores.classes() == [3, 5] and 5 in class_scores and 4 not in class_scores


def test_shrinkage_by_hand():
    """Ten classes with means 0, 0.1, ..., 0.9, each of two seeds 0.1 to either side."""
    class_scores = ClassScores(1)
    for number in range(MIN_CLASSES):
        class_scores.record(number, [{0: number / 10 - 0.1, 1: number / 10 + 0.1}])
    within = 10 * (0.1**2 + 0.1**2) / 10  # squared deviations over degrees of freedom
    between = np.var(np.arange(10) / 10, ddof=1) - within / 2  # seeds' noise in means of two, taken off
    k = within / between
    assert k == pytest.approx(0.24490, rel=1e-4)
    for number in range(10):
        assert class_scores.shrunken_score(number) == pytest.approx((2 * number / 10 + k * 0.45) / (2 + k))


def test_classes_that_differ_by_noise_alone_are_shrunk_most():
    class_scores = ClassScores(1)
    for number in range(20):
        class_scores.record(number, [{0: 0.1, 1: 0.9}])
    class_scores.record(99, [{0: 0.9}])
    prior = (20 * 0.5 + 0.9) / 21
    most = class_scores.shrinkage(0)
    assert most == MAX_SHRINKAGE
    assert class_scores.shrunken_score(99) == pytest.approx((0.9 + most * prior) / (1 + most))


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 9), st.floats(0, 1)), max_size=60))
def test_running_sums_are_those_of_all_scores(records):
    """Further seeds change what a rung knows as if they had been there from the beginning."""
    running = ClassScores(1)
    for number, seed, score in records:
        running.record(number, [{seed: score}])
    afresh = ClassScores(1)
    for number in running.classes():
        afresh.record(number, [running[number].scores])
    for number in running.classes():
        assert running.fitness(number) == pytest.approx(afresh.fitness(number), abs=1e-6)
        assert 0 <= running.fitness(number) <= 1 + 1e-9


def test_failing_earlier_ranks_below_every_pass():
    class_scores = ClassScores(3)
    for number, climbed in enumerate(([{0: 1.0}], [{0: 0.3}, {0: 0.0}], [{0: 0.3}, {0: 0.9}], [{0: 0.3}, {0: 0.2}, {0: 0.01}])):
        class_scores.record(number, climbed)
    class_scores.record(7, [{0: 0.9}])
    order = sorted((7, 0, 1, 2, 3), key=class_scores.fitness)
    assert order == [7, 0, 1, 2, 3]
    assert class_scores.fitness(12345) == -1  # not scored yet
    assert [class_scores[number].rung for number in range(4)] == [0, 1, 1, 2]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30))
def test_no_failure_outranks_a_pass(classes):
    """Whatever the scores, also 0 and 1, and whatever the class scored on the rung before."""
    class_scores = ClassScores(3)
    for number, (passes, first, second) in enumerate(classes):
        class_scores.record(number, [{0: first}, {0: second}, *([{0: 0.0}] if passes else [])])
    worst = min((class_scores.fitness(n) for n, (passes, *_) in enumerate(classes) if passes), default=3)
    best = max((class_scores.fitness(n) for n, (passes, *_) in enumerate(classes) if not passes), default=0)
    assert best <= worst + 1e-12


def test_a_moving_bar_is_a_quantile_of_the_classes_that_reached_the_rung():
    class_scores = ClassScores(2)
    for number, score in enumerate((0.5, 0.1, 0.9, 0.3)):
        class_scores.record(number, [{0: score}])
    assert class_scores.bar(0, 0.5) == NONE  # fewer than five
    class_scores.record(4, [{0: 0.6, 1: 0.8}, {0: 0.2}])  # 0.7 on this rung, whatever came later
    assert [class_scores.bar(0, share) for share in (0.2, 0.4, 0.5, 0.8)] == [0.9, 0.7, 0.5, 0.3]
    assert class_scores.bar(0, 0.0) == 0.9
    assert class_scores.bar(0, 1.0) == NONE
    assert class_scores.bar(1, 0.5) == NONE
    class_scores.record(4, [{2: 0.0}])  # a further seed is no further class
    assert class_scores.bar(0, 0.2) == 0.9


def test_a_rung_that_all_fail_leaves_the_order_of_the_rung_before():
    class_scores = ClassScores(2)
    class_scores.record(1, [{0: 0.5}, {0: 0.02}])
    class_scores.record(2, [{0: 0.7}, {0: 0.02}])
    class_scores.record(3, [{0: 0.3}, {0: 0.04}])
    assert sorted(class_scores.classes(), key=class_scores.fitness) == [1, 2, 3]  # and it decides nothing else
