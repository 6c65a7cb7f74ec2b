"""Limits of a search space beside its number of free lines: what ops count, how much a loss may count, how ops may be nested.

As PySR has them (complexity_of_operators, maxsize, maxdepth, nested_constraints). Whatever a loss holds keeps every limit that
the loss itself keeps, so parts that break one need not be built on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.simplify.canonical import loss_size


@dataclass(frozen=True)
class Limits:
    """Limits of the losses that a search proposes; those that it starts from are as they are given.

    Attributes:
        complexity: what an op counts in the size of a loss; others count 1. Empty: all do.
        max_complexity: the largest size of a loss as it is written, None for any.
        max_depth: the most ops on a way from the loss to something that it reads, None for any.
        nesting: for an op the others, or itself, that may stand inside it only so many times on any way down.
    """

    complexity: Mapping[str, int] = field(default_factory=dict)
    max_complexity: int | None = None
    max_depth: int | None = None
    nesting: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def some(self) -> bool:
        """True if anything is limited."""
        return self.max_complexity is not None or self.max_depth is not None or bool(self.nesting)

    def size(self, graph: Graph, form: Graph) -> int:
        """The size of a loss, where `form` is its canonical form.

        Where ops count differently, it is what the ops of the loss count as it is written: the canonical form may hold others.
        """
        return self.weight(graph) if self.complexity else loss_size(graph, form)

    def weight(self, graph: Graph) -> int:
        """The sum of what the ops of a graph count; what is shared counts once."""
        return sum(self.complexity.get(node.op, 1) for node in graph.nodes if node.op not in (INPUT, CONSTANT))

    def allow(self, graph: Graph) -> bool:
        """True if a graph, a loss or a part of one, keeps every limit."""
        if self.max_complexity is not None and self.weight(graph) > self.max_complexity:
            return False
        if self.max_depth is not None and _deepest(graph)[-1] > self.max_depth:
            return False
        return all(self._nested_within(graph, outer, inner, most) for outer, inner, most in self._pairs())

    def _pairs(self) -> list[tuple[str, str, int]]:
        return [(outer, inner, most) for outer, limited in self.nesting.items() for inner, most in limited.items()]

    def _nested_within(self, graph: Graph, outer: str, inner: str, most: int) -> bool:
        """True if below each `outer` there are at most so many of `inner` on any way down."""
        deepest = _deepest(graph, inner)
        return all(deepest[arg] <= most for node in graph.nodes if node.op == outer for arg in node.args)


def _deepest(graph: Graph, op: str | None = None) -> list[int]:
    """For each node the most ops, or ops of one name, on a way down from it, itself included."""
    found: list[int] = []
    for node in graph.nodes:
        counts = node.op == op if op is not None else node.op not in (INPUT, CONSTANT)
        found.append(counts + max((found[arg] for arg in node.args), default=0))
    return found


NO_LIMITS = Limits()
