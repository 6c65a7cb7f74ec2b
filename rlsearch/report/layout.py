"""Where things go in a drawing of a graph with one sink: left to right, every input just before its first use.

Items are placed within their rank by isotonic regression towards their neighbours, which keeps chains straight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rlsearch.report.isotonic import isotonic
from rlsearch.report.layers import Edge, Layers, layered, order

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


class Place(NamedTuple):
    """Centre of a box."""

    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """Where everything goes.

    Attributes:
        width, height: of the whole drawing.
        centres: of each box.
        paths: for each edge the points to join; between points 2k and 2k+1 it runs straight, across a column.
        ports: for each edge, which of its target's entries it takes, counted from the top.
    """

    width: float
    height: float
    centres: tuple[Place, ...]
    paths: tuple[tuple[Place, ...], ...]
    ports: tuple[int, ...]


def arrange(sizes: Sequence[Size], edges: Sequence[Edge]) -> Layout:
    """Place boxes; the last one is the sink, which every box reaches, and edges lead to higher numbers.

    The edges of a target are listed in the order in which they would best enter it, from the top.
    """
    layers = layered([size.height for size in sizes], edges)
    order(layers)
    ports, entries = _entries(layers, edges)
    return _draw(sizes, edges, layers, ports, entries)


def _entries(layers: Layers, edges: Sequence[Edge]) -> tuple[list[int], list[float]]:
    """For each edge its place among those that enter the same target, and how far below the centre it enters."""
    position = {item: place for row in layers.rows for place, item in enumerate(row)}
    groups: dict[int, list[int]] = {}
    for k, edge in enumerate(edges):
        groups.setdefault(edge.target, []).append(k)
    ports, entries = [0] * len(edges), [0.0] * len(edges)
    for target, group in groups.items():
        for port, k in enumerate(sorted(group, key=lambda k: position[layers.chains[k][-2]])):
            ports[k] = port
            entries[k] = ((port + 0.5) / len(group) - 0.5) * layers.heights[target]
    return ports, entries


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
        order = range(len(layers.rows)) if sweep % 2 else range(len(layers.rows) - 1, -1, -1)
        for index in order:
            row = layers.rows[index]
            targets = [[(y[other] + shift, weight) for other, shift, weight in pulls[item]] for item in row]
            for item, place in zip(row, isotonic(targets, gaps[index], median=3 * sweep >= 2 * SWEEPS), strict=True):
                y[item] = place
    top = min(y[item] - layers.heights[item] / 2 for item in range(len(y)))
    return [value - top + MARGIN for value in y]


def _draw(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    layers: Layers,
    ports: Sequence[int],
    entries: Sequence[float],
) -> Layout:
    """Columns from left to right, and the paths through them."""
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
        points = [Place(middles[layers.rank[edge.source]] + sizes[edge.source].width / 2, y[edge.source])]
        for item in chain:
            middle, half = middles[layers.rank[item]], widths[layers.rank[item]] / 2
            height = y[item] + (offset if item == chain[-1] else 0.0)
            points += [Place(middle - half, height), Place(middle + half, height)]
        points = [points[0], *points[2:-1]]
        points.append(Place(middles[layers.rank[edge.target]] - sizes[edge.target].width / 2, points[-1].y))
        paths.append(tuple(points))
    centres = tuple(Place(middles[layers.rank[box]], y[box]) for box in range(len(sizes)))
    height = max(y[item] + layers.heights[item] / 2 for item in range(len(y))) + MARGIN
    return Layout(x, height, centres, tuple(paths), tuple(ports))
