"""A loss as a sympy expression: over named views of the action values, or spelt out for a number of actions."""

from typing import Any

import sympy

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import expression
from rlsearch.op import SYMPY_FUNCTIONS, Type
from rlsearch.registry import operations

MANY = (Type.VECTOR, Type.SIMPLEX)


def symbol(name: str) -> sympy.Symbol:
    """The symbol of an input or a view; all are real numbers."""
    return sympy.Symbol(name, real=True)


def action_values(name: str, num_actions: int) -> list[sympy.Symbol]:
    """Symbols of a network output, one per action: `q_online_s[0]`, `q_online_s[1]`, ..."""
    return [symbol(f"{name}[{i}]") for i in range(num_actions)]


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


def to_sympy_by_action(graph: Graph, num_actions: int, action: int) -> sympy.Expr:
    """The loss of a sample in which `action` was taken, spelt out over every action's value."""
    values: list[Any] = []
    for index, node in enumerate(graph.nodes):
        parts = [values[arg] for arg in node.args]
        if node.op == CONSTANT:
            values.append(sympy.nsimplify(node.leaf, rational=True))
        elif node.op == INPUT:
            special = {"a": action, "num_actions": sympy.Integer(num_actions)}
            values.append(special.get(str(node.leaf), symbol(str(node.leaf))))
        elif node.op == "q":
            values.append(action_values("_".join(["q", *(str(graph.nodes[arg].leaf) for arg in node.args)]), num_actions))
        elif operations()[node.op].elementwise and graph.types[index] in MANY:
            wide = [part if isinstance(part, list) else [part] * num_actions for part in parts]
            values.append([_apply(node.op, list(row)) for row in zip(*wide, strict=True)])
        else:
            values.append(_apply(node.op, parts))
    return values[-1]


def _argmax(values: list[Any]) -> Any:
    top = sympy.Max(*values)
    return sympy.Piecewise(*((i, sympy.Eq(v, top)) for i, v in enumerate(values[:-1])), (len(values) - 1, True))


class _Values(list[Any]):
    """A list that a symbolic index selects from."""

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int | slice):
            return super().__getitem__(index)
        return sympy.Piecewise(*((value, sympy.Eq(index, i)) for i, value in enumerate(self)))


_NAMESPACE: dict[str, Any] = {name: getattr(sympy, name) for name in SYMPY_FUNCTIONS}
_NAMESPACE |= {"argmax": _argmax, "len": len, "zip": zip, "__builtins__": {}}


def _apply(name: str, parts: list[Any]) -> Any:
    op = operations()[name]
    # One namespace, not globals and locals: generator expressions in a facet see only globals.
    held = {arg: _Values(part) if isinstance(part, list) else part for arg, part in zip(op.args, parts, strict=True)}
    return eval(op.sympy, {**_NAMESPACE, **held})
