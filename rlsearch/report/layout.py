"""Where things go in a drawing of a graph with one sink: left to right, as late as possible, with few crossings.

Ranks are distances to the sink, so that every input stands just before its first use; an edge that skips ranks passes
through a bend in each of them. Bends and boxes of a rank are ordered by barycentres and placed by isotonic regression,
which keeps chains straight. After Sugiyama, Tagawa and Toda 1981.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rlsearch.report.isotonic import isotonic

SWEEPS = 12
GAP = 16.0  # between neighbours of one rank
BEND_HEIGHT = 2.0
COLUMN_GAP = 34.0
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


class Edge(NamedTuple):
    """From a box to one that comes later."""

    source: int
    target: int


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


@dataclass
class _Layers:
    """Boxes and bends by rank; neighbours are listed once for each edge. Items past the boxes are bends."""

    rank: list[int]
    heights: list[float]
    chains: list[list[int]] = field(default_factory=list)  # items that each edge visits, from source to target
    left: list[list[int]] = field(default_factory=list)
    right: list[list[int]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)


def arrange(sizes: Sequence[Size], edges: Sequence[Edge]) -> Layout:
    """Place boxes; the last one is the sink, which every box reaches, and edges lead to higher numbers.

    The edges of a target are listed in the order in which they would best enter it, from the top.
    """
    layers = _layers(sizes, edges)
    _order(layers)
    position = {item: place for row in layers.rows for place, item in enumerate(row)}
    ports = _ports(layers, edges, position)
    entry = [_entry(sizes[edge.target].height, ports, edges, k) for k, edge in enumerate(edges)]
    y = _heights(layers, entry)
    return _draw(sizes, edges, layers, ports, entry, y)


def _layers(sizes: Sequence[Size], edges: Sequence[Edge]) -> _Layers:
    rank = [0] * len(sizes)
    for edge in sorted(edges, reverse=True, key=lambda edge: edge.target):
        rank[edge.source] = max(rank[edge.source], rank[edge.target] + 1)
    layers = _Layers(rank, [size.height for size in sizes])
    for source, target in edges:
        chain = [source]
        for between in range(rank[source] - 1, rank[target], -1):
            chain.append(len(layers.rank))
            layers.rank.append(between)
            layers.heights.append(BEND_HEIGHT)
        layers.chains.append([*chain, target])
    layers.left = [[] for _ in layers.rank]
    layers.right = [[] for _ in layers.rank]
    for chain in layers.chains:
        for a, b in zip(chain, chain[1:], strict=False):
            layers.right[a].append(b)
            layers.left[b].append(a)
    # First come, first served, from the sink: without shared boxes this has no crossings.
    layers.rows = [[] for _ in range(max(layers.rank) + 1)]
    stack, seen = [len(sizes) - 1], set[int]()
    while stack:
        item = stack.pop()
        if item not in seen:
            seen.add(item)
            layers.rows[layers.rank[item]].append(item)
            stack.extend(reversed(layers.left[item]))
    return layers


def _order(layers: _Layers) -> None:
    best, fewest = [list(row) for row in layers.rows], crossings(layers.rows, layers.left)
    for sweep in range(SWEEPS):
        leftwards = sweep % 2 == 0
        near = layers.right if leftwards else layers.left
        indices = range(1, len(layers.rows)) if leftwards else range(len(layers.rows) - 2, -1, -1)
        for index in indices:
            fixed = {item: place for place, item in enumerate(layers.rows[index - 1 if leftwards else index + 1])}
            row = layers.rows[index]
            middle = {item: _mean([fixed[other] for other in near[item]], place) for place, item in enumerate(row)}
            row.sort(key=middle.__getitem__)
            _swap(row, near, fixed)
        count = crossings(layers.rows, layers.left)
        if count < fewest:
            best, fewest = [list(row) for row in layers.rows], count
    layers.rows = best


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _swap(row: list[int], near: list[list[int]], fixed: dict[int, int]) -> None:
    """Swap neighbours of a row where that uncrosses edges to the fixed row."""
    for k in range(len(row) - 1):
        above, below = ([fixed[other] for other in near[row[k + i]]] for i in (0, 1))
        now = sum(a > b for a in above for b in below)
        if sum(b > a for a in above for b in below) < now:
            row[k], row[k + 1] = row[k + 1], row[k]


def crossings(rows: Sequence[Sequence[int]], left: Sequence[Sequence[int]]) -> int:
    """How many pairs of edges between neighbouring rows cross."""
    count = 0
    for row, further in zip(rows, rows[1:], strict=False):
        position = {item: place for place, item in enumerate(further)}
        ends = [sorted(position[other] for other in left[item]) for item in row]
        count += sum(a > b for k, above in enumerate(ends) for below in ends[k + 1 :] for a in above for b in below)
    return count


def _ports(layers: _Layers, edges: Sequence[Edge], position: dict[int, int]) -> tuple[int, ...]:
    entering: dict[int, list[int]] = {}
    for k, edge in enumerate(edges):
        entering.setdefault(edge.target, []).append(k)
    ports = [0] * len(edges)
    for group in entering.values():
        for port, k in enumerate(sorted(group, key=lambda k: position[layers.chains[k][-2]])):
            ports[k] = port
    return tuple(ports)


def _entry(height: float, ports: Sequence[int], edges: Sequence[Edge], k: int) -> float:
    """How far below its target's centre an edge enters."""
    count = sum(edge.target == edges[k].target for edge in edges)
    return ((ports[k] + 0.5) / count - 0.5) * height


