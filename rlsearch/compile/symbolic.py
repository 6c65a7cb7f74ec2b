"""A loss as a sympy expression: over named views of the action values, or spelt out for a number of actions."""

from typing import Any

import sympy

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import expression
from rlsearch.op import SYMPY_FUNCTIONS, Type
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import operations


def symbol(name: str) -> sympy.Symbol:
    """The sympy symbol of an input or a view; all are real numbers."""
    return sympy.Symbol(name, real=True)


def view_symbols(name: str, width: int) -> list[sympy.Symbol]:
    """Symbols of a network output, one for each place of its axis: `q_online_s[0]`, `q_online_s[1]`, ..."""
    return [symbol(f"{name}[{i}]") for i in range(width)]


def to_sympy(graph: Graph) -> sympy.Expr:
    """The loss over scalar symbols: inputs by name, and each number read off a vector or off the batch by its text:
    `max(q(target, s_next))`, `mean_batch(r)`.
    """
    texts: list[tuple[str, int]] = []
    values: list[Any] = []
    for index, node in enumerate(graph.nodes):
        texts.append(expression(node, [texts[arg] for arg in node.args]))
        scalar = node.op in operations() and operations()[node.op].elementwise
        scalar = scalar and all(graph.types[arg] in (Type.REAL, Type.CONSTANT) for arg in node.args)
        if node.op == CONSTANT:
            values.append(sympy.nsimplify(node.leaf, rational=True))
        elif node.args and scalar:
            values.append(_apply(node.op, [values[arg] for arg in node.args]))
        else:
            values.append(symbol(texts[-1][0]) if graph.types[index] == Type.REAL else None)
    return values[-1]


def to_sympy_by_action(graph: Graph, sizes: Sizes, action: int) -> sympy.Expr:
    """The loss of a sample in which `action` was taken, spelt out over every number of every network output.

    That is the regime's first input which is an action; another one, such as that of the next step, is a symbol.
    """
    values: list[Any] = []
    taken = next((name for name in graph.regime.columns if graph.regime.inputs[name].type is Type.ACTION), None)
    for index, node in enumerate(graph.nodes):
        parts = [values[arg] for arg in node.args]
        kind = graph.types[index]
        if node.op == CONSTANT:
            values.append(sympy.nsimplify(node.leaf, rational=True))
        elif node.op == INPUT:
            size_of = graph.regime.inputs[str(node.leaf)].size_of
            size = None if size_of is None else sympy.Integer(sizes.along(size_of))
            wide = view_symbols(str(node.leaf), sizes.width(kind)) if kind.axis is not None else symbol(str(node.leaf))
            values.append(action if node.leaf == taken else wide if size is None else size)
        elif operations()[node.op].external:
            name = graph.view(index).name
            values.append(symbol(name) if kind.axis is None else view_symbols(name, sizes.width(kind)))
        elif operations()[node.op].elementwise and kind.axis is not None:
            wide = [part if isinstance(part, list) else [part] * sizes.width(kind) for part in parts]
            values.append([_apply(node.op, list(row)) for row in zip(*wide, strict=True)])
        else:
            values.append(_apply(node.op, parts))
    return values[-1]


def _argmax(values: list[Any]) -> Any:
    top = sympy.Max(*values)
    return sympy.Piecewise(*((i, sympy.Eq(v, top)) for i, v in enumerate(values[:-1])), (len(values) - 1, True))


class _Values(list[Any]):
    """A list of values that a symbolic index selects from."""

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int | slice):
            return super().__getitem__(index)
        return sympy.Piecewise(*((value, sympy.Eq(index, i)) for i, value in enumerate(self)))


_NAMESPACE: dict[str, Any] = {name: getattr(sympy, name) for name in SYMPY_FUNCTIONS}
_NAMESPACE |= {"argmax": _argmax, "enumerate": enumerate, "len": len, "zip": zip, "__builtins__": {}}


def _apply(name: str, parts: list[Any]) -> Any:
    op = operations()[name]
    # One namespace, not globals and locals: generator expressions in a facet see only globals.
    held = {arg: _Values(part) if isinstance(part, list) else part for arg, part in zip(op.args, parts, strict=True)}
    return eval(op.sympy, {**_NAMESPACE, **held})
