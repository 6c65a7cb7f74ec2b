"""Positions of boxes and paths of edges, for a graph with one sink: left to right, every input just before its first use.

Items are placed within their rank by isotonic regression towards their neighbours, which keeps chains straight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rlsearch.report.dag_layout.isotonic import isotonic_regression
from rlsearch.report.dag_layout.layers import Edge, Layers, assign_layers, order

SWEEPS = 36
SPREAD, GAP = 1.42, 1.0  # distance of neighbours in a rank: of their mean height, and more
COLUMN_GAP = 34.0
RIGHTWARD = 1.5  # an item would rather be level with what reads it than with what it reads: chains bend once
STEEP = 0.12  # columns stand further apart where edges between them climb, by this share of the climb
MARGIN = 6.0


class Size(NamedTuple):
    """Width and height of a box."""

    width: float
    height: float


class Point(NamedTuple):
    """A position in the drawing, in pixels from its upper left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """A drawing's size, and the position of everything in it.

    Attributes:
        width, height: of the whole drawing.
        centres: of each box.
        paths: for each edge the points to join; between points 2k and 2k+1 it runs straight, across a column.
    """

    width: float
    height: float
    centres: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]


def arrange(sizes: Sequence[Size], edges: Sequence[Edge]) -> Layout:
    """Place boxes; the last one is the sink, which every box reaches, and edges lead to higher indices.

    The edges of a target are listed in the order in which they would best enter it, from the top.
    """
    layers = assign_layers([size.height for size in sizes], edges)
    order(layers)
    return _layout(sizes, edges, layers, _entries(layers, edges))


def _entries(layers: Layers, edges: Sequence[Edge]) -> list[float]:
    """The distance below its target's centre at which each edge enters, in the order in which a target's edges arrive."""
    position = {item: k for row in layers.rows for k, item in enumerate(row)}
    groups: dict[int, list[int]] = {}
    for k, edge in enumerate(edges):
        groups.setdefault(edge.target, []).append(k)
    entries = [0.0] * len(edges)
    for target, group in groups.items():
        for port, k in enumerate(sorted(group, key=lambda k: position[layers.chains[k][-2]])):
            entries[k] = ((port + 0.5) / len(group) - 0.5) * layers.heights[target]
    return entries


def _heights(layers: Layers, entries: Sequence[float]) -> list[float]:
    """The y of every item."""
    boxes = layers.boxes
    pulls: list[list[tuple[int, float, float]]] = [[] for _ in layers.rank]  # (other item, its offset, weight)
    for chain, offset in zip(layers.chains, entries, strict=True):
        for a, b in zip(chain, chain[1:], strict=False):
            shift = offset if b == chain[-1] else 0.0
            weight = 8.0 if a >= boxes and b >= boxes else 2.0 if a >= boxes or b >= boxes else 1.0
            pulls[a].append((b, shift, RIGHTWARD * weight))
            pulls[b].append((a, -shift, weight))
    y = [0.0] * len(layers.rank)
    gaps = [
        [(layers.heights[a] + layers.heights[b]) / 2 * SPREAD + GAP for a, b in zip(row, row[1:], strict=False)]
        for row in layers.rows
    ]
    for sweep in range(SWEEPS):
        late = 3 * sweep >= 2 * SWEEPS  # at last by medians, which make chains exactly straight
        order = range(len(layers.rows)) if sweep % 2 else range(len(layers.rows) - 1, -1, -1)
        for index in order:
            row = layers.rows[index]
            targets = [[(y[other] + shift, weight) for other, shift, weight in pulls[item]] for item in row]
            for item, level in zip(row, isotonic_regression(targets, gaps[index], median=late), strict=True):
                y[item] = level
    top = min(y[item] - layers.heights[item] / 2 for item in range(len(y)))
    return [value - top + MARGIN for value in y]


def _layout(sizes: Sequence[Size], edges: Sequence[Edge], layers: Layers, entries: Sequence[float]) -> Layout:
    """The layout: columns from left to right, and the paths through them."""
    y = _heights(layers, entries)
    widths = [max((sizes[item].width for item in row if item < len(sizes)), default=0.0) for row in layers.rows]
    climbs = [0.0] * len(layers.rows)
    for chain, offset in zip(layers.chains, entries, strict=True):
        for a, b in zip(chain, chain[1:], strict=False):
            climb = abs(y[a] - y[b] - (offset if b == chain[-1] else 0.0))
            climbs[layers.rank[a]] = max(climbs[layers.rank[a]], climb)
    middles = [0.0] * len(layers.rows)
    x = MARGIN
    for index in range(len(layers.rows) - 1, -1, -1):
        middles[index] = x + widths[index] / 2
        x += widths[index] + (COLUMN_GAP + STEEP * climbs[index] if index else MARGIN)
    paths = []
    for edge, chain, offset in zip(edges, layers.chains, entries, strict=True):
        points = [Point(middles[layers.rank[edge.source]] + sizes[edge.source].width / 2, y[edge.source])]
        for item in chain:
            middle, half = middles[layers.rank[item]], widths[layers.rank[item]] / 2
            height = y[item] + (offset if item == chain[-1] else 0.0)
            points += [Point(middle - half, height), Point(middle + half, height)]
        points = [points[0], *points[2:-1]]
        points.append(Point(middles[layers.rank[edge.target]] - sizes[edge.target].width / 2, points[-1].y))
        paths.append(tuple(points))
    centres = tuple(Point(middles[layers.rank[box]], y[box]) for box in range(len(sizes)))
    height = max(y[item] + layers.heights[item] / 2 for item in range(len(y))) + MARGIN
    return Layout(x, height, centres, tuple(paths))
