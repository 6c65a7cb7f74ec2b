"""Scores by hand: of one training, of a seed's environments, of seeds and rungs."""

import math

import pytest

from rlsearch.evaluation.scores import aggregate, measure, scores_by_rung, seed_scores
from rlsearch.space.model import Score
from tests.support.tiny_runs import flat


def test_a_measure_by_hand():
    result = flat(0, 0, 0, 0.0, curve=(0.0,) * 16 + (1.0, 0.5, 0.5, 1.0)).result
    assert measure(result, Score(measure="area")) == pytest.approx(3 / 20)
    assert measure(result, Score(measure="final")) == pytest.approx(3 / 4)


def test_environments_as_one_by_hand():
    score = Score(floor=0.05)
    assert aggregate([0.9, 0.4], score) == pytest.approx(0.6)
    assert aggregate([1.7, 0.25], score) == pytest.approx(0.5)  # clipped to 1
    assert aggregate([1.0, -3.0], score) == pytest.approx(math.sqrt(0.05))  # the floor
    assert aggregate([1.44, 1.0], score, clip=False) == pytest.approx(1.2)
    assert aggregate([1.0, -3.0], score, clip=False) == pytest.approx(math.sqrt(0.05))
    mean = Score(aggregate="mean")
    assert aggregate([1.7, -0.5], mean) == pytest.approx(0.5)
    assert aggregate([1.7, -0.5], mean, clip=False) == pytest.approx(0.6)


def test_scores_of_seeds_and_rungs_by_hand():
    rows = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.9), flat(1, 1, 0, 0.4), flat(1, 0, 1, 1.0), flat(1, 1, 1, 0.0)]
    assert seed_scores(rows[1:], Score()) == [pytest.approx(0.6), pytest.approx(math.sqrt(0.05))]
    assert scores_by_rung(rows, Score()) == [
        {0: pytest.approx(0.5)},
        {0: pytest.approx(0.6), 1: pytest.approx(math.sqrt(0.05))},
    ]
    assert scores_by_rung([flat(1, 0, 7, 0.3)], Score()) == [{7: pytest.approx(0.3)}]  # an extra seed
    assert scores_by_rung([], Score()) == []
