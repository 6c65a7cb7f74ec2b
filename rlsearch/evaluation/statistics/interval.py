"""Estimates with their confidence intervals, and the two ways to one: Student's t of few replicates, percentiles of many."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rlsearch.errors import RlsearchError

Array = NDArray[np.float64]

FEW = 6  # replicates: with fewer the interval is Student's, and no verdict is put in words


class Scope(StrEnum):
    """The environments that an interval speaks of: those that were met, whose seeds vary; or further ones of their families."""

    THESE = "these environments"
    NEW = "new environments"


@dataclass(frozen=True)
class Interval:
    """A mean and its confidence interval.

    Attributes:
        mean: the statistic of the values themselves.
        low, high: ends of the interval; None where a single replicate says nothing about its own spread.
        n: replicates: seeds of these environments, families of new ones.
        scope: the environments that the interval speaks of.
    """

    mean: float
    low: float | None
    high: float | None
    n: int
    scope: Scope = Scope.THESE

    def __str__(self) -> str:
        """The interval in words: `0.810 [0.760, 0.850], 10 seeds`; new environments are named; one replicate has none."""
        one, more = ("seed", "seeds") if self.scope is Scope.THESE else ("family", "families")
        named = "" if self.scope is Scope.THESE else f" for {self.scope}"
        if self.low is None or self.high is None:
            return f"{self.mean:.3f}{named}, one {one}: no interval"
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]{named}, {self.n} {more}"


@dataclass(frozen=True, eq=False)
class Band:
    """Many estimates and their intervals, each of its own (pointwise): a curve, a profile, a matrix of pairs.

    Attributes:
        estimate: `[...]`.
        low, high: ends, of the same shape; None as in an Interval.
        n, scope: as in an Interval, of all of them.
    """

    estimate: Array
    low: Array | None
    high: Array | None
    n: int
    scope: Scope = Scope.THESE

    def interval(self, *index: int) -> Interval:
        """One of the estimates with its interval."""
        low = None if self.low is None else float(self.low[index])
        high = None if self.high is None else float(self.high[index])
        return Interval(float(self.estimate[index]), low, high, self.n, self.scope)

    def clipped(self, least: float, most: float) -> "Band":
        """The band with its ends inside the range that its values can have."""
        if self.low is None or self.high is None:
            return self
        return replace(self, low=np.clip(self.low, least, most), high=np.clip(self.high, least, most))


def student_band(estimate: Array, error: Array, freedom: Array, n: int, confidence: float, scope: Scope) -> Band:
    """Estimates and t standard errors to either side; estimate, error and degrees of freedom `[...]`."""
    half = student(freedom, (1.0 + checked_confidence(confidence)) / 2.0) * error
    return Band(estimate, estimate - half, estimate + half, n, scope)


def percentile_band(
    estimate: Array, drawn: Array, scale: Array | float, freedom: Array, n: int, confidence: float, scope: Scope
) -> Band:
    """Estimates and the percentiles of their resamples, widened twice so that few replicates are covered as well.

    Resamples of n replicates spread too little by sqrt((n - 1) / n), and normal quantiles know nothing of the doubt in the
    spread. So deviations are multiplied by `scale`, and cut where Student's t would cut: at Phi(-t) instead of 2.5 %
    (Hesterberg 2015, https://doi.org/10.1080/00031305.2015.1089789). The scale alone covers 89 % of normal means of six, both
    95 %.

    Args:
        estimate: `[...]`.
        drawn: the statistic of each resample, `[resamples, ...]`.
        scale: of the deviations, `[...]` or one number.
        freedom: degrees of freedom of the spread, `[...]`.
        n, confidence, scope: as in the band.
    """
    # Heavy, and it loads the BLAS whose threads a worker must limit first (rlsearch.numba_support.jit).
    from scipy import special

    tail = np.broadcast_to(special.ndtr(-student(freedom, (1.0 + checked_confidence(confidence)) / 2.0)), estimate.shape)
    columns = np.sort(np.moveaxis(drawn, 0, -1), axis=-1)
    low, high = (estimate + scale * (_quantile(columns, share) - estimate) for share in (tail, 1.0 - tail))
    # The percentiles of a statistic that resampling biases, such as a minimum, need not surround it.
    return Band(estimate, np.minimum(low, estimate), np.maximum(high, estimate), n, scope)


def _quantile(columns: Array, shares: Array) -> Array:
    """The quantile of each sorted column `[..., values]` at its own share `[...]`, as `numpy.quantile` interpolates it."""
    places = shares * (columns.shape[-1] - 1)
    below = np.floor(places).astype(np.intp)
    ends = (np.take_along_axis(columns, np.minimum(below + step, columns.shape[-1] - 1)[..., None], -1) for step in (0, 1))
    first, second = (end[..., 0] for end in ends)
    found: Array = first + (places - below) * (second - first)
    return found


def checked_confidence(confidence: float) -> float:
    """The confidence, if it is one.

    Raises:
        RlsearchError: it is not between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise RlsearchError(f"confidence is {confidence}, allowed is above 0 and below 1, e.g. 0.95")
    return confidence


def student(freedom: Array | float, quantile: float) -> Array:
    """The quantile of Student's t with these degrees of freedom."""
    # Heavy, as above.
    from scipy import special

    found: Array = special.stdtrit(freedom, quantile)
    return found


def pooled_freedom(parts: Array, freedom: Array | float) -> Array:
    """Degrees of freedom of a sum of independent variances, by Welch and Satterthwaite; as many as its parts' if all are 0.

    Args:
        parts: the variances `[..., parts]`.
        freedom: of each, `[parts]` or one number.
    """
    total, squares = parts.sum(axis=-1), (np.square(parts) / freedom).sum(axis=-1)
    most = np.broadcast_to(freedom, parts.shape).sum(axis=-1)
    pooled: Array = np.where(squares > 0.0, np.square(total) / np.where(squares > 0.0, squares, 1.0), most)
    return pooled
