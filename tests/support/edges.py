"""Transitions at the edges: zeros, ones, ties, both signs, numbers about every guard, tiny and large ones."""

import numpy as np
from numpy.typing import NDArray

from rlsearch.graph.graph import Graph
from tests.support.evaluate import COLUMNS, VIEWS, Batch, by_tape

EDGES = (0.0, 0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1e-6, -1e-6, 1e-7, -2e-7, 1e-9, 1e-12, 20.0, 21.0, -30.0, 1e3, -1e3)


def edge_batch(num_actions: int, size: int = 32, seed: int = 0) -> Batch:
    """Transitions of so many actions whose numbers are all drawn from a few, so that ties are common."""
    rng = np.random.default_rng([seed, num_actions])
    samples = rng.choice(EDGES, (len(COLUMNS), size))
    samples[COLUMNS.index("a")] = rng.integers(0, num_actions, size)
    return Batch(rng.choice(EDGES, (len(VIEWS), num_actions, size)), samples)


def sure(graph: Graph, batch: Batch) -> NDArray[np.bool_]:
    """Samples whose value does not hang on rounding: more digits give the same, and it is no overflow."""
    value, longer = (by_tape(graph, batch, dtype).value for dtype in (np.float64, np.longdouble))
    with np.errstate(all="ignore"):
        same = np.abs(value - longer) <= 1e-9 * np.abs(longer) + 1e-12
    return np.isfinite(value) & same.astype(bool)
