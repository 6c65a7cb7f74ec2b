"""Means over seeds and environments, and paired differences, with intervals for these environments: their seeds vary."""

import math

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.interval import (
    FEW,
    Array,
    Band,
    Interval,
    Scope,
    percentile_band,
    pooled_freedom,
    student_band,
)
from rlsearch.evaluation.statistics.resampling import (
    RESAMPLES,
    Statistic,
    checked,
    resampled_means,
    resampled_statistics,
)


def mean_over_environments(table: Array) -> Array:
    """Mean over environments of the mean over seeds: `[..., environments, seeds]` to `[...]`."""
    means: Array = table.mean(axis=-1).mean(axis=-1)
    return means


def mean_interval(values: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """The mean of one value per seed `[seeds]`, with its interval; see `stratified_bands`."""
    table = checked(values, "[seeds]")[None]
    return stratified_bands(table, confidence=confidence, resamples=resamples, seed=seed).interval()


def stratified_interval(
    table: ArrayLike,
    statistic: Statistic = mean_over_environments,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """A statistic over environments and seeds `[environments, seeds]`, with its interval; see `stratified_bands`."""
    return stratified_bands(checked(table), statistic, confidence, resamples, seed).interval()


def stratified_bands(
    tables: ArrayLike,
    statistic: Statistic = mean_over_environments,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Band:
    """A statistic of each table, with its interval for these environments: they are fixed, their seeds vary.

    Below six seeds the interval is Student's, from there the stratified bootstrap's (`percentile_band`); one seed has none.
    Whatever is a mean of something of each run has its interval here. Environments that are equally noisy are covered too well
    by two seeds each (98 % instead of 95 %), a single noisy one among quiet ones by 91 %: degrees of freedom are estimated.

    Args:
        tables: `[..., environments, seeds]`, finite.
        statistic: `[..., environments, seeds]` to `[...]`.
        confidence: in (0, 1).
        resamples: bootstrap samples.
        seed: of the resampling; the same table and seed give the same interval.

    Raises:
        RlsearchError: no environment or seed, another shape, or what is not finite.
    """
    values = checked(tables, "[..., environments, seeds]")
    estimate, n = np.asarray(statistic(values)), values.shape[-1]
    if n < 2:
        return Band(estimate, None, None, n)
    error, freedom = mean_errors(values)
    is_mean = statistic is mean_over_environments
    if is_mean and n < FEW:
        return student_band(estimate, error, freedom, n, confidence, Scope.THESE)
    flat, scale = values.reshape(-1, *values.shape[-2:]), math.sqrt(n / (n - 1))
    if is_mean:
        drawn = sum(resampled_means(flat, resamples, seed), np.zeros(())) / values.shape[-2]
    else:
        drawn = resampled_statistics(flat, statistic, resamples, seed)
    drawn = drawn.reshape(-1, *estimate.shape)
    if n < FEW:
        return student_band(estimate, scale * drawn.std(axis=0), freedom, n, confidence, Scope.THESE)
    return percentile_band(estimate, drawn, scale, freedom, n, confidence, Scope.THESE)


def paired_differences(first: ArrayLike, second: ArrayLike) -> Array:
    """First minus second on the seeds that all environments have of both: `[environments, common seeds]`.

    Args:
        first, second: `[environments, seeds]` whose columns are the same seeds; NaN where a run is missing.

    Raises:
        RlsearchError: tables of different shapes, or without a common seed.
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if one.shape != two.shape or one.ndim != 2:
        raise RlsearchError(f"tables of shapes {one.shape} and {two.shape}, allowed are two of one [environments, seeds]")
    difference: Array = one - two
    common = ~np.isnan(difference).any(axis=0)
    if not common.any():
        raise RlsearchError("the two have no seed in common in all environments; train both on the same seeds")
    return difference[:, common]


def mean_errors(values: Array) -> tuple[Array, Array]:
    """Standard errors of the means of `[..., environments, seeds]`, environments fixed, and their degrees of freedom: `[...]`.

    n - 1 degrees of freedom where one environment makes all the noise, environments * (n - 1) at most.
    """
    environments, n = values.shape[-2:]
    parts = values.var(axis=-1, ddof=1) / (n * environments**2)
    return np.sqrt(parts.sum(axis=-1)), pooled_freedom(parts, n - 1)


def standard_error(values: ArrayLike) -> float | None:
    """The standard deviation (n - 1) over the square root of n; None for fewer than two values."""
    column = np.asarray(values, np.float64)
    return float(column.std(ddof=1) / math.sqrt(column.size)) if column.size > 1 else None
