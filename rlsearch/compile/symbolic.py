"""A loss as a sympy expression: over named views of the action values, or spelt out for a number of actions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from rlsearch.compile.folding import fold
from rlsearch.compile.sympy_latex import teach_latex
from rlsearch.compile.sympy_nodes import cases, fill, without_cases
from rlsearch.graph.graph import INPUT, Graph, Node
from rlsearch.graph.naming import field_names
from rlsearch.graph.text import ATOM, expression
from rlsearch.op import SYMPY_FUNCTIONS, Type
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import operations

# Nodes of an expression. Above LONG, sympy takes seconds to compare the arguments of nested maxima, and what is shared may
# have grown exponentially; then parts of more than PART nodes are named.
LONG, PART = 200, 30
BITS = 400  # of a number in a part: two such still multiply to what a float can hold, as a billion factors of 1.1 do not
READING = 300  # characters that the name of a reading repeats of each of its parts, at most


@dataclass(frozen=True)
class Formula:
    """A loss in sympy, equal to it for all finite numbers; the parts of a long one are named.

    Attributes:
        parts: the names, each with an expression over inputs, readings such as `max(q(target, s_next))` and earlier names.
        loss: the loss over the same.
        lines: what names mean in the text form, for readings that mention them, such as `max(x1)`.
    """

    parts: tuple[tuple[sympy.Symbol, sympy.Expr], ...]
    loss: sympy.Expr
    lines: tuple[str, ...]


def symbol(name: str) -> sympy.Symbol:
    """The sympy symbol of an input or a view; all are real numbers."""
    return sympy.Symbol(name, real=True)


def view_symbols(name: str, width: int) -> list[sympy.Symbol]:
    """Symbols of a network output, one for each place of its axis: `q_online_s[0]`, `q_online_s[1]`, ..."""
    return [symbol(f"{name}[{i}]") for i in range(width)]


def to_sympy(graph: Graph) -> sympy.Expr:
    """The loss over scalar symbols: inputs by name, and each number read off a vector or off the batch by its text:
    `max(q(target, s_next))`, `mean_batch(r)`.

    The parts of a long one are put in as they are, each as one object, however often it occurs.
    """
    form = to_formula(graph)
    values: dict[sympy.Symbol, sympy.Expr] = {}
    compared: dict[sympy.Symbol, sympy.Expr] = {}
    for name, part in form.parts:
        values[name] = fill(part, values, compared)
        compared[name] = fill(without_cases(part), compared, compared)
    return fill(form.loss, values, compared) if values else form.loss


def to_formula(graph: Graph) -> Formula:
    """The loss over scalar symbols, its parts named if it is long."""
    named, sizes = _spell(graph, PART), dict[sympy.Symbol, int]()
    for name, part in named.parts:
        sizes[name] = _size(part, sizes)
    return named if _size(named.loss, sizes) > LONG else _spell(graph, LONG)


def _spell(graph: Graph, part: int) -> Formula:
    """The loss with names for what has more nodes than `part`."""
    known, folded, names = field_names(graph), fold(graph), dict[int, str]()
    parts: list[tuple[sympy.Symbol, sympy.Expr]] = []
    lines: dict[str, str] = {}
    readings, values = list[sympy.Symbol](), list[Any]()
    texts: list[tuple[str, int]] = []
    for index, node in enumerate(graph.nodes):
        text = expression(node, [texts[arg] for arg in node.args])
        given = [values[arg] for arg in node.args]
        value: Any = None
        if index in folded:
            value = _constant(node, given, folded[index])
        elif node.args and operations()[node.op].elementwise and None not in given:
            value = _apply(node.op, given)
        elif graph.types[index] == Type.REAL:
            value = symbol(text[0])
            readings.append(value)
        if index != graph.root and graph.types[index] != Type.ACTION:
            name = known.get(index, f"x{len(names) + 1}")
            if len(text[0]) > READING:
                names[index] = name
                lines[name] = text[0]
                text = (name, ATOM)
            if value is not None and (_size(value, {}) > part or _has_long_number(value)):
                names[index] = name
                parts.append((symbol(name), value))
                value = symbol(name)
        texts.append(text)
        values.append(value)
    teach_latex(readings)
    return _trim(parts, values[-1], lines)


def _trim(parts: Sequence[tuple[sympy.Symbol, sympy.Expr]], loss: sympy.Expr, lines: dict[str, str]) -> Formula:
    """The formula without the names that nothing mentions, as sympy may have dropped what is multiplied by 0."""
    read, kept = set(loss.free_symbols), list[tuple[sympy.Symbol, sympy.Expr]]()
    for name, part in reversed(parts):
        if name in read:
            kept.append((name, part))
            read |= part.free_symbols
    texts, told = [str(one) for one in read if "(" in one.name], list[str]()
    for word, text in reversed(lines.items()):
        if any(re.search(rf"\b{word}\b", one) for one in texts):
            told.append(f"{word} = {text}")
            texts.append(text)
    return Formula(tuple(kept[::-1]), loss, tuple(told[::-1]))


def _size(expression: sympy.Expr, names: dict[sympy.Symbol, int]) -> int:
    """The number of nodes of an expression, written out, given those of what names stand for."""
    return sum(names.get(node, 1) for node in sympy.preorder_traversal(expression))


def _has_long_number(expression: sympy.Expr) -> bool:
    """True if a factor or a term has more digits than floats can be trusted to multiply; a number alone is one already."""
    numbers = () if expression.is_number else expression.atoms(sympy.Rational)
    return any(max(abs(one.p), one.q).bit_length() > BITS for one in numbers)


def to_sympy_by_action(graph: Graph, sizes: Sizes, action: int) -> sympy.Expr:
    """The loss of a sample in which `action` was taken, spelt out over every number of every network output.

    That is the regime's first input which is an action; another one, such as that of the next step, is a symbol.
    """
    folded = fold(graph, sizes)
    values: list[Any] = []
    taken = next((name for name in graph.regime.columns if graph.regime.inputs[name].type is Type.ACTION), None)
    for index, node in enumerate(graph.nodes):
        parts = [values[arg] for arg in node.args]
        kind = graph.types[index]
        if index in folded:
            values.append(_constant(node, parts, folded[index]))
        elif node.op == INPUT:
            wide = view_symbols(str(node.leaf), sizes.width(kind)) if kind.axis is not None else symbol(str(node.leaf))
            values.append(action if node.leaf == taken else wide)
        elif operations()[node.op].external:
            name = graph.view(index).name
            values.append(symbol(name) if kind.axis is None else view_symbols(name, sizes.width(kind)))
        elif operations()[node.op].elementwise and kind.axis is not None:
            wide = [part if isinstance(part, list) else [part] * sizes.width(kind) for part in parts]
            values.append([_apply(node.op, list(row)) for row in zip(*wide, strict=True)])
        else:
            values.append(_apply(node.op, parts))
    return values[-1]


def number(value: float) -> Any:
    """A number exactly as its shortest decimal says: 0.1 is one tenth, and is the same float again."""
    return sympy.Rational(repr(value)) if abs(value) < float("inf") else sympy.sympify(value)


def _constant(node: Node, parts: list[Any], value: float) -> Any:
    """The number that a node is in every sample: exact as a fraction if floats cannot tell, else as NumPy has it.

    sympy alone would write 1.1, squared thirty times, out in a billion digits.
    """
    if node.args and operations()[node.op].elementwise and all(part.is_Rational for part in parts):
        exact = _apply(node.op, parts)
        if exact.is_Rational and abs(value) < float("inf") and float(exact) == value:
            return exact
    return number(value)


def _argmax(values: list[Any]) -> Any:
    ahead = (sympy.And(*(value >= other for other in values)) for value in values[:-1])
    return cases(*((i, found) for i, found in enumerate(ahead)), (len(values) - 1, True))


class _Values(list[Any]):
    """A list of values that a symbolic index selects from."""

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int | slice):
            return super().__getitem__(index)
        return cases(*((value, sympy.Eq(index, i)) for i, value in enumerate(self[:-1])), (self[-1], True))


_NAMESPACE: dict[str, Any] = {name: getattr(sympy, name) for name in SYMPY_FUNCTIONS}
_NAMESPACE |= {"Piecewise": cases, "argmax": _argmax, "enumerate": enumerate, "len": len, "zip": zip, "__builtins__": {}}


def _apply(name: str, parts: list[Any]) -> Any:
    op = operations()[name]
    # One namespace, not globals and locals: generator expressions in a facet see only globals.
    held = {arg: _Values(part) if isinstance(part, list) else part for arg, part in zip(op.args, parts, strict=True)}
    return eval(op.sympy, {**_NAMESPACE, **held})
