"""Ops in each other, with different leaves: whatever stands in whatever."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, pairwise, product

from rlsearch.errors import LossError
from rlsearch.graph.graph import Builder, Graph
from rlsearch.op import Op, Type
from tests.support.strategies import VIEWS

REALS = ("r", "discount", "return_to_go", "progress", "behaviour_prob", "num_actions")


def nested(ops: Sequence[Op]) -> Iterator[Graph]:
    """The first outermost, and each in every argument of the one around it that takes it."""
    for places in product(*(range(len(op.args)) for op in ops[:-1])):
        builder, leaves = Builder(), _Leaves()
        try:
            made = -1
            for op, place in zip(reversed(ops), (-1, *reversed(places)), strict=True):
                args = [made if k == place else leaves.grow(builder, op, k) for k in range(len(op.args))]
                made = builder.apply(op.name, *args)
            if builder.types[made] == Type.ACTION:
                made = builder.apply("select", leaves.view(builder), made)
            if builder.types[made] in (Type.VECTOR, Type.SIMPLEX):
                made = builder.apply("select", made, builder.input("a"))
        except LossError:
            continue  # the types do not fit
        yield builder.graph(made)


class _Leaves:
    """What was not used yet."""

    def __init__(self) -> None:
        self.reals, self.views = cycle(REALS), cycle(VIEWS)

    def view(self, builder: Builder) -> int:
        network, state = next(self.views)
        return builder.apply("q", builder.input(network), builder.input(state))

    def grow(self, builder: Builder, op: Op, place: int) -> int:
        """A leaf that an op takes for an argument."""
        kind = op.arg_types[place]
        if op.args[place] in op.literals:
            return builder.constant(sum(op.domain[place]) / 2)
        if kind == Type.ACTION:
            return builder.input("a")
        if kind == Type.REAL:
            return builder.input(next(self.reals))
        return builder.apply("softmax", self.view(builder)) if kind == Type.SIMPLEX else self.view(builder)


def chain(line: str, start: str, lines: int, end: str = "x") -> str:
    """A loss of so many lines, each the same expression of the one before it, which it calls `x`."""
    names = [f"x{k}" for k in range(lines + 1)]
    made = [f"{name} = {_with(line, before)}" for before, name in pairwise(names)]
    return "\n".join([f"x0 = {start}", *made, f"loss = {_with(end, names[-1])}"])


def _with(line: str, name: str) -> str:
    return re.sub(r"\bx\b", name, line)
