"""Scores of trials: of one training, of the environments of a seed, of the seeds of a rung."""

import math
from collections.abc import Sequence

from rlsearch.evaluation.trial import TrialResult, TrialRow, mean
from rlsearch.space.model import Score


def measure(result: TrialResult, score: Score) -> float:
    """The score of one run: mean of the whole curve, or of its last fifth."""
    return result.area if score.measure == "area" else result.final


def aggregate(scores: Sequence[float], score: Score, clip: bool = True) -> float:
    """The score over several environments: clipped to [0, 1] inside the search, never when reported."""
    values = [min(max(value, 0.0), 1.0) for value in scores] if clip else scores
    if score.aggregate == "mean":
        return mean(values)
    return math.exp(mean([math.log(max(value, score.floor)) for value in values]))


def seed_scores(rows: Sequence[TrialRow], score: Score, clip: bool = True) -> list[float]:
    """The score of each seed over its environments, from rows of one rung; in the order of the seeds."""
    by_seed: dict[int, list[float]] = {}
    for row in rows:
        by_seed.setdefault(row.seed_index, []).append(measure(row.result, score))
    return [aggregate(by_seed[seed], score, clip) for seed in sorted(by_seed)]


def scores_by_rung(rows: Sequence[TrialRow], score: Score) -> list[dict[int, float]]:
    """The scores by seed, for each rung that the trials are of."""
    rungs: dict[int, list[TrialRow]] = {}
    for row in rows:
        rungs.setdefault(row.rung, []).append(row)
    return [
        dict(zip(sorted({row.seed_index for row in mine}), seed_scores(mine, score), strict=True)) for mine in rungs.values()
    ]
