"""What is first not finite in a loss: a walk over its graph in PyTorch, op by op, which reads the op's torch text only."""

from typing import NamedTuple

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor

from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph
from rlsearch.op import Op, Type
from rlsearch.registry import operations
from tests.support.evaluate import COLUMNS, VIEWS, Batch


class Walk(NamedTuple):
    """What is not finite on one batch.

    Attributes:
        values: the nodes whose value is not finite.
        passed: the nodes that pass on such a gradient.
        harmful: whether the loss, or a network output's gradient, is not finite.
    """

    values: list[int]
    passed: list[int]
    harmful: bool


def walk(graph: Graph, batch: Batch, dtype: torch.dtype) -> Walk:
    """Evaluate every node, then let the gradient of the mean loss flow back node by node."""
    values: list[Tensor] = []
    for index in range(len(graph.nodes)):
        values.append(_value(graph, index, values, batch, dtype))
    lost = [index for index, value in enumerate(values) if not value.isfinite().all()]
    size = batch.samples.shape[1]
    grads: dict[int, Tensor] = {graph.root: torch.full((size,), 1 / size, dtype=dtype)}
    passed = []
    for index in range(graph.root, -1, -1):
        node, op = graph.nodes[index], operations().get(graph.nodes[index].op)
        if index not in grads or op is None or op.external:
            continue
        args = [values[arg].detach().clone().requires_grad_() for arg in node.args]
        taken = [k for k, arg in enumerate(node.args) if graph.carries[arg] and op.partials[k] is not None]
        if not taken:
            continue
        made = _applied(graph, index, op, args)
        for k, change in zip(taken, torch.autograd.grad(made, [args[k] for k in taken], grads[index]), strict=True):
            into = node.args[k]
            grads[into] = grads[into] + change if into in grads else change
        if not all(grads[node.args[k]].isfinite().all() for k in taken):
            passed.append(index)
    ends = [graph.root] if graph.root in lost else []
    ends += [index for index in grads if graph.nodes[index].op == "q" and not grads[index].isfinite().all()]
    return Walk(lost, passed, bool(ends))


def named(graph: Graph, walks: list[Walk]) -> str:
    """The first op that is not finite on any of some batches; "" if none is."""
    lost = [index for found in walks for index in found.values]
    passed = [index for found in walks for index in found.passed]
    if lost:
        return graph.nodes[min(lost)].op
    return f"derivative of {graph.nodes[max(passed)].op}" if passed else ""


def _value(graph: Graph, index: int, values: list[Tensor], batch: Batch, dtype: torch.dtype) -> Tensor:
    node, size = graph.nodes[index], batch.samples.shape[1]
    if node.op == CONSTANT:
        return torch.full((size,), float(node.leaf), dtype=dtype)
    if node.leaf == "num_actions":
        return torch.full((size,), float(batch.num_actions), dtype=dtype)
    if node.op == INPUT:
        known = node.leaf in COLUMNS
        return torch.tensor(batch.samples[COLUMNS.index(node.leaf)] if known else np.zeros(size), dtype=dtype)
    if node.op == "q":
        pair = VIEWS.index(graph.view(index))
        return torch.tensor(batch.q[pair].T.copy(), dtype=dtype)
    return _applied(graph, index, operations()[node.op], [values[arg] for arg in node.args]).detach()


def _applied(graph: Graph, index: int, op: Op, args: list[Tensor]) -> Tensor:
    """An op by its torch text, of tensors `[B]` and `[B, A]`."""
    places = graph.nodes[index].args
    wide = op.elementwise and any(graph.types[arg].axis is not None for arg in places)
    given: dict[str, object] = {"torch": torch}
    for name, arg, tensor in zip(op.args, places, args, strict=True):
        if name in op.literals:
            given[name] = float(tensor[0])
        elif graph.types[arg] == Type.ACTION:
            given[name] = tensor.long()
        else:
            given[name] = tensor[:, None] if wide and graph.types[arg].axis is None else tensor
    made = eval(op.torch, given)
    return made.to(args[0].dtype)


@st.composite
def chains(draw: st.DrawFn) -> Graph:
    """Q(s, a), then op after op of it and the reward: rewards that are huge make it overflow somewhere."""
    builder = Builder()
    r, made = builder.input("r"), builder.apply("q", builder.input("online"), builder.input("s"))
    made = q_sa = builder.apply("select", made, builder.input("a"))
    for op in draw(st.lists(st.sampled_from(("mul", "mul", "div", "square", "tanh")), min_size=1, max_size=6)):
        others = [draw(st.sampled_from((r, r, q_sa)))] * (len(operations()[op].args) - 1)
        made = builder.apply(op, *[made, *others][:: draw(st.sampled_from((1, -1)))])
    return builder.loss(made)
