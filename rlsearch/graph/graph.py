"""A loss as a typed, hash-consed DAG: equal subexpressions are one node, and equal graphs are equal tuples."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.op import Type
from rlsearch.regimes.heads import View
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, known_inputs, operations, regime_of, unknown_op

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
        carries: whether gradient reaches the network that learns through each node.
    """

    nodes: tuple[Node, ...]
    types: tuple[Type, ...] = field(compare=False)
    carries: tuple[bool, ...] = field(compare=False)

    @property
    def root(self) -> int:
        """The index of the loss itself."""
        return len(self.nodes) - 1

    @property
    def size(self) -> int:
        """The number of ops; leaves are not counted."""
        return sum(node.op not in (INPUT, CONSTANT) for node in self.nodes)

    @cached_property
    def regime(self) -> Regime:
        """The regime that the loss is written for, inferred from what it reads.

        Raises:
            LossError: it reads what no single regime has.
        """
        heads = {node.op for node in self.nodes if node.args and operations()[node.op].external}
        return regime_of(heads | {str(node.leaf) for node in self.nodes if node.op == INPUT})

    def view(self, index: int) -> View:
        """The view that a node reads by applying a head: a network's output in a state."""
        node = self.nodes[index]
        network, state = (str(self.nodes[arg].leaf) for arg in node.args)
        return View(node.op, network, state)

    @property
    def views(self) -> set[View]:
        """The views that the loss reads."""
        return {self.view(index) for index, node in enumerate(self.nodes) if node.args and operations()[node.op].external}


@derived
@cache
def _result_of(name: str, given: tuple[Type, ...]) -> tuple[Type, tuple[int, ...] | None]:
    """The type of an op's result for these argument types, and the arguments that gradient flows to; None for a network's."""
    op = operations().get(name)
    if op is None:
        raise LossError(unknown_op(name))
    kind = op.result_type(given)
    if kind is None:
        met = ", ".join(given) or "nothing"
        asked = ", ".join(
            "Constant" if arg in op.literals else "Real or Vector" if op.elementwise else str(kind)
            for arg, kind in zip(op.args, op.arg_types, strict=True)
        )
        raise LossError(f"{name} takes ({asked}), not ({met})")
    return kind, None if op.external else tuple([place for place, partial in enumerate(op.partials) if partial is not None])


class Builder:
    """Collects nodes, each once; checks types as they come."""

    def __init__(self, limit: int | None = MAX_NODES) -> None:
        self._limit = limit
        self.nodes: list[Node] = []
        self.types: list[Type] = []
        self.carries: list[bool] = []
        self._stopped: dict[int, bool] = {}
        self._index: dict[tuple[str, tuple[int, ...], str | float | None], int] = {}

    def _add(self, node: Node, kind: Type, carries: bool) -> int:
        index = len(self.nodes)
        if self._limit is not None and index >= self._limit:
            raise LossError(f"a loss of more than {self._limit} nodes; a loss is a formula one can read")
        self._index[node] = index
        self.nodes.append(node)
        self.types.append(kind)
        self.carries.append(carries)
        return index

    def input(self, name: str) -> int:
        """The index of an input's node.

        Raises:
            LossError: there is no such input.
        """
        if name not in known_inputs():
            raise LossError(f"unknown name {quoted(name)}{did_you_mean(name, known_inputs())}")
        known = self._index.get((INPUT, (), name))
        return self._add(Node(INPUT, (), name), known_inputs()[name].type, False) if known is None else known

    def constant(self, value: float) -> int:
        """The index of a literal number's node.

        Raises:
            LossError: it is not finite, or too large for float32.
        """
        if not abs(value) <= LARGEST:
            raise LossError(f"a constant of {value:g} is out of range; constants lie within +-{LARGEST:g}")
        value = float(value) + 0.0  # no negative zero
        known = self._index.get((CONSTANT, (), value))
        return self._add(Node(CONSTANT, (), value), Type.CONSTANT, False) if known is None else known

    def apply(self, name: str, *args: int) -> int:
        """The index of the node of an op applied to nodes.

        Raises:
            LossError: there is no such op, or the argument types do not fit.
        """
        known = self._index.get((name, args, None))  # equal to the Node, and sooner made
        if known is not None:
            return known
        kind, flows = _result_of(name, tuple([self.types[arg] for arg in args]))
        if flows is None:
            carries = known_inputs()[str(self.nodes[args[0]].leaf)].trained
        else:
            carries = True in [self.carries[args[place]] for place in flows]
        return self._add(Node(name, args), kind, carries)

    def stopped(self, *indices: int) -> bool:
        """True if gradient is cut anywhere below: then values may be equal everywhere and gradients still differ."""
        for index in indices:
            known = self._stopped.get(index)
            if known is None:
                node = self.nodes[index]
                known = self._stopped[index] = node.op == "stop" or self.stopped(*node.args)
            if known:
                return True
        return False

    def graph(self, root: int) -> Graph:
        """The graph of what `root` reaches, renumbered by first visit so that equal graphs are equal tuples."""
        order: list[int] = []
        made: list[Node] = []
        number: dict[int, int] = {}
        nodes, stack = self.nodes, [root]
        while stack:
            index = stack[-1]
            node = nodes[index]
            args = node.args
            for place in args:
                if place not in number:
                    stack.extend([arg for arg in args[::-1] if arg not in number])
                    break
            else:
                if stack.pop() not in number:
                    number[index] = len(order)
                    order.append(index)
                    made.append(Node(node.op, tuple([number[arg] for arg in args])) if args else node)
        return Graph(
            tuple(made),
            tuple([self.types[index] for index in order]),
            tuple([self.carries[index] for index in order]),
        )

    def loss(self, root: int) -> Graph:
        """The same as `graph`, but refuses what cannot train anything.

        Raises:
            LossError: the root is not one number per sample, no gradient reaches the network that learns, or what is read is
                of no single regime.
        """
        if self.types[root] not in (Type.REAL, Type.CONSTANT):
            raise LossError(f"the loss is a {self.types[root]}; allowed: Real, one number per sample (try max, mean or [a])")
        graph = self.graph(root)
        regime = graph.regime
        if not self.carries[root]:
            read = regime.trained_views[0].text
            raise LossError(f"no gradient reaches the {regime.trained} network; read {read} outside stop, argmax and sign")
        return graph
