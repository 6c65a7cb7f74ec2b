"""Several candidates against one reference: lower bounds of their differences that all hold at once.

The best of many equal losses looks better by luck. A bound that holds for every candidate at once holds for the one that is
chosen because of it. For new environments give a candidate's family means as its replicates, see `by_family`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.interval import FEW, Array, checked_confidence, student
from rlsearch.evaluation.statistics.means import mean_errors, mean_over_environments
from rlsearch.evaluation.statistics.resampling import RESAMPLES, checked, seed_counts

DIFFERENCES = "[candidates, environments, seeds]"


@dataclass(frozen=True, eq=False)
class SimultaneousBounds:
    """One-sided bounds of several differences, which hold together with the confidence asked for.

    Attributes:
        estimate: mean difference of each candidate, `[candidates]`.
        low: lower bounds; minus infinity where nothing can be said.
        p: adjusted for the number of candidates: of no difference, or a negative one.
        better: the candidates whose difference is above 0; at most (1 - confidence) of such sets hold a false one.
        n: seeds.
    """

    estimate: Array
    low: Array
    p: Array
    better: np.ndarray[tuple[int], np.dtype[np.bool_]]
    n: int


def max_t(differences: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0) -> SimultaneousBounds:
    """Simultaneous lower bounds from the resampled largest t of all candidates (Westfall and Young 1993, single step).

    All candidates meet the same resampled seeds, so what they have in common, the reference above all, is allowed for, and a
    thousand near twins cost little more than one. Each resample divides by its own standard error (bootstrap-t).

    Args:
        differences: `[candidates, environments, seeds]`, each minus the reference on common seeds.
        confidence: in (0, 1).
        resamples, seed: as in `stratified_bands`.

    Raises:
        RlsearchError: fewer than six seeds, another shape, or what is not finite.
    """
    values = checked(differences, DIFFERENCES)
    candidates, environments, n = values.shape
    if n < FEW:
        raise RlsearchError(f"bounds of {candidates} differences over {n} seed{'s' * (n > 1)}; allowed is from {FEW} seeds")
    estimate, (error, _) = mean_over_environments(values), mean_errors(values)
    centred = values - values.mean(axis=-1, keepdims=True)
    shift, variance = np.zeros((resamples, candidates)), np.zeros((resamples, candidates))
    for place, counts in enumerate(seed_counts(environments, n, resamples, seed)):
        rows = centred[:, place].T
        means, squares = np.split(counts @ np.hstack([rows, np.square(rows)]) / n, 2, axis=1)
        shift += means / environments
        variance += (squares - np.square(means)) / (n - 1) / environments**2
    # Resamples of one seed again and again have no spread: rounding must not pass for one.
    spread = np.sqrt(np.where(variance > 1e-12 * np.square(error), variance, 0.0))
    largest = np.where(error > 0.0, _ratio(shift, spread), -np.inf).max(axis=1)
    quantile = float(np.quantile(largest, checked_confidence(confidence), method="higher"))
    t = _ratio(estimate, error)
    low = estimate - np.where(error > 0.0, quantile, 0.0) * error
    p = np.where(error > 0.0, (1.0 + (largest[:, None] >= t).sum(axis=0)) / (1.0 + resamples), (estimate <= 0.0) * 1.0)
    return SimultaneousBounds(estimate, low, p, low > 0.0, n)


def holm(differences: ArrayLike, confidence: float = 0.95) -> SimultaneousBounds:
    """Simultaneous lower bounds by Holm's steps on one-sided paired t tests; they ask nothing of how candidates hang together.

    The bounds agree with the steps (Strassburger and Bretz 2008, https://doi.org/10.1002/sim.3338): while some candidate is not
    found better, those that are have the bound 0, the others share the error that is left.

    Args:
        differences: `[candidates, environments, seeds]`, each minus the reference on common seeds; two seeds or more.
        confidence: in (0, 1).

    Raises:
        RlsearchError: a single seed, another shape, or what is not finite.
    """
    # Heavy, and it loads the BLAS whose threads a worker must limit first (rlsearch.numba_support.jit).
    from scipy import special

    values = checked(differences, DIFFERENCES)
    candidates, _, n = values.shape
    if n < 2:
        raise RlsearchError(f"bounds of {candidates} differences over one seed; allowed is from two seeds")
    estimate, (error, freedom) = mean_over_environments(values), mean_errors(values)
    raw = special.stdtr(freedom, -_ratio(estimate, error))
    order = np.argsort(raw, kind="stable")
    p = np.empty(candidates)
    p[order] = np.minimum(1.0, np.maximum.accumulate(raw[order] * np.arange(candidates, 0, -1)))
    better = p < 1.0 - checked_confidence(confidence)
    left = int((~better).sum())
    low = estimate - student(freedom, 1.0 - (1.0 - confidence) / (left or candidates)) * error
    return SimultaneousBounds(estimate, np.where(better, np.maximum(low, 0.0) if not left else 0.0, low), p, better, n)


def by_family(tables: ArrayLike, families: Sequence[str]) -> Array:
    """Family means in the place of seeds: `[..., environments, seeds]` to `[..., 1, families]`, in the order first met.

    What is said of them is said of new families: each counts alike, whatever its number of environments and seeds.
    """
    means = checked(tables, "[..., environments, seeds]").mean(axis=-1)
    if len(families) != means.shape[-1]:
        raise RlsearchError(f"{len(families)} families for {means.shape[-1]} environments; name the family of each environment")
    names = np.array(families)
    return np.stack([means[..., names == family].mean(axis=-1) for family in dict.fromkeys(families)], axis=-1)[..., None, :]


def _ratio(differences: Array, errors: Array) -> Array:
    """Differences over their standard errors; of no error, infinite unless there is no difference either."""
    without = np.where(np.abs(differences) > 0.0, np.copysign(np.inf, differences), 0.0)
    return np.where(errors > 0.0, differences / np.where(errors > 0.0, errors, 1.0), without)
