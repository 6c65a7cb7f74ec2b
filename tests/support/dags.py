"""Graphs to lay out: the boxes and edges of known and of random losses."""

from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.report.boxes import boxes_and_wires
from rlsearch.report.dag_layout.layers import Edge, Layers, assign_layers, order
from rlsearch.report.dag_layout.layout import Size
from rlsearch.report.drawing import box_size
from tests.support.random_losses import random_losses
from tests.support.run_reports import DOUBLE_DQN, DQN, DQN_REG

KNOWN = [parse(text) for text in (DQN, DQN_REG, DOUBLE_DQN)]
LOSSES = KNOWN + random_losses(25) + random_losses(10, ops=20, seed=1)


def boxes_and_edges(graph: Graph) -> tuple[list[Size], list[Edge]]:
    """Boxes and edges of the drawing of a loss."""
    boxes, wires = boxes_and_wires(graph)
    sizes = [box_size(box, wires, index) for index, box in enumerate(boxes)]
    return sizes, [Edge(wire.source, wire.target) for wire in wires]


def ordered_layers(sizes: list[Size], edges: list[Edge]) -> Layers:
    """Its layers as the layout takes them."""
    layers = assign_layers([size.height for size in sizes], edges)
    order(layers)
    return layers
