"""Aggregate measures of a loss beside the mean: interquartile mean and optimality gap (Agarwal et al. 2021)."""

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.evaluation.statistics.interval import Array, Band
from rlsearch.evaluation.statistics.means import stratified_bands
from rlsearch.evaluation.statistics.resampling import RESAMPLES, checked


def interquartile_mean(table: Array) -> Array:
    """Mean of the middle half of all runs: `[..., environments, seeds]` to `[...]`.

    As scipy's `trim_mean`: a quarter of the runs, rounded down, is left out on either side.
    """
    runs = np.sort(table.reshape(*table.shape[:-2], -1), axis=-1)  # faster than a partition
    out = runs.shape[-1] // 4
    middle: Array = runs[..., out : runs.shape[-1] - out].mean(axis=-1)
    return middle


def optimality_gap(
    tables: ArrayLike,
    optimum: float = 1.0,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Band:
    """How far runs stay below the optimum on average, with intervals; what a run has above it makes good for no other.

    Args:
        tables: `[..., environments, seeds]`.
        optimum: score from which nothing is missing.
        confidence, resamples, seed: as in `stratified_bands`.
    """
    values = checked(tables, "[..., environments, seeds]")
    gaps = np.maximum(optimum - values, 0.0)
    return stratified_bands(gaps, confidence=confidence, resamples=resamples, seed=seed).clipped(0.0, np.inf)
