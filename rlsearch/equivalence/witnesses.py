"""Comparison of losses on recorded batches: their gradients there, and where these clearly differ.

A fingerprint samples; what was recorded is what environments and networks really bring about. Only a clear difference counts:
beyond CLEAR of a batch's largest entry, and beyond what the float32 arithmetic of a training makes of either gradient. What
lies between that and float64 rounding is a band of doubt, and parts nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, gradients, join, measured_gradients
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View

Array = NDArray[np.float64]

CLEAR = 1e-3  # of the largest entry of a batch
ROUNDINGS = 10.0  # float32's roundings of both gradients that a clear difference exceeds as well
LARGE = 1e-3  # of the largest entry of its batch: an entry that has a say in the factor between two gradients
NAMED = 3  # numbers that are said to be 0
REMEMBERED = 32  # losses whose gradients are kept
WITNESSES = 4  # batches that show a difference best, and as many that show none: a factor needs both


class Group(NamedTuple):
    """The batches of one shape: their places among all, joined `[..., batches, B]`, and as a probe."""

    places: tuple[int, ...]
    batch: Batch
    probe: Probe


class Difference(NamedTuple):
    """A clear difference of two gradients.

    Attributes:
        size: of the largest one, as a share of the largest entry of its batch.
        batches: places of those that show it, the clearest first.
        where: in words, as in `where the reward is 0`.
    """

    size: float
    batches: tuple[int, ...]
    where: str


class _Gradient(NamedTuple):
    """A gradient on one group, by each view that it reaches `[width, batches, B]`, and its largest size in each batch."""

    by_view: Mapping[View, Array]
    largest: Array


@dataclass(frozen=True)
class _Pair:
    """Two gradients on one group `[entries, batches, B]`, and the largest sizes of each `[batches]`."""

    group: Group
    one: Array
    other: Array
    largest: tuple[Array, Array]

    def gap(self, factor: float) -> Array:
        """The size of their difference, the second one divided by a factor; 0 where either is not finite."""
        gap = np.abs(self.one - self.other / factor)
        return gap if np.isfinite(gap.sum()) else np.where(np.isfinite(gap), gap, 0.0)

    def bound(self, factor: float) -> Array:
        """The least size of a clear difference in each batch `[batches]`."""
        one, other = self.largest
        return CLEAR * np.maximum(one, other / factor)


class Witnesses:
    """Recorded batches of one regime, ready for gradients; those of the last few losses are remembered.

    Attributes:
        batches: each with views `[width, B]`.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self.batches = tuple(batches)
        places: dict[tuple[object, ...], list[int]] = {}
        for place, batch in enumerate(self.batches):
            places.setdefault((batch.sizes, batch.shape), []).append(place)
        self._groups = tuple(_group(same, [self.batches[place] for place in same]) for same in places.values())
        self._known: dict[Graph, tuple[_Gradient, ...]] = {}

    def difference(self, one: Graph, other: Graph, equivalence: str) -> Difference | None:
        """The clear difference of two losses' gradients, under `direction` up to one positive factor; None if there is none."""
        with np.errstate(all="ignore"):
            pairs = self._pairs(one, other)
            factor = _factor(pairs) if equivalence == "direction" else 1.0
            gaps = [(pair, pair.gap(factor), pair.bound(factor)) for pair in pairs]
            if not any((gap.max(axis=(0, 2)) > bound).any() for _, gap, bound in gaps):
                return None
            sizes, masks = np.zeros(len(self.batches)), list[NDArray[np.bool_]]()
            for pair, gap, bound in gaps:
                clear = gap > bound[:, None] + ROUNDINGS * _doubt(one, other, pair, factor)
                masks.append(np.asarray(clear.any(axis=0)))
                share = CLEAR * np.where(clear, gap, 0.0).max(axis=(0, 2)) / bound
                sizes[list(pair.group.places)] = np.where(masks[-1].any(axis=1), share, 0.0)
        shown = [int(place) for place in np.argsort(-sizes, kind="stable") if sizes[place] > 0]
        if not shown:
            return None
        groups = [pair.group for pair in pairs]
        return Difference(float(sizes[shown[0]]), tuple(shown), _where(groups, masks, len(shown), len(self.batches)))

    def factor(self, one: Graph, other: Graph) -> float:
        """The positive factor between the gradient of one loss and that of another; 1 where none can be told."""
        with np.errstate(all="ignore"):
            return _factor(self._pairs(one, other))

    def telling(self, one: Graph, other: Graph, equivalence: str, shown: Difference) -> tuple[Batch, ...]:
        """A few of the batches that are enough to tell two losses apart; all of them where a few are not."""
        unlike = [place for place in range(len(self.batches)) if place not in shown.batches]
        few = tuple(self.batches[place] for place in sorted({*shown.batches[:WITNESSES], *unlike[:WITNESSES]}))
        return few if Witnesses(few).difference(one, other, equivalence) else self.batches

    def _pairs(self, one: Graph, other: Graph) -> list[_Pair]:
        return [
            _Pair(group, *_aligned(mine.by_view, theirs.by_view), (mine.largest, theirs.largest))
            for group, mine, theirs in zip(self._groups, self._gradients(one), self._gradients(other), strict=True)
        ]

    def _gradients(self, graph: Graph) -> tuple[_Gradient, ...]:
        found = self._known.get(graph)
        if found is None:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            found = self._known[graph] = tuple(map(_measured, (_gradient(graph, group.probe) for group in self._groups)))
        return found


