"""The gradient fingerprint, which decides that two losses train alike.

What a loss does to a network is its gradient by the network's outputs. It is taken in float64 on fixed probes: batches of
samples, each with a scale of its own, for several numbers of actions. Two losses whose fingerprints agree are one class: under
`gradient` the gradients are equal, under `direction` equal up to one positive factor.

A fingerprint keeps a few random projections of each batch's gradient: two gradients that differ anywhere have different
projections. Before that every entry g becomes asinh(g / m), with m the median size of the batch's entries (of those that are
not tiny), so that huge entries, as where something was divided by a reward of 0, do not hide what the others are.

Every loss is measured in a first look. Only two that agree there are measured in further ones: one with many samples, one with
more actions, and, where either reads the size of an axis, one with all the sizes between. What remains unseen: a
difference in less than about one sample in a thousand, such as between two near thresholds; a threshold on `progress` between
two of some fifty numbers; one on a number of actions that is not read but counted, such as sum(v / v), between those of the
first looks; more than 18 actions. A run looks again at what matters, on batches of its own trainings (`rlsearch.runs`).
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, first_nonfinite, gradients, join
from rlsearch.compile.probe import draw_batch
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, regimes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Look:
    """A probe, and how its gradients are kept; part of the identity of losses.

    Attributes:
        sizes: of the axes; samples of all of them make up a batch.
        scales: of the batches.
        samples: in a batch, for each of the sizes.
        projections: of each batch.
    """

    sizes: tuple[Sizes, ...]
    scales: tuple[float, ...]
    samples: int
    projections: int


# Every other batch has samples that are far smaller or larger than the rest, so its own scale is moderate.
FIRST = Look((Sizes(2, 3), Sizes(5, 8)), (0.001, 0.1, 0.01, 0.3, 30.0, 1.0, 100.0, 3.0, 1000.0, 10.0), 24, 6)
DENSE = Look((Sizes(2, 2),), (0.001, 0.1, 0.01, 1.0, 100.0, 1.0, 1000.0, 3.0, 1.0, 0.3, 3.0, 3.0, 1.0, 1.0, 10.0, 10.0), 128, 6)
WIDE = Look((Sizes(3, 2), Sizes(18, 17)), (0.001, 0.1, 0.01, 1.0, 300.0, 3.0, 1e5, 10.0) * 2, 16, 4)
_BETWEEN = [size for size in range(2, 19) if size not in {sizes.actions for sizes in FIRST.sizes + WIDE.sizes}]
SIZES = Look(tuple(Sizes(size, size) for size in _BETWEEN), (0.1, 1.0, 30.0), 8, 6)
LOOKS = (FIRST, DENSE, WIDE, SIZES)

TOLERANCE = 1e-5
ZERO_TOL = 1e-12  # a size that is zero but for rounding
# Of a batch's median entry: what is far below is rounding in one way of writing, if not in another. No round number, as
# quotients of constants and guards may be.
TINY_RATIO = 1.37e-6
LOG_FLOOR = -30.0  # the logarithm of a size that is zero, and the least of any
NOT_FINITE = 1e300  # what stands in a further look for an entry that is not finite
BUCKET = 1e-3  # width of the buckets that candidates for equality are looked up in


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A gradient on the probes.

    Attributes:
        graph: whose it is.
        equivalence: `gradient` or `direction`.
        vector: float32, of the first look; for each batch projections of its entries, then the logarithm of their typical size.
        level: what was taken off the logarithms; 0 under `gradient`.
        flaw: why this gradient cannot train anything, or "".
    """

    graph: Graph
    equivalence: str
    vector: NDArray[np.float32]
    level: float = 0.0
    flaw: str = ""

    @cached_property
    def bucket(self) -> int:
        """A coarse coordinate of the vector: those of fingerprints that agree are equal or neighbours."""
        return round(float(self.vector @ _compass(self.vector.size)) / BUCKET)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The looks after the first that tell it from others."""
        return _further_looks(self.graph)

    @cached_property
    def _further(self) -> dict[Look, NDArray[np.float32]]:
        return {}

    def further(self, look: Look) -> NDArray[np.float32]:
        """The vector of another look, taken when it is first asked for."""
        if look not in self._further:
            self._further[look] = _vector(*_measure_in(look, self.graph), self.level)
        return self._further[look]


def probe_batch(regime: Regime, sizes: Sizes, size: int = FIRST.samples, draws: int = 0) -> Batch:
    """Batches of samples of the first look's scales; those of its size and of draw 0 are part of the identity of losses."""
    return draw_batch(regime, np.random.default_rng([20210103958, sizes.actions, draws]), sizes, FIRST.scales, size)


def draw_probe(regime: Regime, look: Look) -> list[Batch]:
    """The batches of a look, one for each of its sizes."""
    stream = [20210103958, LOOKS.index(look)]
    return [
        draw_batch(regime, np.random.default_rng([*stream, *sizes]), sizes, look.scales, look.samples) for sizes in look.sizes
    ]


