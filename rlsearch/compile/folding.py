"""Values of the parts of a loss that are the same for every sample."""

import numpy as np

from rlsearch.compile.numpy_tape import value_of
from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import operations


def fold(graph: Graph, sizes: Sizes | None = None) -> dict[int, float]:
    """Values of literals, of what is computed from them, and, where they are given, of the sizes of axes."""
    values: dict[int, float] = {}
    for index, node in enumerate(graph.nodes):
        if node.op == CONSTANT:
            values[index] = float(node.leaf or 0.0)
        elif node.op == INPUT:
            axis = graph.regime.inputs[str(node.leaf)].size_of
            if axis is not None and sizes is not None:
                values[index] = float(sizes.along(axis))
        elif all(arg in values for arg in node.args):
            op = operations()[node.op]
            if op.elementwise or op.over_batch:  # a batch of one says what any batch would
                with np.errstate(all="ignore"):
                    value = value_of(op)(*(np.array([values[arg]]) for arg in node.args))
                values[index] = float(np.asarray(value).item())
    return values
