"""The gradient fingerprint, which decides that two losses train alike.

What a loss does to a network is its gradient by the network's outputs. It is taken in float64 on fixed probes: batches of
samples, each with a scale of its own, for several numbers of actions. Two losses whose fingerprints agree are one class: under
`gradient` the gradients are equal, under `direction` equal up to one positive factor.

A fingerprint keeps a few random projections of each batch's gradient in a first look: two gradients that differ anywhere have
different projections. Before that every entry g becomes asinh(g / m), with m a typical size of the batch's entries. It is for
finding candidates fast: huge entries, as where something was divided by a reward of 0, may hide what the others are. Two losses
whose fingerprints agree are looked at closer (`agreement`): entry by entry, on many more samples, with more actions, and, where
either reads the size of an axis, with all the sizes between. What remains unseen: a difference in less than about one sample in
a thousand, such as between two near thresholds; a threshold on `progress` between two of some fifty numbers; one on a number of
actions that is not read but counted, such as sum(v / v); more than 18 actions; network outputs beyond 1e5. A run looks again at
what matters, on batches of its own trainings (`evolve.guard`).
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, first_nonfinite, gradients, join
from rlsearch.equivalence.agreement import agree, factor_between
from rlsearch.equivalence.looks import FIRST, Look, closer_looks, further_batch, probe_of
from rlsearch.graph.graph import Graph
from rlsearch.regimes.heads import View
from rlsearch.registry import derived, regimes

Array = NDArray[np.float64]

PROJECTIONS = 6  # of each batch
ZERO_TOL = 1e-12  # a size that is zero but for rounding
LOG_FLOOR = -30.0  # the logarithm of a size that is zero, and the least of any
NEAR = (
    3e-4  # what fingerprints of one class may differ by; much, as rounding of tiny entries has a say, and closer looks follow
)
BUCKET = 3e-3  # width of the buckets that candidates for equality are looked up in


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A gradient in the first look.

    Attributes:
        graph: whose it is.
        equivalence: `gradient` or `direction`.
        vector: float32; for each batch projections of its entries, then the logarithm of their typical size.
        flaw: why this gradient cannot train anything, or "".
    """

    graph: Graph
    equivalence: str
    vector: NDArray[np.float32]
    flaw: str = ""

    @cached_property
    def bucket(self) -> int:
        """A coarse coordinate of the vector: those of fingerprints that agree are equal or neighbours."""
        return round(float(self.vector @ _compass(self.vector.size)) / BUCKET)


@derived
@cache
def _directions(regime: str) -> dict[View, Array]:
    """Random directions for each trained view, `[entries of a batch, PROJECTIONS]`: one entry of the typical size moves a
    projection by 1 / 8.
    """
    directions: dict[View, Array] = {}
    for index, view in enumerate(regimes()[regime].trained_views):
        entries = FIRST.samples * sum(sizes.width(regimes()[regime].type_of(view)) for sizes in FIRST.sizes)
        directions[view] = np.random.default_rng([8, index]).normal(size=(entries, PROJECTIONS)) / 8
    return directions


@cache
def _compass(size: int) -> Array:
    """A fixed random direction: fingerprints that agree have nearly the same coordinate along it."""
    direction: Array = np.random.default_rng(7).normal(size=size) / np.sqrt(size)
    return direction


def fingerprint(graph: Graph, equivalence: str) -> Fingerprint:
    """The fingerprint of a loss under `gradient` or `direction` equivalence."""
    parts = gradients(graph, probe_of(graph.regime.name, FIRST))
    if not parts:
        return _flawed(graph, equivalence, "gradient is zero")
    rows = _rows(parts)
    sizes = np.abs(np.concatenate([*rows.values()], axis=1))
    with np.errstate(over="ignore"):
        finite = np.isfinite(sizes.sum())
    if not finite:
        # Every entry may be finite and their sum not: then no op is to blame.
        culprit = first_nonfinite(graph, probe_of(graph.regime.name, FIRST)) or "its size"
        return _flawed(graph, equivalence, f"gradient is not finite: {culprit}")
    if (flaw := _flaw(parts, sizes.max())) and all(_flaw_in(look, graph) for look in closer_looks(graph)):
        return _flawed(graph, equivalence, flaw)
    typical = np.sqrt(sizes).mean(axis=1) ** 2  # what is tiny has no say in it, and rounding is
    seen = typical > ZERO_TOL
    scale = np.where(seen, typical, 1.0)
    logs = np.where(seen, np.log(scale), LOG_FLOOR)
    if equivalence == "direction" and seen.any():
        logs -= logs[seen].max()
    directions = _directions(graph.regime.name)
    projected = sum(np.arcsinh(row / scale[:, None]) @ directions[view] for view, row in rows.items())
    # A batch without gradient has no logarithm; it must not be measured against the others' scale.
    vector = np.concatenate([np.ravel(projected), np.where(seen, np.maximum(logs, LOG_FLOOR), LOG_FLOOR)])
    return Fingerprint(graph, equivalence, vector.astype(np.float32))


def _flawed(graph: Graph, equivalence: str, flaw: str) -> Fingerprint:
    return Fingerprint(graph, equivalence, np.zeros(0, np.float32), flaw=flaw)


def _flaw(parts: dict[View, list[Array]], largest: float) -> str:
    """The reason why a finite gradient seems unable to train anything, or ""."""
    if not largest > ZERO_TOL:
        return "gradient is zero"
    return "gradient is constant" if all(_is_constant(each) for each in parts.values()) else ""


def _flaw_in(look: Look, graph: Graph) -> str:
    """The same in another look."""
    parts = gradients(graph, probe_of(graph.regime.name, look))
    return _flaw(parts, max(np.abs(part).max() for each in parts.values() for part in each))


def _rows(parts: dict[View, list[Array]]) -> dict[View, Array]:
    """The entries of each batch `[batches, entries]`, of all sizes."""
    return {
        view: np.concatenate([part.swapaxes(0, 1).reshape(part.shape[1], -1) for part in each], axis=1)
        for view, each in parts.items()
    }


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
    if one.graph.regime is not other.graph.regime or not _near(one.vector, other.vector):
        return False
    looks = dict.fromkeys((*closer_looks(one.graph), *closer_looks(other.graph)))
    factor = 1.0
    if one.equivalence == "direction":
        found = (factor_between(one.graph, other.graph, look) for look in looks)
        factor = next((each for each in found if each is not None), 1.0)
    return factor > 0 and all(agree(one.graph, other.graph, look, factor) for look in looks)


def _near(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max(initial=0.0) <= NEAR)


@derived
@cache
def _fresh_probe(regime: str) -> Probe:
    return join([further_batch(regimes()[regime], sizes, 1000, draws=1) for sizes in FIRST.sizes])


def alike(one: Graph, other: Graph) -> bool:
    """True if two losses have the same gradient on 20,000 further samples: a slower look, for what is then printed."""
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
        for bucket in (print_.bucket, print_.bucket - 1, print_.bucket + 1):
            for known, number in self._buckets.get(bucket, ()):
                if same(known, print_):
                    return number
        return None

    def add(self, print_: Fingerprint, number: int) -> None:
        """Remember a new class."""
        self._buckets.setdefault(print_.bucket, []).append((print_, number))