def _heights(layers: _Layers, entry: Sequence[float]) -> list[float]:
    """The y of every item."""
    boxes = len(layers.rank) - sum(len(chain) - 2 for chain in layers.chains)
    pulls: list[list[tuple[int, float, float]]] = [[] for _ in layers.rank]  # (other item, its offset, weight)
    for chain, offset in zip(layers.chains, entry, strict=True):
        for a, b in zip(chain, chain[1:], strict=False):
            shift = offset if b == chain[-1] else 0.0
            weight = 8.0 if a >= boxes and b >= boxes else 2.0 if a >= boxes or b >= boxes else 1.0
            pulls[a].append((b, shift, weight))
            pulls[b].append((a, -shift, weight))
    y = [0.0] * len(layers.rank)
    gaps = [
        [(layers.heights[a] + layers.heights[b]) / 2 + GAP for a, b in zip(row, row[1:], strict=False)]
        for row in layers.rows
    ]
    for sweep in range(3 * SWEEPS):
        order = range(len(layers.rows)) if sweep % 2 else range(len(layers.rows) - 1, -1, -1)
        for index in order:
            row = layers.rows[index]
            targets = [[(y[other] + shift, weight) for other, shift, weight in pulls[item]] for item in row]
            for item, place in zip(row, isotonic(targets, gaps[index], median=sweep >= 2 * SWEEPS), strict=True):
                y[item] = place
    top = min(y[item] - layers.heights[item] / 2 for item in range(len(y)))
    return [value - top + MARGIN for value in y]


def _draw(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    layers: _Layers,
    ports: tuple[int, ...],
    entry: Sequence[float],
    y: Sequence[float],
) -> Layout:
    """Columns from left to right, and the paths through them."""
    widths = [max((sizes[item].width for item in row if item < len(sizes)), default=0.0) for row in layers.rows]
    climbs = [0.0] * len(layers.rows)
    for chain, offset in zip(layers.chains, entry, strict=True):
        for a, b in zip(chain, chain[1:], strict=False):
            climb = abs(y[a] - y[b] - (offset if b == chain[-1] else 0.0))
            climbs[layers.rank[a]] = max(climbs[layers.rank[a]], climb)
    middles = [0.0] * len(layers.rows)
    x = MARGIN
    for index in range(len(layers.rows) - 1, -1, -1):
        middles[index] = x + widths[index] / 2
        x += widths[index] + (COLUMN_GAP + STEEP * climbs[index] if index else MARGIN)
    paths = []
    for edge, chain, offset in zip(edges, layers.chains, entry, strict=True):
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
    return Layout(x, height, centres, tuple(paths), ports)
