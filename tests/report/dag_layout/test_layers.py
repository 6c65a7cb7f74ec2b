"""Layers of known and of random losses: as late as possible, with few crossings."""

from rlsearch.report.dag_layout.layers import assign_layers, crossings, order
from tests.support.dags import KNOWN, LOSSES, boxes_and_edges, ordered_layers


def test_known_losses_have_no_crossings() -> None:
    for graph in KNOWN:
        layers = ordered_layers(*boxes_and_edges(graph))
        assert crossings(layers.rows, layers.left) == 0


def test_random_losses_have_few_crossings() -> None:
    for graph in LOSSES:
        sizes, edges = boxes_and_edges(graph)
        layers = assign_layers([size.height for size in sizes], edges)
        before = crossings(layers.rows, layers.left)
        order(layers)
        assert crossings(layers.rows, layers.left) <= before
        assert crossings(layers.rows, layers.left) <= len(edges) / 3


def test_ranks_are_as_late_as_possible() -> None:
    sizes, edges = boxes_and_edges(KNOWN[0])
    layers = assign_layers([size.height for size in sizes], edges)
    for item, rank in enumerate(layers.rank):
        assert rank == max((layers.rank[other] + 1 for other in layers.right[item]), default=0)
