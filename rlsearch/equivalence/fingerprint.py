"""When two losses train alike: the gradient fingerprint.

What a loss does to a network is its gradient by the network's outputs. It is taken in float64 on a fixed probe of several
batches of transitions, each with a scale of its own, with 2 and with 5 actions, and two losses whose fingerprints agree
are one class: under `gradient` the gradients are equal, under `direction` equal up to one positive factor.

A fingerprint keeps a few random projections of each batch's gradient: two gradients that differ anywhere have different
projections. Before that every entry g becomes asinh(g / m), with m the median size of the batch's entries (of those that are
not tiny), so that one huge entry does not hide what the others are.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, culprit, gradients, probe
from rlsearch.compile.probe import Points, draw
from rlsearch.compile.tape import STATES
from rlsearch.graph.graph import Graph
from rlsearch.registry import derived

Array = NDArray[np.float64]

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)  # one batch of transitions each
SAMPLES = 64  # transitions in a batch, for each number of actions
ACTIONS = (2, 5)
PROJECTIONS = 8  # of each batch
TOLERANCE = 1e-5
NOTHING = 1e-12  # a size that is zero but for rounding
# Of a batch's largest entry: what is far below is rounding in one way of writing, if not in another. No round number, as
# quotients of constants and guards may be.
LEAST = 1.37e-6
FLOOR = -30.0  # the logarithm of such a size, and of any smaller than that
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


def points(num_actions: int, size: int = SAMPLES, draws: int = 0) -> Points:
    """Batches of transitions; those of SAMPLES and draw 0 are part of the identity of losses, and never change."""
    return draw(np.random.default_rng([20210103958, num_actions, draws]), num_actions, SCALES, size)


@derived  # a probe remembers values
@cache
def standard_probe() -> Probe:
    """The probe of all fingerprints."""
    return probe([points(num_actions) for num_actions in ACTIONS])


@cache
def _directions(state: str) -> Array:
    """`[entries of a batch, PROJECTIONS]`, such that one entry of the median size moves a projection by 1 / sqrt(SAMPLES)."""
    directions: Array = np.random.default_rng([8, STATES.index(state)]).normal(size=(sum(ACTIONS) * SAMPLES, PROJECTIONS))
    directions /= np.sqrt(SAMPLES)
    return directions


@cache
def _compass(size: int) -> Array:
    """A fixed random direction: fingerprints that agree have nearly the same coordinate along it."""
    direction: Array = np.random.default_rng(7).normal(size=size) / np.sqrt(size)
    return direction


def fingerprint(graph: Graph, equivalence: str) -> Fingerprint:
    """The fingerprint of a loss under `gradient` or `direction` equivalence."""
    # [batches, entries]: a batch is measured on both numbers of actions together.
    rows = {state: _rows(parts) for state, parts in gradients(graph, standard_probe()).items()}
    if not rows:
        return _flawed("gradient is zero")
    sizes = np.abs(np.concatenate([*rows.values()], axis=1))
    largest: Array = sizes.max(axis=1)
    if not np.isfinite(sizes.sum()):
        # Every entry may be finite and their sum not: then no op is to blame.
        return _flawed(f"gradient is not finite: {culprit(graph, standard_probe()) or 'its size'}")
    if not largest.max() > NOTHING:
        return _flawed("gradient is zero")
    if all(_constant(row) for row in rows.values()):
        return _flawed("gradient is constant")
    tiny = LEAST * largest[:, None]
    typical = _typical(sizes, tiny)
    seen = typical > NOTHING
    scale = np.where(seen, typical, 1.0)
    logs = np.log(scale)
    if equivalence == "direction":
        logs -= logs[seen].max()
    projected = sum(np.arcsinh(_above(row, tiny) / scale[:, None]) @ _directions(state) for state, row in rows.items())
    # A batch without gradient has no logarithm; it must not be measured against the others' scale.
    vector = np.concatenate([np.ravel(projected), np.where(seen, np.maximum(logs, FLOOR), FLOOR)])
    return Fingerprint(vector.astype(np.float32), float(vector @ _compass(vector.size)))


def _rows(parts: list[Array]) -> Array:
    return np.concatenate([part.swapaxes(0, 1).reshape(len(SCALES), -1) for part in parts], axis=1)


def _flawed(flaw: str) -> Fingerprint:
    return Fingerprint(np.zeros(0, np.float32), 0.0, flaw)


def _typical(sizes: Array, tiny: Array) -> Array:
    """Median of the entries that are not tiny, for each batch `[batches]`; 0 where there is none."""
    small = (sizes <= tiny).sum(1)
    middle = np.minimum((small + sizes.shape[1]) // 2, sizes.shape[1] - 1)
    typical: Array = np.sort(sizes, axis=1)[np.arange(len(sizes)), middle]
    return typical


def _above(row: Array, tiny: Array) -> Array:
    """Entries less what is tiny: nothing hangs on which side of a threshold one falls."""
    above: Array = np.copysign(np.maximum(np.abs(row) - tiny, 0.0), row)
    return above


def _constant(row: Array) -> bool:
    """Whether every sample pushes the same way by the same amount, whatever was seen: nothing can be learnt from that."""
    for actions, part in zip(ACTIONS, np.split(row, [ACTIONS[0] * SAMPLES], axis=1), strict=True):
        by_action = part.reshape(len(SCALES), actions, SAMPLES).swapaxes(0, 1)
        totals = by_action.sum(0)  # a cheap look first: few losses get further
        if np.ptp(totals) > 1e-6 * np.abs(part).max():
            return False
        ordered = np.sort(by_action, axis=0).reshape(actions, -1)
        if not np.allclose(ordered, ordered[:, :1], rtol=1e-9, atol=0):
            return False
    return True


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two fingerprints are of one class."""
    return bool(np.abs(one.vector - other.vector).max() <= TOLERANCE)


@derived
@cache
def _fresh_probe() -> Probe:
    return probe([points(num_actions, 1000, draws=1) for num_actions in ACTIONS])


def alike(one: Graph, other: Graph) -> bool:
    """Whether two losses have the same gradient on 10,000 further transitions: a slower look, for what is then printed."""
    mine, theirs = gradients(one, _fresh_probe()), gradients(other, _fresh_probe())
    if mine.keys() != theirs.keys():
        return False
    pairs = [pair for state in mine for pair in zip(mine[state], theirs[state], strict=True)]
    return all(np.allclose(*pair, rtol=1e-6, atol=NOTHING) for pair in pairs)


class Classes:
    """Gradient classes met so far: from a fingerprint to the number of its class, however it was rounded."""

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
