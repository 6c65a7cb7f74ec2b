"""Means over seeds and their bootstrap intervals. A replicate is a seed, never an episode."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlsearch.errors import RlsearchError

Array = NDArray[np.float64]

RESAMPLES = 5000


@dataclass(frozen=True)
class Interval:
    """A mean and its confidence interval.

    Attributes:
        mean: the statistic of the values themselves.
        low, high: ends of the interval; None where a single seed says nothing about its own spread.
        n: seeds.
    """

    mean: float
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        """The interval in words: `0.810 [0.760, 0.850], 10 seeds`; one seed has none."""
        if self.low is None or self.high is None:
            return f"{self.mean:.3f}, one seed: no interval"
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}], {self.n} seeds"


def mean_interval(values: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """The mean of one value per seed `[seeds]`, with its interval; see `stratified_interval`."""
    column = np.asarray(values, np.float64)
    if column.ndim != 1:
        raise RlsearchError(f"values have shape {column.shape}, allowed is [seeds]")
    return stratified_interval(column[None], confidence=confidence, resamples=resamples, seed=seed)


def mean_over_environments(table: Array) -> Array:
    """Mean over environments of the mean over seeds: `[..., environments, seeds]` to `[...]`."""
    means: Array = table.mean(axis=-1).mean(axis=-1)
    return means


def stratified_interval(
    table: ArrayLike,
    statistic: Callable[[Array], Array] = mean_over_environments,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """A statistic over environments and seeds, with its stratified bootstrap interval: environments are fixed, seeds vary.

    Agarwal et al. 2021 (https://arxiv.org/abs/2108.13264) resample each environment's seeds apart and take percentiles.
    Percentiles of few seeds are too narrow (10 normal values: 95 % mean 90 %), so they are widened as in Hesterberg 2015
    (https://doi.org/10.1080/00031305.2015.1089789, expanded percentile interval), to what Student's t would ask for.
    An interval cannot leave the range of the values: of n seeds of a symmetric distribution it covers the mean with
    probability 1 - 2^(1 - n) at most, which is below 95 % up to n = 5.

    Args:
        table: `[environments, seeds]`, finite.
        statistic: `[..., environments, seeds]` to `[...]`.
        confidence: in (0, 1).
        resamples: bootstrap samples.
        seed: of the resampling; the same table and seed give the same interval.

    Raises:
        RlsearchError: the table is empty, has another shape or holds what is not finite.
    """
    values = np.asarray(table, np.float64)
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise RlsearchError(
            f"a table of shape {values.shape} with {np.isfinite(values).sum()} finite numbers; "
            "allowed is [environments, seeds], at least one of each, all finite"
        )
    n = values.shape[1]
    mean = float(statistic(values))
    if n < 2:
        return Interval(mean, None, None, n)
    rng = np.random.default_rng(seed)
    drawn = np.stack([row[rng.integers(0, n, (resamples, n))] for row in values], axis=1)
    tail = _tail(values, confidence)
    low, high = np.quantile(statistic(drawn), [tail, 1.0 - tail])
    return Interval(mean, float(low), float(high), n)


def _tail(values: Array, confidence: float) -> float:
    """The percentile to cut at: Phi(-t * sqrt(n / (n - 1))) instead of (1 - confidence) / 2."""
    # Heavy, and it loads the BLAS whose threads a worker must limit first (rlsearch.numba_support.jit).
    from scipy import special

    n = values.shape[1]
    variances = values.var(axis=1, ddof=1)
    # Welch and Satterthwaite: n - 1 degrees of freedom where one environment makes all the noise, E * (n - 1) at most.
    total = float(np.square(variances).sum())
    freedom = (n - 1) * (float(variances.sum()) ** 2 / total if total > 0.0 else len(values))
    t = float(special.stdtrit(freedom, (1.0 + confidence) / 2.0))
    return float(special.ndtr(-t * math.sqrt(n / (n - 1))))


def standard_error(values: ArrayLike) -> float | None:
    """The standard deviation (n - 1) over the square root of n; None for fewer than two values."""
    column = np.asarray(values, np.float64)
    return float(column.std(ddof=1) / math.sqrt(column.size)) if column.size > 1 else None
