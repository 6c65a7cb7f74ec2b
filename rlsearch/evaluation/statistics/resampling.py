"""Seeded resampling of tables of scores: environments are fixed, the seeds of each are drawn apart, with replacement.

Agarwal et al. 2021 (https://arxiv.org/abs/2108.13264) call it the stratified bootstrap. A replicate is a seed, never an
episode. Tables of one shape and one seed meet the same draws, whatever else is computed beside them.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics.interval import Array

Statistic = Callable[[Array], Array]  # [..., environments, seeds] to [...]

RESAMPLES = 5000
BLOCK = 2**17  # values that are drawn at once: they stay in the cache


def checked(values: ArrayLike, allowed: str = "[environments, seeds]") -> Array:
    """The values as an array, if they have the axes that are allowed; more before them where these begin with `...`.

    Raises:
        RlsearchError: another number of axes, an empty one, or what is not finite.
    """
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise RlsearchError(f"rows of different lengths, or what is no number; allowed is {allowed}") from None
    axes = allowed.strip("[]").split(", ")
    right = array.ndim >= len(axes) - 1 if axes[0] == "..." else array.ndim == len(axes)
    if not right or array.size == 0 or not np.isfinite(array).all():
        raise RlsearchError(
            f"a table of shape {array.shape} with {np.isfinite(array).sum()} finite numbers; "
            f"allowed is {allowed}, at least one of each, all finite"
        )
    return array


def resampled_means(values: Array, resamples: int, seed: int) -> Iterator[Array]:
    """Means over the resampled seeds of tables `[tables, environments, seeds]`: `[resamples, tables]`, one environment after
    the other.
    """
    _, environments, n = values.shape
    for place, counts in enumerate(seed_counts(environments, n, resamples, seed)):
        yield counts @ values[:, place].T / n


def resampled_statistics(values: Array, statistic: Statistic, resamples: int, seed: int) -> Array:
    """A statistic of the resampled tables `[tables, environments, seeds]`: `[resamples, tables]`."""
    tables, environments, n = values.shape
    streams, block = _streams(environments, resamples, seed), max(1, BLOCK // (environments * n))
    found = np.empty((resamples, tables))
    for start in range(0, resamples, block):
        rows = min(block, resamples - start)
        draws = [_draws(rng, n, rows) for rng in streams]
        for place, table in enumerate(values):
            drawn = np.stack([row[chosen] for row, chosen in zip(table, draws, strict=True)], axis=1)
            found[start : start + rows, place] = statistic(drawn)
    return found


def seed_counts(environments: int, n: int, resamples: int, seed: int) -> Iterator[Array]:
    """How often each seed is drawn: `[resamples, seeds]`, one environment after the other."""
    for rng in _streams(environments, resamples, seed):
        drawn = _draws(rng, n, resamples) + n * np.arange(resamples)[:, None]
        yield np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n).astype(np.float64)


def _draws(rng: np.random.Generator, n: int, resamples: int) -> NDArray[np.int32]:
    """Draws of n among n with replacement: `[resamples, n]`."""
    return rng.integers(0, n, (resamples, n), dtype=np.int32)


def _streams(environments: int, resamples: int, seed: int) -> list[np.random.Generator]:
    """A stream of chance for each environment."""
    if resamples < 1 or seed < 0:
        raise RlsearchError(f"{resamples} resamples from seed {seed}, allowed are from 1 resample, and seeds from 0")
    return np.random.default_rng(seed).spawn(environments)
