"""Agreement of two losses in a look: every entry of their gradients, one by one, up to rounding.

Rounding is judged sample by sample: against the entry itself, and against the largest gradient, or part of one, that anything
between the loss and the network has there. So huge entries of some samples, as where something was divided by a reward of 0,
hide nothing of the others. Entries that are not finite in either loss say nothing.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import gradients_and_rounding
from rlsearch.equivalence.looks import Look, probe_of
from rlsearch.graph.graph import Graph
from rlsearch.regimes.heads import View
from rlsearch.registry import derived, operations

Array = NDArray[np.float64]

OF_ENTRY = 1e-6
OF_ROUNDING = 1e4  # times what `gradients` takes for rounding: this is of whole formulas
REMEMBERED = 256  # losses and looks


class Seen(NamedTuple):
    """A gradient in a look: for each view and size its entries `[width, batches, B]`; rounding `[K, batches, B]`."""

    by_view: dict[View, list[Array]]
    rounding: Array


@derived
@lru_cache(maxsize=REMEMBERED)
def _see(graph: Graph, look: Look) -> Seen:
    found, rounding = gradients_and_rounding(graph, probe_of(graph.regime.name, look))
    if any(node.args and operations()[node.op].over_batch for node in graph.nodes):  # one sample's rounding is in all others
        rounding = rounding.max(axis=-1, keepdims=True) + 0 * rounding
    return Seen(found, OF_ROUNDING * rounding)


def factor_between(one: Graph, other: Graph, look: Look) -> float | None:
    """The factor between the largest entry of one loss's gradient and that of another; None if the look has no gradient."""
    mine, theirs = _see(one, look), _see(other, look)
    for view, parts in mine.by_view.items():
        for size, part in enumerate(parts):
            entries = np.where(np.isfinite(part), np.abs(part), 0.0)
            if view in theirs.by_view and entries.any():
                at = np.unravel_index(entries.argmax(), entries.shape)
                return float(theirs.by_view[view][size][at] / part[at])
    return None


def agree(one: Graph, other: Graph, look: Look, factor: float = 1.0) -> bool:
    """True if the second loss's gradient is the first one's, times a factor, in a look."""
    mine, theirs = _see(one, look), _see(other, look)
    with np.errstate(all="ignore"):
        rounding = mine.rounding + theirs.rounding / abs(factor)
        for view in {**mine.by_view, **theirs.by_view}:
            sides = [side.by_view.get(view) for side in (mine, theirs)]
            for size, allowed in enumerate(rounding):
                own, other_s = (0.0 if parts is None else parts[size] for parts in sides)
                gap = np.abs(own - other_s / factor)
                if (gap > OF_ENTRY * np.abs(own) + allowed).any():  # False where something is not finite
                    return False
    return True
