"""Sample efficiency: the score over environments and seeds at each point of training, with bands."""

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.evaluation.statistics.interval import Band
from rlsearch.evaluation.statistics.means import mean_over_environments, stratified_bands
from rlsearch.evaluation.statistics.resampling import RESAMPLES, Statistic, checked


def sample_efficiency(
    curves: ArrayLike,
    statistic: Statistic = mean_over_environments,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Band:
    """The learning curve over environments and seeds, with a pointwise band for these environments.

    Args:
        curves: `[..., environments, seeds, points]`.
        statistic: of each point's `[..., environments, seeds]`: the mean, or e.g. `interquartile_mean`.
        confidence, resamples, seed: as in `stratified_bands`.

    Returns:
        A band `[..., points]`.
    """
    values = checked(curves, "[..., environments, seeds, points]")
    return stratified_bands(np.moveaxis(values, -1, -3), statistic, confidence, resamples, seed)
