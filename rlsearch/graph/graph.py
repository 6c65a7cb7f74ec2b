"""A loss as a typed, hash-consed DAG: equal subexpressions are one node, and equal graphs are equal tuples."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.graph.inputs import INPUTS
from rlsearch.op import Type
from rlsearch.registry import operations

# A loss is a formula one can read; these only stop accidents and bombs.
MAX_NODES = 200
LARGEST = 1e30  # constants lie within +-LARGEST, so that float32 holds them

INPUT, CONSTANT = "input", "constant"


class Node(NamedTuple):
    """An op applied to earlier nodes, or a leaf: `Node("input", (), "r")`, `Node("constant", (), 0.5)`."""

    op: str
    args: tuple[int, ...] = ()
    leaf: str | float | None = None


@dataclass(frozen=True)
class Graph:
    """A loss without dead nodes, arguments before their users, numbered by first visit from the root, which is last.

    Attributes:
        nodes: the DAG.
        types: type of each node.
        carries: whether gradient reaches the online network through each node.
    """

    nodes: tuple[Node, ...]
    types: tuple[Type, ...] = field(compare=False)
    carries: tuple[bool, ...] = field(compare=False)

    @property
    def root(self) -> int:
        """Index of the loss itself."""
        return len(self.nodes) - 1

    @property
    def size(self) -> int:
        """How many ops it holds; leaves are not counted."""
        return sum(node.op not in (INPUT, CONSTANT) for node in self.nodes)

    def to_networkx(self) -> Any:
        """The same as a `networkx.MultiDiGraph`: nodes with op, type, leaf and label, edges with the argument's position.

        See `rlsearch.graph.exchange.to_networkx` for every attribute.
        """
        from rlsearch.graph.exchange import to_networkx  # heavy: networkx, 0.2 s; and it imports this module

        return to_networkx(self)


class Builder:
    """Collects nodes, each once; checks types as they come."""

    def __init__(self, limit: int | None = MAX_NODES) -> None:
        self._limit = limit
        self.nodes: list[Node] = []
        self.types: list[Type] = []
        self.carries: list[bool] = []
        self._index: dict[Node, int] = {}

    def _add(self, node: Node, kind: Type, carries: bool) -> int:
        index = self._index.get(node)
        if index is None:
            if self._limit is not None and len(self.nodes) >= self._limit:
                raise LossError(f"a loss of more than {self._limit} nodes; a loss is a formula one can read")
            index = self._index[node] = len(self.nodes)
            self.nodes.append(node)
            self.types.append(kind)
            self.carries.append(carries)
        return index

    def input(self, name: str) -> int:
        """The node of an input.

        Raises:
            LossError: there is no such input.
        """
        if name not in INPUTS:
            raise LossError(f"unknown name {quoted(name)}{did_you_mean(name, INPUTS)}")
        return self._add(Node(INPUT, (), name), INPUTS[name].type, False)

    def constant(self, value: float) -> int:
        """The node of a literal number.

        Raises:
            LossError: it is not finite, or too large for float32.
        """
        if not abs(value) <= LARGEST:
            raise LossError(f"a constant of {value:g} is out of range; constants lie within +-{LARGEST:g}")
        return self._add(Node(CONSTANT, (), float(value) + 0.0), Type.CONSTANT, False)  # + 0.0: no negative zero

    def apply(self, name: str, *args: int) -> int:
        """The node of an op applied to nodes.

        Raises:
            LossError: there is no such op, or the argument types do not fit.
        """
        op = operations().get(name)
        if op is None:
            raise LossError(f"unknown op {quoted(name)}{did_you_mean(name, operations())}")
        given = tuple(self.types[arg] for arg in args)
        kind = op.result_type(given)
        if kind is None:
            met = ", ".join(given) or "nothing"
            asked = ", ".join(
                "Constant" if arg in op.literals else "Real or Vector" if op.elementwise else str(kind)
                for arg, kind in zip(op.args, op.arg_types, strict=True)
            )
            raise LossError(f"{name} takes ({asked}), not ({met})")
        carries = any(self.carries[arg] and partial is not None for arg, partial in zip(args, op.partials, strict=True)) or (
            op.external and self.nodes[args[0]].leaf == "online"
        )
        return self._add(Node(name, args), kind, carries)

    def graph(self, root: int) -> Graph:
        """What `root` reaches, renumbered by first visit so that equal graphs are equal tuples."""
        order: list[int] = []
        seen: set[int] = set()
        stack = [(root, False)]
        while stack:
            index, done = stack.pop()
            if done:
                order.append(index)
            elif index not in seen:
                seen.add(index)
                stack.append((index, True))
                stack.extend((arg, False) for arg in reversed(self.nodes[index].args) if arg not in seen)
        number = {old: new for new, old in enumerate(order)}
        nodes = (self.nodes[old] for old in order)
        return Graph(
            tuple(Node(node.op, tuple([number[arg] for arg in node.args]), node.leaf) for node in nodes),
            tuple(self.types[old] for old in order),
            tuple(self.carries[old] for old in order),
        )

    def loss(self, root: int) -> Graph:
        """Like `graph`, but refuses what cannot train anything.

        Raises:
            LossError: the root is not one number per sample, or no gradient reaches the online network.
        """
        if self.types[root] not in (Type.REAL, Type.CONSTANT):
            raise LossError(f"the loss is a {self.types[root]}; allowed: Real, one number per sample (try max, mean or [a])")
        if not self.carries[root]:
            raise LossError("no gradient reaches the online network; read q(online, s) outside stop, argmax and sign")
        return self.graph(root)
