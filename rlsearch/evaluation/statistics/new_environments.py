"""Means with intervals for new environments of the families: families are resampled, then the seeds within.

An interval for these environments says nothing of others: a loss that wins in one family by much and loses in most looks sure.
Environments of one family are alike, so a family is resampled whole; where no families are named, each environment is its own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.interval import FEW, Array, Band, Interval, Scope, percentile_band, student_band
from rlsearch.evaluation.statistics.means import mean_errors, mean_over_environments, stratified_interval
from rlsearch.evaluation.statistics.resampling import RESAMPLES, checked, resampled_means


def both_intervals(
    table: ArrayLike,
    families: Sequence[str] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[Scope, Interval]:
    """The mean over environments with its two intervals: for these environments, and for new ones of their families."""
    return {
        Scope.THESE: stratified_interval(table, confidence=confidence, resamples=resamples, seed=seed),
        Scope.NEW: new_environments_interval(table, families, confidence, resamples, seed),
    }


def new_environments_interval(
    table: ArrayLike,
    families: Sequence[str] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The mean over environments of `[environments, seeds]`, with its interval for new ones; see `new_environments_bands`."""
    return new_environments_bands(checked(table), families, confidence, resamples, seed).interval()


def new_environments_bands(
    tables: ArrayLike,
    families: Sequence[str] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Band:
    """Means over environments and seeds, each with its interval for new environments of the families.

    Student's t below six families, else the two-level bootstrap. Its plain form counts the seeds' noise twice, as the spread
    between families holds it already, so its deviations are scaled to the standard error. A single family has no interval,
    a single seed has one. There are only as many replicates as families: more of them narrow it, more seeds hardly.

    Args:
        tables: `[..., environments, seeds]`, finite.
        families: name of each environment's family; not given, each is a family of its own.
        confidence, resamples, seed: as in `stratified_bands`.

    Raises:
        RlsearchError: as `stratified_bands`; or families of another number than environments.
    """
    values = checked(tables, "[..., environments, seeds]")
    of_family = _membership(families, values.shape[-2])
    estimate, groups = mean_over_environments(values), len(of_family)
    if groups < 2:
        return Band(estimate, None, None, groups, Scope.NEW)
    error, freedom = _errors(values, estimate, of_family), np.full_like(estimate, groups - 1.0)
    if groups < FEW:
        return student_band(estimate, error, freedom, groups, confidence, Scope.NEW)
    drawn = _resampled(values.reshape(-1, *values.shape[-2:]), of_family, resamples, seed).reshape(-1, *estimate.shape)
    spread = drawn.std(axis=0)
    scale = np.where(spread > 0.0, error / np.where(spread > 0.0, spread, 1.0), 1.0)
    return percentile_band(estimate, drawn, scale, freedom, groups, confidence, Scope.NEW)


def _membership(families: Sequence[str] | None, environments: int) -> Array:
    """1 where an environment is of a family: `[families, environments]`, families in the order in which they are first met."""
    names = list(range(environments)) if families is None else list(families)
    if len(names) != environments:
        raise RlsearchError(f"{len(names)} families for {environments} environments; name the family of each environment")
    return np.array([[float(name == family) for name in names] for family in dict.fromkeys(names)])


def _errors(values: Array, estimate: Array, of_family: Array) -> Array:
    """Standard errors over families: of a mean of families of different sizes, and never below what the seeds alone make."""
    groups, environments = of_family.shape
    # The sum over families of (size * (mean of the family - mean of all))^2: the variance of a ratio of sums.
    apart = (values.mean(axis=-1) - estimate[..., None]) @ of_family.T
    between = np.square(apart).sum(axis=-1) * groups / (groups - 1) / environments**2
    within = np.square(mean_errors(values)[0]) if values.shape[-1] > 1 else np.zeros_like(between)
    errors: Array = np.sqrt(np.maximum(between, within))
    return errors


def _resampled(values: Array, of_family: Array, resamples: int, seed: int) -> Array:
    """Means over resampled families and seeds: `[tables, environments, seeds]` to `[resamples, tables]`."""
    groups, sizes = len(of_family), of_family.sum(axis=1)
    sums = np.zeros((groups, resamples, len(values)))
    for family, means in zip(of_family.argmax(axis=0), resampled_means(values, resamples, seed), strict=True):
        sums[family] += means
    rng = np.random.default_rng((seed, groups))
    chosen = rng.integers(0, groups, (resamples, groups))
    # A family that is drawn twice meets two resamplings of its seeds, so each place takes a row of its own.
    rows = rng.integers(0, resamples, (resamples, groups))
    total = np.zeros((resamples, len(values)))
    for place in range(groups):
        total += sums[chosen[:, place], rows[:, place]]
    drawn: Array = total / sizes[chosen].sum(axis=1)[:, None]
    return drawn
