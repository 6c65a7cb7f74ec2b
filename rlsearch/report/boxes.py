"""The boxes and wires of a loss's drawing: a network applied to a state is one box, leaves repeat at each use."""

from typing import NamedTuple

from rlsearch.compile.networkx_graph import to_networkx
from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import expression
from rlsearch.registry import known_inputs, operations

LEAVES = (INPUT, CONSTANT)


class Box(NamedTuple):
    """A node of the drawing: `kind` is input, constant, op or loss; `doc` is its tooltip."""

    label: str
    kind: str
    doc: str
    ordered: bool = False


class Wire(NamedTuple):
    """An edge of the drawing, from box to box.

    Attributes:
        position: which argument it is, from 1.
        gradient: whether the loss's gradient flows back along it.
        many: whether it carries one number per action.
    """

    source: int
    target: int
    position: int
    gradient: bool
    many: bool


def boxes_and_wires(graph: Graph) -> tuple[list[Box], list[Wire]]:
    """The boxes, arguments before users and the loss last, and the wires by target and argument."""
    net = to_networkx(graph)
    boxes: list[Box] = []
    wires: list[Wire] = []
    shown: dict[int, int] = {}

    def source(index: int) -> int:
        if graph.nodes[index].op in LEAVES:
            boxes.append(_leaf(graph, index, net.nodes[index]["label"]))
            return len(boxes) - 1
        return shown[index]

    for index, node in enumerate(graph.nodes):
        if node.op in LEAVES:
            continue
        incoming = sorted(net.in_edges(index, data=True), key=lambda edge: int(edge[2]["position"]))
        drawn = [(source(arg), arg, edge) for arg, _, edge in incoming if not edge["in_label"]]
        shown[index] = len(boxes)
        wires += [
            Wire(box, shown[index], edge["position"], edge["gradient"], graph.types[arg].axis is not None)
            for box, arg, edge in drawn
        ]
        op = operations()[node.op]
        docs = [f"{op.name}: {op.doc}", *(_doc(graph, arg) for arg, _, edge in incoming if edge["in_label"])]
        boxes.append(
            Box(
                net.nodes[index]["label"],
                INPUT if op.external else "op",
                "\n".join([*docs, str(graph.types[index])]),
                len(drawn) > 1 and not op.commutes,
            )
        )
    wires.append(Wire(shown[graph.root], len(boxes), 1, True, False))
    boxes.append(Box("loss", "loss", "One number per transition; training follows the gradient of its mean over the batch."))
    return boxes, wires


def _leaf(graph: Graph, index: int, label: str) -> Box:
    kind = graph.nodes[index].op
    return Box(label, kind, f"{_doc(graph, index)}\n{graph.types[index]}")


def _doc(graph: Graph, index: int) -> str:
    node = graph.nodes[index]
    text = expression(node, [])[0]
    return f"{text}: {known_inputs()[text].doc}" if node.op == INPUT else f"The number {text}."
