"""Agreement of two losses in a look: every entry of their gradients, one by one, up to rounding.

Entries agree to one part in 100,000 of themselves, or of the largest part that a gradient in that sample was added up of, as
where these cancel. So huge entries of some samples, as where something was divided by a reward of 0, hide nothing of the
others. Entries that are not finite in either loss say nothing.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import measured_gradients
from rlsearch.equivalence.looks import Look, probe_of
from rlsearch.graph.graph import Graph
from rlsearch.regimes.heads import View
from rlsearch.registry import derived, operations

Array = NDArray[np.float64]

TOLERANCE = 1e-5  # of entries and their parts
OF_ROUNDING = 1e3  # times what is taken for rounding of one step: this is of whole formulas
REMEMBERED = 256  # losses and looks


class Seen(NamedTuple):
    """A gradient in a look: for each view and size entries `[width, batches, B]`; what they may be off by `[K, batches, B]`."""

    by_view: dict[View, list[Array]]
    allowed: Array


@derived
@lru_cache(maxsize=REMEMBERED)
def _see(graph: Graph, look: Look) -> Seen:
    found = measured_gradients(graph, probe_of(graph.regime.name, look))
    allowed = OF_ROUNDING * found.rounding + TOLERANCE * found.parts
    if any(node.args and operations()[node.op].over_batch for node in graph.nodes):  # one sample's rounding is in all others
        allowed = allowed.max(axis=-1, keepdims=True) + 0 * allowed
    return Seen(found.by_view, allowed)


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
        both = mine.allowed + theirs.allowed / abs(factor)
        for view in {**mine.by_view, **theirs.by_view}:
            sides = [side.by_view.get(view) for side in (mine, theirs)]
            for size, allowed in enumerate(both):
                own, other_s = (0.0 if parts is None else parts[size] for parts in sides)
                gap = np.abs(own - other_s / factor)
                if (gap > TOLERANCE * np.abs(own) + allowed).any():  # False where something is not finite
                    return False
    return True