@derived  # a probe remembers values
@cache
def probe_of(regime: str, look: Look) -> Probe:
    """The probe of a look."""
    return join(draw_probe(regimes()[regime], look))


@derived
@cache
def _directions(regime: str, look: Look) -> dict[View, Array]:
    """Random directions for each trained view, `[entries of a batch, projections]`: one entry of the median size moves a
    projection by 1 / 8.
    """
    directions: dict[View, Array] = {}
    for index, view in enumerate(regimes()[regime].trained_views):
        entries = look.samples * sum(sizes.width(regimes()[regime].type_of(view)) for sizes in look.sizes)
        directions[view] = np.random.default_rng([8, index]).normal(size=(entries, look.projections)) / 8
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
    largest = sizes.max(axis=1)
    if (flaw := _flaw(parts, largest)) and all(_flaw_in(look, graph) for look in _further_looks(graph)):
        return _flawed(graph, equivalence, flaw)
    projected, logs = _measure(rows, sizes, _directions(graph.regime.name, FIRST))
    level = _level(graph, logs) if equivalence == "direction" else 0.0
    return Fingerprint(graph, equivalence, _vector(projected, logs, level), level)


def _level(graph: Graph, logs: Array) -> float:
    """The largest logarithm of the first look, or of the next one that has any: the factor that direction leaves out."""
    looks = iter(_further_looks(graph))
    while not np.isfinite(logs.max()):
        logs = _measure_in(next(looks), graph)[1]
    return float(logs.max())


def _flawed(graph: Graph, equivalence: str, flaw: str) -> Fingerprint:
    return Fingerprint(graph, equivalence, np.zeros(0, np.float32), flaw=flaw)


def _flaw(parts: dict[View, list[Array]], largest: Array) -> str:
    """The reason why a finite gradient seems unable to train anything, or ""."""
    if not largest.max() > ZERO_TOL:
        return "gradient is zero"
    return "gradient is constant" if all(_is_constant(each) for each in parts.values()) else ""


def _flaw_in(look: Look, graph: Graph) -> str:
    """The same in another look."""
    parts = gradients(graph, probe_of(graph.regime.name, look))
    return _flaw(parts, np.array([np.abs(part).max() for each in parts.values() for part in each]))


def _further_looks(graph: Graph) -> tuple[Look, ...]:
    """The looks that a loss may need after the first."""
    inputs = graph.regime.inputs
    reads_size = any(node.op == INPUT and inputs[str(node.leaf)].size_of is not None for node in graph.nodes)
    return (DENSE, WIDE, SIZES) if reads_size else (DENSE, WIDE)


def _measure_in(look: Look, graph: Graph) -> tuple[Array, Array]:
    """As `_measure`, in another look than the first. What is not finite there is an entry like any other."""
    rows = _rows(gradients(graph, probe_of(graph.regime.name, look)))
    rows = {view: np.nan_to_num(row, nan=NOT_FINITE, posinf=NOT_FINITE, neginf=NOT_FINITE) for view, row in rows.items()}
    sizes = np.abs(np.concatenate([*rows.values()], axis=1))
    return _measure(rows, sizes, _directions(graph.regime.name, look))


def _measure(rows: dict[View, Array], sizes: Array, directions: dict[View, Array]) -> tuple[Array, Array]:
    """The projections of each batch, and the logarithm of its typical size; -inf where there is no gradient.

    Args:
        rows: the gradient by each view, `[batches, entries]`.
        sizes: absolute values of all entries.
        directions: for each view.
    """
    ordered = np.sort(sizes, axis=1)
    tiny = np.maximum(TINY_RATIO * _middle(ordered, np.float64(ZERO_TOL)), ZERO_TOL)
    typical = _middle(ordered, tiny[:, None])
    seen = typical > ZERO_TOL
    scale = np.where(seen, typical, 1.0)
    logs = np.where(seen, np.log(scale), -np.inf)
    projected = sum(np.arcsinh(row / scale[:, None]) @ directions[view] for view, row in rows.items())
    return np.ravel(projected), logs


def _middle(ordered: Array, tiny: Array | np.float64) -> Array:
    """The median of the ordered entries that are not tiny, for each batch `[batches]`; the largest of all if there is none."""
    small = (ordered <= tiny).sum(1)
    middle: Array = ordered[np.arange(len(ordered)), np.minimum((small + ordered.shape[1]) // 2, ordered.shape[1] - 1)]
    return middle


def _vector(projected: Array, logs: Array, level: float) -> NDArray[np.float32]:
    # A batch without gradient has no logarithm; it must not be measured against the others' scale.
    return np.concatenate([projected, np.maximum(logs - level, LOG_FLOOR)]).astype(np.float32)


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
    looks = dict.fromkeys((*one.looks, *other.looks))
    return all(_near(one.further(look), other.further(look)) for look in looks)


def _near(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max(initial=0.0) <= TOLERANCE)


@derived
@cache
def _fresh_probe(regime: str) -> Probe:
    return join([probe_batch(regimes()[regime], sizes, 1000, draws=1) for sizes in FIRST.sizes])


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
