"""A builder whose nodes are in canonical form: a table of rules says what each op becomes."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from rlsearch.graph.graph import CONSTANT, Builder
from rlsearch.op import NUMPY_SCALARS, Axis
from rlsearch.registry import derived, operations

Number = int | Fraction
Apply = Callable[..., int | None]  # (form, *arguments) -> the node that it becomes; None where the rule does not apply
Table = Mapping[str, tuple[Apply, ...]]  # for each op the rules that are tried, in order

# What a facet's expression calls, for single numbers.
_SCALARS: dict[str, Callable[..., float]] = {
    "minimum": min,
    "maximum": max,
    "abs": abs,
    "sign": lambda a: float((a > 0) - (a < 0)),
    "where": lambda condition, a, b: a if condition else b,
}


@lru_cache(maxsize=10_000)
def exact_number(value: float) -> Number:
    """The number that a literal stands for: 0.1 is one tenth, 0.3333333333333333 a third.

    Coefficients are added and multiplied as these, so that the order of writing leaves no trace of rounding.
    """
    if value.is_integer():
        return int(value)
    written = Fraction(repr(value))
    simple = written.limit_denominator(1_000_000)
    return simple if float(simple) == value else written


@derived
@cache
def _scalar(name: str) -> Callable[..., float]:
    op = operations()[name]
    calls = {call: _SCALARS.get(call) or getattr(math, call) for call in NUMPY_SCALARS}
    return eval(f"lambda {', '.join(op.args)}: {op.numpy}", {"__builtins__": {}} | calls)  # type: ignore[no-any-return]


def fold_literals(name: str, *values: float) -> float:
    """The value of an elementwise op of literals, from its own facet: guards included."""
    return float(_scalar(name)(*values))


class Form(Builder):
    """A builder whose `make` applies an op and brings the result to canonical form.

    Attributes:
        terms: coefficients and terms of sums, see `sums.terms`.
        primitives: content and primitive part of sums, see `sums.content_and_primitive`.
        nests: the terms of nests of minimum and maximum, see `extrema.nest`.
    """

    def __init__(self, table: Table, limit: int | None = None) -> None:
        super().__init__(limit)
        self.terms: dict[int, dict[int | None, Number]] = {}
        self.primitives: dict[int, tuple[Number, int]] = {}
        self.nests: dict[tuple[str, tuple[int, ...]], Any] = {}
        self._table = table
        self._order: dict[int, tuple[Any, ...]] = {}
        self._nonnegative: dict[int, bool] = {}
        self._made: dict[tuple[str, tuple[int, ...]], int] = {}

    def make(self, op: str, *args: int) -> int:
        """The canonical node of an op applied to canonical nodes."""
        known = self._made.get((op, args))  # rules go down into parts, and into a shared one from each of its users
        if known is None:
            known = self._made[op, args] = self._rewrite(op, args)
        return known

    def _rewrite(self, op: str, args: tuple[int, ...]) -> int:
        """The canonical node, by the first rule that fits."""
        for rule in self._table[op]:
            made = rule(self, *args)
            if made is not None:
                types = self.types
                if types[made].axis is not None:
                    return made
                axis = next((types[arg].axis for arg in args if types[arg].axis is not None), None)
                return made if axis is None or not operations()[op].elementwise else self._spread(made, args, axis)
        return self.apply(op, *args)

    def _spread(self, real: int, args: tuple[int, ...], axis: Axis) -> int:
        """A Vector that vanished (V - V + r is r) written as 0 * V + r: a reduction over its axis still needs it."""
        below, pending = set[int](), list(args)
        while pending:
            index = pending.pop()
            if index not in below:
                below.add(index)
                pending.extend(self.nodes[index].args)
        wide = [index for index in below if self.types[index].axis is axis]
        zero = self.apply("mul", self.constant(0.0), min(wide, key=self.order))
        return zero if self.literal(real) == 0 else self.apply("add", zero, real)

    def order(self, index: int) -> tuple[Any, ...]:
        """The sort key of terms: small before large, then by what they are; the same in every graph."""
        known = self._order.get(index)
        if known is None:
            op, args, leaf = self.nodes[index]
            if args:
                below = [self._order.get(arg) or self.order(arg) for arg in args]
                known = (1 + sum([key[0] for key in below]), op, *below)
            else:
                known = (1, op, leaf)
            self._order[index] = known
        return known

    def literal(self, index: int) -> float | None:
        """The number that a node is, if it is a literal."""
        node = self.nodes[index]
        return node.leaf if node.op == CONSTANT else None  # type: ignore[return-value]

    def wide(self, *indices: int) -> bool:
        """True if any node holds a number for each index of an axis."""
        return any(self.types[index].axis is not None for index in indices)

    def nonnegative(self, index: int) -> bool:
        """True if a node is known to be zero or more, with no gradient where it is zero (of max(a, 0) half of it passes)."""
        known = self._nonnegative.get(index)
        if known is None:
            known = self._nonnegative[index] = self._is_nonnegative(index)
        return known

    def _is_nonnegative(self, index: int) -> bool:
        node = self.nodes[index]
        if node.op == CONSTANT:
            return float(node.leaf or 0.0) >= 0
        if node.op in ("add", "mul", "minimum"):
            return all(self.nonnegative(arg) for arg in node.args)
        if node.op == "maximum":
            return all(self.nonnegative(arg) for arg in node.args) or any((self.literal(arg) or 0) > 0 for arg in node.args)
        return bool(node.args) and operations()[node.op].nonnegative

    def chain(self, op: str, terms: list[int]) -> int:
        """The node of op(op(x, y), z), left as it stands."""
        made = terms[0]
        for term in terms[1:]:
            made = self.apply(op, made, term)
        return made

    def links(self, op: str, index: int) -> list[int]:
        """The terms of such a chain of one op."""
        out: list[int] = []
        pending = [index]
        while pending:
            index = pending.pop()
            node = self.nodes[index]
            if node.op == op:
                pending.extend(reversed(node.args))
            else:
                out.append(index)
        return out
