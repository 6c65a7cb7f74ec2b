"""Properties of every layout, on known and on random losses."""

from itertools import combinations, pairwise

import pytest

from rlsearch.graph.graph import Graph
from rlsearch.report.dag_layout.layers import Edge
from rlsearch.report.dag_layout.layout import Size, arrange
from tests.support.dags import LOSSES, boxes_and_edges, ordered_layers


@pytest.mark.parametrize("graph", LOSSES, ids=range(len(LOSSES)))
def test_layout(graph: Graph) -> None:
    sizes, edges = boxes_and_edges(graph)
    layout = arrange(sizes, edges)
    rects = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in zip(layout.centres, sizes, strict=True)]
    for a, b in combinations(rects, 2):  # no boxes overlap
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for left, top, right, bottom in rects:  # all inside
        assert left >= 0 and top >= 0 and right <= layout.width and bottom <= layout.height
    assert {edge.source for edge in edges} == set(range(len(sizes) - 1))  # one sink, rightmost
    assert all(rect[2] < rects[-1][0] for rect in rects[:-1])
    for edge, path in zip(edges, layout.paths, strict=True):
        source, target = rects[edge.source], rects[edge.target]
        assert path[0].x == pytest.approx(source[2]) and path[-1].x == pytest.approx(target[0])
        assert target[1] < path[-1].y < target[3]
        for start, end in pairwise(path):  # left to right, and past every other box
            assert start.x <= end.x + 1e-9
            low, high = min(start.y, end.y), max(start.y, end.y)
            for left, top, right, bottom in rects:
                assert not (start.x < right - 1e-6 and end.x > left + 1e-6 and low < bottom and high > top)


def test_wires_into_a_box_keep_their_order_from_above() -> None:
    for graph in LOSSES:
        sizes, edges = boxes_and_edges(graph)
        layout = arrange(sizes, edges)
        layers = ordered_layers(sizes, edges)
        position = {item: k for row in layers.rows for k, item in enumerate(row)}
        for target in {edge.target for edge in edges}:
            entering = [k for k, edge in enumerate(edges) if edge.target == target]
            entering.sort(key=lambda k: position[layers.chains[k][-2]])
            assert all(layout.paths[a][-1].y < layout.paths[b][-1].y for a, b in pairwise(entering))


def test_a_large_graph_is_laid_out() -> None:
    edges = [Edge(k, k + 1) for k in range(300)] + [Edge(k, k + 7) for k in range(0, 294, 5)]
    layout = arrange([Size(30, 30)] * 301, sorted(edges, key=lambda edge: edge.target))
    assert len(layout.centres) == 301
