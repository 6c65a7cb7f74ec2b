"""Value and gradient of a loss by two further methods: differences of its value, and sympy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from rlsearch.compile.evaluate import evaluate
from rlsearch.compile.symbolic import symbol, to_sympy_by_action, view_symbols
from rlsearch.graph.graph import Graph
from rlsearch.op import Type
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.registry import operations

Array = NDArray[Any]


def by_differences(
    graph: Graph, batch: Batch, step: float = 1e-6
) -> tuple[Mapping[View, Array], Mapping[View, NDArray[np.bool_]]]:
    """Central differences of the summed value, and a mask of those to trust: both sides agree, so no kink is near.

    All samples are moved at once unless the loss reads the whole batch.
    """
    (size,) = batch.shape
    whole = any(operations()[node.op].over_batch for node in graph.nodes if node.args)
    moved = np.eye(size, dtype=bool) if whole else np.ones((1, size), bool)
    middle = evaluate(graph, batch).value
    slopes: dict[View, Array] = {}
    smooth: dict[View, NDArray[np.bool_]] = {}
    for view in batch.regime.trained_views:
        values = batch.views[view]
        slopes[view], smooth[view] = np.zeros(values.shape), np.zeros(values.shape, bool)
        for place in range(len(values)):
            for samples in moved:
                above, below = (_shift_value(graph, batch, view, place, samples, by) for by in (step, -step))
                right, left = (above - middle) / step, (middle - below) / step
                if whole:
                    right, left = right.sum(), left.sum()
                else:
                    right, left = right[samples], left[samples]
                slopes[view][place, samples] = (right + left) / 2
                smooth[view][place, samples] = np.abs(right - left) <= 1e-4 * (1 + np.abs(right))
    return slopes, smooth


def _shift_value(graph: Graph, batch: Batch, view: View, place: int, samples: NDArray[np.bool_], step: float) -> Array:
    """The values of the loss with one number of a view moved, in some samples."""
    values = batch.views[view].copy()
    values[place, samples] += step
    return evaluate(graph, replace(batch, views={**batch.views, view: values})).value


def by_sympy(graph: Graph, batch: Batch) -> Array:
    """The value `[B]` of each sample from the sympy expression of its action."""
    regime, names, rows = batch.regime, list[sympy.Symbol](), list[Array]()
    for view, values in batch.views.items():
        names += [symbol(view.name)] if regime.type_of(view).axis is None else view_symbols(view.name, len(values))
        rows += list(values)
    for name, values in batch.inputs.items():
        wide = regime.inputs[name].type.axis is not None
        names += view_symbols(name, len(values)) if wide else [symbol(name)]
        rows += list(values) if wide else [values]
    action = next((name for name in batch.inputs if regime.inputs[name].type is Type.ACTION), None)
    taken = batch.inputs[action].astype(int) if action else np.zeros(len(rows[0]), int)
    functions = {
        number: sympy.lambdify(names, to_sympy_by_action(graph, batch.sizes, number), "math", cse=True)
        for number in sorted({*taken.tolist()})
    }
    return np.array([functions[number](*row) for number, row in zip(taken.tolist(), np.array(rows).T, strict=True)], float)
