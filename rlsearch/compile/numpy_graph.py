"""Evaluation of a loss on float64 arrays, node by node, for several sizes of the axes at once: no tape, no numba.

What is one number per sample is one array `[K, batches, B]` for K sizes, so that most ops run once for all of them; what stands
along an axis is a list of K arrays `[width, batches, B]`. Ops over the batch see the last axis.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_tape import partials_of, value_of
from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.registry import derived, operations

Array = NDArray[np.float64]
Value = Any  # a number, an array, or a list of arrays

KEPT = 1000  # values that a probe remembers at most
ROUNDING = 1e-13  # of the largest gradient by anything between the loss and the network


@dataclass(frozen=True, eq=False)
class Probe:
    """Batches of one size, for several sizes of the axes, ready to be read.

    Attributes:
        inputs: `[K, batches, B]` for each of the regime's columns, or K arrays `[width, batches, B]` along an axis, and
            `[K, 1, 1]` for what is the size of an axis.
        outputs: for each view K arrays `[width, batches, B]`, or `[K, batches, B]` where it is one number.
        shape: `(K, batches, B)`.
        known: values of what reads nothing but network outputs and actions, such as max Q(s'): most losses share them.
    """

    inputs: dict[str, Value]
    outputs: dict[View, Value]
    shape: tuple[int, ...]
    known: dict[tuple[Any, ...], Value] = field(default_factory=dict)


def join(batches: Sequence[Batch]) -> Probe:
    """Join batches of one regime whose axes have different sizes."""
    regime = batches[0].regime
    inputs: dict[str, Value] = {}
    for name in regime.columns:
        parts = [batch.inputs[name] for batch in batches]
        inputs[name] = np.stack(parts) if regime.inputs[name].type.axis is None else parts
    sizes = {name: given.size_of for name, given in regime.inputs.items() if given.size_of is not None}
    for name, axis in sizes.items():
        inputs[name] = np.array([float(batch.sizes.along(axis)) for batch in batches])[:, None, None]
    outputs: dict[View, Value] = {}
    for view in regime.views:
        parts = [batch.views[view] for batch in batches]
        outputs[view] = parts if regime.type_of(view).axis is not None else np.concatenate(parts)
    return Probe(inputs, outputs, (len(batches), *batches[0].shape))


class _Op(NamedTuple):
    """The functions of an op to run; looked up by name, which is what a node holds."""

    value: Callable[..., Any]
    partials: tuple[Callable[..., Any] | None, ...]
    elementwise: bool
    many: bool  # whether an op along an axis gives a number for each of its places


@derived
@cache
def _ops() -> dict[str, _Op]:
    return {
        name: _Op(value_of(op), partials_of(op), op.elementwise, op.signatures[0][1].axis is not None)
        for name, op in operations().items()
        if not op.external
    }


def values(graph: Graph, at: Probe) -> list[Value]:
    """The value of every node."""
    ops, out, names = _ops(), list[Value](), list[Any]()
    for node in graph.nodes:
        name: Any = None
        if node.op == CONSTANT:
            value: Value = node.leaf
        elif node.op == INPUT:
            value, name = at.inputs.get(node.leaf), node.leaf  # type: ignore[arg-type]
        elif (op := ops.get(node.op)) is None:
            name = (node.op, *[names[arg] for arg in node.args])
            value = at.outputs[name]  # equal to the View, and sooner made
        else:
            if not op.elementwise and None not in (parts := [names[arg] for arg in node.args]):
                name = (node.op, *parts)
            value = at.known.get(name)
            if value is None:
                value = _apply(op, [out[arg] for arg in node.args])
                if name is not None and len(at.known) < KEPT:
                    at.known[name] = value
        out.append(value)
        names.append(name)
    return out


def _apply(op: _Op, args: list[Value]) -> Value:
    count = next((len(arg) for arg in args if type(arg) is list), 0)
    if not count:
        value = op.value(*args) if op.elementwise else op.value(*[np.atleast_1d(arg) for arg in args])
        return value if isinstance(value, np.ndarray) and value.ndim == 3 else float(np.asarray(value).item())
    parts = [op.value(*[_part(arg, k) for arg in args]) for k in range(count)]
    return parts if op.many or op.elementwise else np.array(parts)


def _part(value: Value, k: int) -> Value:
    """The part of a value for one of the sizes."""
    return value if type(value) is float else value[k]


class Gradients(NamedTuple):
    """The gradient of the summed loss, and what its rounding is measured against.

    Attributes:
        by_view: for each trained view K arrays `[width, batches, B]`. What is far below its parts is 0: (q / r) / q has no
            gradient, but rounding leaves some.
        rounding: a size that may be rounding alone `[K, batches, B]`, of the largest gradient by anything.
        parts: the largest of the parts that gradients by anything were added up of, likewise; 0 where there was one part.
    """

    by_view: dict[View, list[Array]]
    rounding: Array
    parts: Array


def gradients(graph: Graph, at: Probe) -> dict[View, list[Array]]:
    """The gradient of the summed loss by the trained views: for each, K arrays `[width, batches, B]`."""
    return measured_gradients(graph, at).by_view


def measured_gradients(graph: Graph, at: Probe) -> Gradients:
    """The same, with what its rounding is measured against."""
    with np.errstate(all="ignore"):
        grads, addends = _run_back(graph, at)
        parts = _largest(addends, np.zeros(at.shape))
        return Gradients(_collect(graph, grads, ROUNDING * parts), ROUNDING * _largest(grads, parts), parts)


def first_nonfinite(graph: Graph, at: Probe) -> str:
    """The first op whose value is not finite, else `derivative of` the op that first passed on a gradient which is not.

    "" where all are finite. For losses known to be bad: it computes everything once more.
    """
    with np.errstate(all="ignore"):
        found = values(graph, at)
        for node, value in zip(graph.nodes, found, strict=True):
            if value is not None and not _is_finite(value):
                return node.op
        grads = _at_root(graph, at)
        for index in _backpropagate(graph, found, grads, []):
            if not all(grads[arg] is None or _is_finite(grads[arg]) for arg in graph.nodes[index].args):
                return f"derivative of {graph.nodes[index].op}"
    return ""


def _is_finite(value: Value) -> bool:
    return all(np.isfinite(part).all() for part in (value if type(value) is list else [value]))


def _at_root(graph: Graph, at: Probe) -> list[Value]:
    """The start of the backward pass: the gradient of the summed loss by each node, known for the loss itself alone."""
    return [None] * graph.root + [np.ones(at.shape)]


def _run_back(graph: Graph, at: Probe) -> tuple[list[Value], list[Value]]:
    """The gradient by each node, and the parts that it was added up of where there were several."""
    grads, addends = _at_root(graph, at), list[Value]()
    deque(_backpropagate(graph, values(graph, at), grads, addends), maxlen=0)  # to its end
    return grads, addends


def _backpropagate(graph: Graph, found: list[Value], grads: list[Value], addends: list[Value]) -> Iterator[int]:
    """Pass gradients on node by node, from the root back; yields each node that has done so."""
    for index in range(graph.root, -1, -1):
        if graph.carries[index] and grads[index] is not None:
            for into, change in _changes(graph, index, found, grads[index]):
                old = grads[into]
                if old is None:
                    grads[into] = change
                    continue
                addends += (old, change)
                several = type(change) is list
                grads[into] = [one + more for one, more in zip(old, change, strict=True)] if several else old + change
            yield index


def _changes(graph: Graph, index: int, found: list[Value], g: Value) -> Iterator[tuple[int, Value]]:
    """A node's gradient, times each partial derivative, for each of its arguments that carries one."""
    node, op = graph.nodes[index], _ops().get(graph.nodes[index].op)
    if op is None:
        return
    args, y = [found[arg] for arg in node.args], found[index]
    count = next((len(arg) for arg in args if type(arg) is list), 0)
    for place, partial in enumerate(op.partials):
        if partial is None or not graph.carries[node.args[place]]:
            continue
        if not count:
            yield node.args[place], partial(*args, y, g)
            continue
        changes = [partial(*[_part(arg, k) for arg in args], y[k], g[k]) for k in range(count)]
        if type(args[place]) is not list:  # one number met every place's
            yield node.args[place], np.array([change.sum(0) if op.elementwise else change for change in changes])
        else:
            yield node.args[place], changes


def _largest(grads: list[Value], least: Array) -> Array:
    """The largest of some gradients, or of what is known already, for each sample."""
    largest = least.copy()
    for grad in grads:
        if type(grad) is list:
            grad = np.array([np.abs(part).max(0) for part in grad])
        if grad is not None:
            np.maximum(largest, np.abs(grad), out=largest)
    return largest


def _collect(graph: Graph, grads: list[Value], rounding: Array) -> dict[View, list[Array]]:
    out: dict[View, list[Array]] = {}
    for index, node in enumerate(graph.nodes):
        if graph.carries[index] and grads[index] is not None and node.op not in _ops():
            parts = zip(grads[index], rounding, strict=True)
            kept = [np.where(np.abs(part) < noise, 0.0, part) for part, noise in parts]
            out[graph.view(index)] = kept if type(grads[index]) is list else [part[None] for part in kept]
    return out
