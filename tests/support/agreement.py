"""The agreement of two losses on given batches: their gradients are equal, equal up to one factor, or differ, and where.

Nothing here is the fingerprint's: plain gradients are compared entry by entry. A difference counts where it could be noticed in
a training, which computes in float32: where it is more than RELATIVE of the entry, more than the rounding of a sum over the
batch, more than what Adam sees at all, and more than what float32 makes of either loss there. So losses that cancel, and
comparisons that only rounding decides, are not held against anybody; see `tests/equivalence/test_truth.py` for what that costs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.evaluate import IN_NUMPY, evaluate
from rlsearch.compile.numpy_graph import Probe, gradients, join, values
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch
from tests.support.conditions import condition_of

Array = NDArray[np.float64]
Gradient = tuple[Array, ...]  # for each number of actions `[trained views, A, batches, B]`

RELATIVE = 1e-5  # of an entry: constants have two digits, and no rewriting moves them by more than rounding
# Of a batch's largest entry: what a float32 sum over 32 samples may lose is 2e-6, what a guard leaves of 0 is 1e-6.
SUMMED = 1e-5
SEEN_BY_ADAM = 1e-16  # of a gradient: it is divided by no less than 1e-8, and moves a weight by a hundred-millionth of a step


class Answer(StrEnum):
    """What two gradients are to each other."""

    EQUAL = "equal"
    FACTOR = "equal up to a factor"
    DIFFER = "differ"
    NOT_FINITE = "not finite"  # somewhere, and equal up to a factor elsewhere


@dataclass(frozen=True)
class Agreement:
    """The answer for two losses.

    Attributes:
        answer: equal, equal up to a factor, different, or not finite.
        factor: the second gradient divided by the first.
        share: of the samples, in which they differ.
        size: the largest difference, as a share of the largest gradient in its batch.
        place: where that is: the batch's name, the view, the sample.
        kind: what all samples in which they differ have in common: `r = 0`.
        excused: samples in which they differ by no more than float32 makes of either.
    """

    answer: Answer
    factor: float = 1.0
    share: float = 0.0
    size: float = 0.0
    place: str = ""
    kind: str = ""
    excused: int = 0

    def __str__(self) -> str:
        """In a line."""
        if self.answer != Answer.DIFFER:
            return f"{self.answer}, factor {self.factor:g}, {self.excused} samples excused"
        return f"differ where {self.kind} ({self.share:.2%} of samples), by {self.size:.2g} of the largest, {self.place}"


@dataclass(frozen=True, eq=False)
class Samples:
    """Batches of several numbers of actions.

    Attributes:
        batches: for each number of actions, views `[A, batches, B]`, inputs `[batches, B]`.
        names: of each batch, by number of actions and place.
        probe: all of them, ready to be read.
    """

    batches: tuple[Batch, ...]
    names: tuple[tuple[str, ...], ...]
    probe: Probe


def join_samples(batches: Sequence[Batch], names: Sequence[Sequence[str]]) -> Samples:
    """Join batches, of which there are as many, and as large, for each number of actions."""
    return Samples(tuple(batches), tuple(map(tuple, names)), join(batches))


@lru_cache(maxsize=64)
def gradient_on(graph: Graph, samples: Samples) -> Gradient:
    """The gradient of a loss, 0 by views that it does not read."""
    found = gradients(graph, samples.probe)
    zeros = [np.zeros((batch.sizes.actions, *batch.shape)) for batch in samples.batches]
    views = samples.batches[0].regime.trained_views
    return tuple(
        np.stack([np.broadcast_to(found[view][k], zero.shape) if view in found else zero for view in views])
        for k, zero in enumerate(zeros)
    )


def value_on(graph: Graph, samples: Samples) -> Gradient:
    """The value of a loss, `[1, 1, batches, B]` for each number of actions."""
    with np.errstate(all="ignore"):
        found = np.broadcast_to(values(graph, samples.probe)[graph.root], samples.probe.shape)
    return tuple(found[:, None, None])


class Measure(NamedTuple):
    """What is compared: in float64 on all samples, and in float32 on the batches of one number of actions."""

    exact: Callable[[Graph, Samples], Gradient]
    single: Callable[[Graph, Batch], Array]


IN_SINGLE = IN_NUMPY._replace(dtype=np.float32)
GRADIENT = Measure(gradient_on, lambda graph, batch: evaluate(graph, batch, IN_SINGLE).grad)
VALUE = Measure(value_on, lambda graph, batch: evaluate(graph, batch, IN_SINGLE).value[None, None])


def agreement(one: Graph, other: Graph, samples: Samples, measure: Measure = GRADIENT) -> Agreement:
    """The agreement of two losses on samples."""
    mine, theirs = measure.exact(one, samples), measure.exact(other, samples)
    finite = tuple((np.isfinite(left) & np.isfinite(right)).all((0, 1, 3)) for left, right in zip(mine, theirs, strict=True))
    alike = Answer.EQUAL, Answer.FACTOR
    if not all(each.all() for each in finite):
        alike = Answer.NOT_FINITE, Answer.NOT_FINITE
        mine, theirs = (_only(finite, gradient) for gradient in (mine, theirs))
    factors = 1.0, _common_factor(mine, theirs)
    for answer, factor in zip(alike, factors, strict=True):
        if not any(mask.any() for mask in _apart(mine, theirs, factor)):
            return Agreement(answer, factor)
    noise = _rounding(one, mine, samples, measure), _rounding(other, theirs, samples, measure)
    for answer, factor in zip(alike, factors, strict=True):
        apart = _apart(mine, theirs, factor, noise)
        if not any(mask.any() for mask in apart):
            excused = sum(mask.any((0, 1)).sum() for mask in _apart(mine, theirs, factor))
            return Agreement(answer, factor, excused=int(excused))
    return _difference(mine, theirs, factors[1], apart, samples)


def _only(finite: tuple[Array, ...], gradient: Gradient) -> Gradient:
    """The gradient with 0 in batches that are not finite in both."""
    return tuple(np.where(keep[:, None], part, 0.0) for keep, part in zip(finite, gradient, strict=True))


def _largest(part: Array) -> Array:
    """The largest entry of each batch, `[batches, 1]`."""
    return np.abs(part).max(axis=(0, 1, 3))[:, None]


def _common_factor(mine: Gradient, theirs: Gradient) -> float:
    """The median quotient of the entries that are not small in their batches; 1 where there are none."""
    quotients = [np.zeros(0)]
    for left, right in zip(mine, theirs, strict=True):
        known = np.abs(left) > 1e-3 * np.maximum(_largest(left), 1e-300)
        quotients.append(right[known] / left[known])
    found = np.concatenate(quotients)
    factor = float(np.median(found)) if found.size else 1.0
    return factor if factor > 0 else 1.0


def _apart(mine: Gradient, theirs: Gradient, factor: float, noise: tuple[Gradient, Gradient] | None = None) -> list[Array]:
    """The entries in which the second gradient is not `factor` times the first."""
    out = []
    for k, (left, right) in enumerate(zip(mine, theirs, strict=True)):
        left = factor * left
        sizes, largest = np.maximum(np.abs(left), np.abs(right)), np.maximum(_largest(left), _largest(right))
        allowed = RELATIVE * sizes + SUMMED * largest + SEEN_BY_ADAM
        if noise is not None:
            allowed += 4.0 * (factor * noise[0][k] + noise[1][k])
        out.append(np.abs(left - right) > allowed)
    return out


def _rounding(graph: Graph, found: Gradient, samples: Samples, measure: Measure) -> Gradient:
    """The size of what float32 makes of a gradient; no end of it where it is not finite in float32."""
    sizes = list[Array]()
    with np.errstate(all="ignore"):
        for batch, part in zip(samples.batches, found, strict=True):
            size = np.abs(part - measure.single(graph, batch))
            sizes.append(np.where(np.isfinite(size), size, np.inf))
    return tuple(sizes)


def _difference(mine: Gradient, theirs: Gradient, factor: float, apart: list[Array], samples: Samples) -> Agreement:
    worst, place = -1.0, ""
    for k, batch, sample, size in _sizes(mine, theirs, factor, apart):
        if size > worst:
            worst, place = size, f"{samples.batches[k].sizes.actions} actions, {samples.names[k][batch]}, sample {sample}"
    masks = [mask.any((0, 1)) for mask in apart]
    share = sum(mask.sum() for mask in masks) / sum(mask.size for mask in masks)
    return Agreement(Answer.DIFFER, factor, float(share), worst, place, condition_of(masks, samples.batches))


def _sizes(mine: Gradient, theirs: Gradient, factor: float, apart: list[Array]) -> Iterator[tuple[int, int, int, float]]:
    """The largest difference of each number of actions, with its place."""
    for k, (left, right, mask) in enumerate(zip(mine, theirs, apart, strict=True)):
        if mask.any():
            largest = np.maximum(factor * _largest(left), _largest(right))
            size = np.where(mask, np.abs(factor * left - right) / np.maximum(largest, 1e-300), 0.0)
            *_, batch, sample = np.unravel_index(int(size.argmax()), size.shape)
            yield k, int(batch), int(sample), float(size.max())
