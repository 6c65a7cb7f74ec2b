"""Performance profiles: the share of runs above each score (Agarwal et al. 2021), so that no average hides the worst."""

from numpy.typing import ArrayLike

from rlsearch.evaluation.statistics.interval import Band
from rlsearch.evaluation.statistics.means import stratified_bands
from rlsearch.evaluation.statistics.resampling import RESAMPLES, checked


def performance_profile(
    tables: ArrayLike,
    thresholds: ArrayLike,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Band:
    """The share of runs whose score is above each threshold, environments alike, with pointwise bands.

    Args:
        tables: `[..., environments, seeds]`.
        thresholds: `[thresholds]`.
        confidence, resamples, seed: as in `stratified_bands`.

    Returns:
        A band `[..., thresholds]`.
    """
    values = checked(tables, "[..., environments, seeds]")
    above = values[..., None, :, :] > checked(thresholds, "[thresholds]")[:, None, None]
    return stratified_bands(above, confidence=confidence, resamples=resamples, seed=seed).clipped(0.0, 1.0)