def _group(places: Sequence[int], batches: Sequence[Batch]) -> Group:
    first = batches[0]
    views = {view: np.stack([batch.views[view] for batch in batches], axis=-2) for view in first.views}
    inputs = {name: np.stack([batch.inputs[name] for batch in batches], axis=-2) for name in first.inputs}
    joined = Batch(first.regime, first.sizes, views, inputs)
    return Group(tuple(places), joined, join([joined]))


def _gradient(graph: Graph, probe: Probe) -> Mapping[View, Array]:
    """The gradient by each view that it reaches `[width, batches, B]`."""
    return {view: parts[0] for view, parts in gradients(graph, probe).items()}


def _aligned(one: Mapping[View, Array], other: Mapping[View, Array]) -> tuple[Array, Array]:
    """Two gradients by all views that either reaches, `[entries, batches, B]`; 0 where one does not."""
    views = {**one, **other}
    mine, theirs = (
        np.concatenate([side[view] if view in side else np.zeros_like(found) for view, found in views.items()])
        for side in (one, other)
    )
    return mine, theirs


def _measured(by_view: Mapping[View, Array]) -> _Gradient:
    """A gradient with its largest finite size in each batch."""
    largest: Any = 0.0
    for part in by_view.values():
        sizes = np.abs(part)
        if not np.isfinite(sizes.sum()):
            sizes = np.where(np.isfinite(sizes), sizes, 0.0)
        largest = np.maximum(largest, sizes.max(axis=(0, 2)))
    return _Gradient(by_view, np.asarray(largest, np.float64))


def _factor(pairs: Sequence[_Pair]) -> float:
    """The median of the ratios of entries that are large in both: where two losses agree in most entries, it is theirs."""
    found = [np.ones(0)]
    for pair in pairs:
        one, other = (LARGE * largest[..., None] for largest in pair.largest)
        ratios = (pair.other / pair.one)[(np.abs(pair.one) > one) & (np.abs(pair.other) > other)]
        found.append(ratios[np.isfinite(ratios)])
    joined = np.concatenate(found)
    middle = joined.size // 2
    factor = abs(float(np.partition(joined, middle)[middle])) if joined.size else 1.0
    return factor if 0 < factor < np.inf else 1.0


def _doubt(one: Graph, other: Graph, pair: _Pair, factor: float) -> Array:
    """The size of what rounding may do to two gradients, the second divided by a factor; not a number where one overflows."""
    probe = pair.group.probe
    inputs = {name: _single(value) for name, value in probe.inputs.items()}
    single = Probe(inputs, {view: _single(value) for view, value in probe.outputs.items()}, probe.shape)
    mine, theirs = _aligned(_gradient(one, single), _gradient(other, single))
    floors = measured_gradients(one, probe).rounding[0] + measured_gradients(other, probe).rounding[0] / factor
    doubt: Array = np.abs(mine - pair.one) + np.abs(theirs - pair.other) / factor + floors
    return doubt


def _single(value: Any) -> Any:
    return [part.astype(np.float32) for part in value] if isinstance(value, list) else value.astype(np.float32)


def _where(groups: Sequence[Group], masks: Sequence[NDArray[np.bool_]], shown: int, total: int) -> str:
    """The samples that differ, in words: by the numbers that are 0 in them all and not everywhere, else by their batches."""
    regime = groups[0].batch.regime
    titles = {regime.reward: "the reward", regime.discount: "the discount"}
    names = []
    columns = [name for name in regime.columns if regime.inputs[name].type.axis is None]
    for name in sorted(columns, key=lambda name: name not in titles):
        zeros = [group.batch.inputs[name] == 0 for group in groups]
        if all(zero[mask].all() for zero, mask in zip(zeros, masks, strict=True)) and not all(zero.all() for zero in zeros):
            names.append(titles.get(name, name))
    if not names:
        return f"in {shown} of {total} recorded batches"
    return f"where {' and '.join(names[:NAMED])} {'is' if len(names) == 1 else 'are'} 0"
