"""Probability of improvement: how often a run of one loss scores more than a run of another (Agarwal et al. 2021)."""

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
from rlsearch.evaluation.statistics.resampling import RESAMPLES, checked, seed_counts


def probability_of_improvement(
    first: ArrayLike, second: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """The chance that a run of the first beats one of the second in the same environment; see `improvements`.

    Args:
        first, second: `[environments, seeds]`; seeds are not paired, their numbers may differ.
        confidence, resamples, seed: as in `stratified_bands`.

    Raises:
        RlsearchError: as `checked`; or other environments in the second than in the first.
    """
    tables = checked(first), checked(second)
    if len(tables[0]) != len(tables[1]):
        raise RlsearchError(f"{len(tables[0])} environments and {len(tables[1])}; allowed are the same ones for both")
    return _pairs(tables, confidence, resamples, seed).interval(0, 1)


def improvements(tables: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0) -> Band:
    """The probability of improvement of every loss over every other, the mean over environments, with intervals.

    In an environment it is Mann and Whitney's U over the number of pairs of runs; ties count half. A loss has 0.5 over itself.
    Where one loss won every pair, resamples know nothing else and the interval is a point, as rliable's is.

    Args:
        tables: `[losses, environments, seeds]`.
        confidence, resamples, seed: as in `stratified_bands`.

    Returns:
        A band `[losses, losses]`: of the row's loss over the column's.
    """
    return _pairs(tuple(checked(tables, "[losses, environments, seeds]")), confidence, resamples, seed)


def _pairs(tables: tuple[Array, ...], confidence: float, resamples: int, seed: int) -> Band:
    """The matrix of all pairs; below the diagonal stands what is left to one."""
    losses, n = len(tables), min(table.shape[1] for table in tables)
    first, second = np.triu_indices(losses, 1)
    rates = [[_rates(tables[i][e], tables[j][e]) for e in range(len(tables[0]))] for i, j in zip(first, second, strict=True)]
    upper = np.array([np.mean([rate.mean() for rate in pair]) for pair in rates])
    if n < 2:
        return Band(_matrix(upper, losses), None, None, n)
    error, freedom = _errors(rates)
    if n < FEW:
        band = student_band(upper, error, freedom, n, confidence, Scope.THESE)
    else:
        drawn, scale = _resampled(tables, resamples, seed), math.sqrt(n / (n - 1))
        band = percentile_band(upper, drawn, scale, freedom, n, confidence, Scope.THESE)
    band = band.clipped(0.0, 1.0)
    assert band.low is not None and band.high is not None
    low, high = _matrix(band.low, losses, band.high), _matrix(band.high, losses, band.low)
    return Band(_matrix(upper, losses), low, high, n)


def _rates(first: Array, second: Array) -> Array:
    """1 where a run of the first beats one of the second, 1/2 where they tie: `[seeds of first, seeds of second]`."""
    one, other = first[:, None], second[None]
    rates: Array = (one > other) + 0.5 * (one == other)
    return rates


def _errors(rates: list[list[Array]]) -> tuple[Array, Array]:
    """Standard errors of the pairs' means and their degrees of freedom.

    By DeLong et al. 1988 (https://doi.org/10.2307/2531595): the variance over each loss's runs of the share of the other's runs
    that each beats, over their number, added up.
    """
    errors, freedom = [], []
    for pair in rates:
        sides = [rate.mean(axis=axis) for rate in pair for axis in (1, 0)]
        parts = np.array([side.var(ddof=1) / len(side) for side in sides]) / len(pair) ** 2
        errors.append(math.sqrt(parts.sum()))
        freedom.append(pooled_freedom(parts, np.array([len(side) - 1.0 for side in sides])))
    return np.array(errors), np.array(freedom)


def _resampled(tables: tuple[Array, ...], resamples: int, seed: int) -> Array:
    """The pairs' means where the runs of every loss in every environment are resampled apart: `[resamples, pairs]`.

    A run of the first beats as many drawn runs of the second as stand below it: sums over the second's sorted runs, looked up.
    """
    environments, pairs = len(tables[0]), list(zip(*np.triu_indices(len(tables), 1), strict=True))
    streams = {n: seed_counts(environments, n, resamples, seed) for n in {table.shape[1] for table in tables}}
    total = np.zeros((len(pairs), resamples))
    for place in range(environments):
        # Whole numbers are exact in float32. Each loss takes the draws from another one on, so no two meet the same at once.
        draws = {n: np.ascontiguousarray(next(stream).T, np.float32) for n, stream in streams.items()}
        counts = [np.roll(draws[table.shape[1]], loss, axis=1) for loss, table in enumerate(tables)]
        orders = [table[place].argsort() for table in tables]
        below = [
            np.concatenate([np.zeros((1, resamples), np.float32), drawn[order].cumsum(axis=0)])
            for drawn, order in zip(counts, orders, strict=True)
        ]
        for number, (first, second) in enumerate(pairs):
            runs, others = tables[first][place], tables[second][place][orders[second]]
            least, most = np.searchsorted(others, runs, "left"), np.searchsorted(others, runs, "right")
            beaten = below[second][least]
            if (least < most).any():  # ties
                beaten = (beaten + below[second][most]) / 2.0
            total[number] += np.einsum("sr,sr->r", counts[first], beaten) / (len(runs) * len(others))
    drawn_means: Array = total.T / environments
    return drawn_means


def _matrix(upper: Array, losses: int, below: Array | None = None) -> Array:
    """The matrix `[losses, losses]` with these values above its diagonal, 1/2 on it, and 1 - `below` (or these) under it."""
    matrix = np.full((losses, losses), 0.5)
    first, second = np.triu_indices(losses, 1)
    matrix[first, second], matrix[second, first] = upper, 1.0 - (upper if below is None else below)
    return matrix
