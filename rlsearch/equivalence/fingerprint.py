"""The gradient fingerprint, which decides that two losses train alike.

What a loss does to a network is its gradient by the network's outputs. It is taken in float64 on a fixed probe of several
batches of samples, each with a scale of its own, with 2 and with 5 actions, and two losses whose fingerprints agree
are one class: under `gradient` the gradients are equal, under `direction` equal up to one positive factor.

A fingerprint keeps a few random projections of each batch's gradient: two gradients that differ anywhere have different
projections. Before that every entry g becomes asinh(g / m), with m the median size of the batch's entries (of those that are
not tiny), so that one huge entry does not hide what the others are.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, first_nonfinite, gradients, join
from rlsearch.compile.probe import draw_batch
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, regimes

Array = NDArray[np.float64]

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)  # one batch of transitions each
SAMPLES = 64  # samples in a batch, for each of the sizes
SIZES = (Sizes(actions=2, predictions=3), Sizes(actions=5, predictions=8))
PROJECTIONS = 8  # of each batch
TOLERANCE = 1e-5
ZERO_TOL = 1e-12  # a size that is zero but for rounding
# Of a batch's largest entry: what is far below is rounding in one way of writing, if not in another. No round number, as
# quotients of constants and guards may be.
TINY_RATIO = 1.37e-6
LOG_FLOOR = -30.0  # the logarithm of a size that is zero, and the least of any
BUCKET = 1e-3  # width of the buckets that candidates for equality are looked up in


@dataclass(frozen=True)
class Fingerprint:
    """A gradient on the probe.

    Attributes:
        vector: float32; for each batch the projections of its entries, then the logarithm of their typical size.
        bucket: a coarse coordinate of the vector, for finding neighbours.
        flaw: why this gradient cannot train anything, or "".
    """

    vector: NDArray[np.float32]
    bucket: float
    flaw: str = ""


def probe_batch(regime: Regime, sizes: Sizes, size: int = SAMPLES, draws: int = 0) -> Batch:
    """Batches of samples; those of SAMPLES and draw 0 are part of the identity of losses, and never change."""
    return draw_batch(regime, np.random.default_rng([20210103958, sizes.actions, draws]), sizes, SCALES, size)


@derived  # a probe remembers values
@cache
def standard_probe(regime: str) -> Probe:
    """The probe of all fingerprints of a regime."""
    return join([probe_batch(regimes()[regime], sizes) for sizes in SIZES])


@derived
@cache
def _directions(regime: str) -> dict[View, Array]:
    """Random directions for each trained view, `[entries of a batch, PROJECTIONS]`: one entry of the median size moves a
    projection by 1 / sqrt(SAMPLES).
    """
    directions: dict[View, Array] = {}
    for index, view in enumerate(regimes()[regime].trained_views):
        entries = SAMPLES * sum(sizes.width(regimes()[regime].type_of(view)) for sizes in SIZES)
        directions[view] = np.random.default_rng([8, index]).normal(size=(entries, PROJECTIONS)) / np.sqrt(SAMPLES)
    return directions


@cache
def _compass(size: int) -> Array:
    """A fixed random direction: fingerprints that agree have nearly the same coordinate along it."""
    direction: Array = np.random.default_rng(7).normal(size=size) / np.sqrt(size)
    return direction


def fingerprint(graph: Graph, equivalence: str) -> Fingerprint:
    """The fingerprint of a loss under `gradient` or `direction` equivalence."""
    # [batches, entries]: a batch is measured on all sizes together.
    probe, directions = standard_probe(graph.regime.name), _directions(graph.regime.name)
    parts = gradients(graph, probe)
    rows = {view: _rows(each) for view, each in parts.items()}
    if not rows:
        return _flawed_fingerprint("gradient is zero")
    sizes = np.abs(np.concatenate([*rows.values()], axis=1))
    largest: Array = sizes.max(axis=1)
    if not np.isfinite(sizes.sum()):
        # Every entry may be finite and their sum not: then no op is to blame.
        return _flawed_fingerprint(f"gradient is not finite: {first_nonfinite(graph, probe) or 'its size'}")
    if not largest.max() > ZERO_TOL:
        return _flawed_fingerprint("gradient is zero")
    if all(_is_constant(each) for each in parts.values()):
        return _flawed_fingerprint("gradient is constant")
    tiny = TINY_RATIO * largest[:, None]
    typical = _typical_size(sizes, tiny)
    seen = typical > ZERO_TOL
    scale = np.where(seen, typical, 1.0)
    logs = np.log(scale)
    if equivalence == "direction":
        logs -= logs[seen].max()
    projected = sum(np.arcsinh(_subtract_tiny(row, tiny) / scale[:, None]) @ directions[view] for view, row in rows.items())
    # A batch without gradient has no logarithm; it must not be measured against the others' scale.
    vector = np.concatenate([np.ravel(projected), np.where(seen, np.maximum(logs, LOG_FLOOR), LOG_FLOOR)])
    return Fingerprint(vector.astype(np.float32), float(vector @ _compass(vector.size)))


def _rows(parts: list[Array]) -> Array:
    return np.concatenate([part.swapaxes(0, 1).reshape(len(SCALES), -1) for part in parts], axis=1)


def _flawed_fingerprint(flaw: str) -> Fingerprint:
    return Fingerprint(np.zeros(0, np.float32), 0.0, flaw)


def _typical_size(sizes: Array, tiny: Array) -> Array:
    """The median of the entries that are not tiny, for each batch `[batches]`; 0 if there is none."""
    small = (sizes <= tiny).sum(1)
    middle = np.minimum((small + sizes.shape[1]) // 2, sizes.shape[1] - 1)
    typical: Array = np.sort(sizes, axis=1)[np.arange(len(sizes)), middle]
    return typical


def _subtract_tiny(row: Array, tiny: Array) -> Array:
    """The entries less what is tiny: nothing depends on which side of a threshold one falls."""
    above: Array = np.copysign(np.maximum(np.abs(row) - tiny, 0.0), row)
    return above


def _is_constant(parts: list[Array]) -> bool:
    """True if every sample pushes the same way by the same amount, whatever was seen: nothing can be learnt from that."""
    for by_place in parts:  # [width, batches, SAMPLES]
        totals = by_place.sum(0)  # a cheap look first: few losses get further
        if np.ptp(totals) > 1e-6 * np.abs(by_place).max():
            return False
        ordered = np.sort(by_place, axis=0).reshape(len(by_place), -1)
        if not np.allclose(ordered, ordered[:, :1], rtol=1e-9, atol=0):
            return False
    return True


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """True if two fingerprints are of one class; those of two regimes never are."""
    return one.vector.shape == other.vector.shape and bool(np.abs(one.vector - other.vector).max() <= TOLERANCE)


@derived
@cache
def _fresh_probe(regime: str) -> Probe:
    return join([probe_batch(regimes()[regime], sizes, 1000, draws=1) for sizes in SIZES])


def alike(one: Graph, other: Graph) -> bool:
    """True if two losses have the same gradient on 10,000 further samples: a slower look, for what is then printed."""
    if one.regime is not other.regime:
        return False
    mine, theirs = (gradients(graph, _fresh_probe(graph.regime.name)) for graph in (one, other))
    if mine.keys() != theirs.keys():
        return False
    pairs = [pair for view in mine for pair in zip(mine[view], theirs[view], strict=True)]
    return all(np.allclose(*pair, rtol=1e-6, atol=ZERO_TOL) for pair in pairs)


class Classes:
    """The gradient classes met so far: from a fingerprint to its class's index, however it was rounded."""

    def __init__(self) -> None:
        self._buckets: dict[int, list[tuple[Fingerprint, int]]] = {}

    def find(self, print_: Fingerprint) -> int | None:
        """The class of a fingerprint, or None if it is new."""
        middle = round(print_.bucket / BUCKET)
        for bucket in (middle, middle - 1, middle + 1):
            for known, number in self._buckets.get(bucket, ()):
                if same(known, print_):
                    return number
        return None

    def add(self, print_: Fingerprint, number: int) -> None:
        """Remember a new class."""
        self._buckets.setdefault(round(print_.bucket / BUCKET), []).append((print_, number))
