"""Layers of a drawing: boxes ranked by their longest way to the one sink, each rank ordered for few crossings.

After Sugiyama, Tagawa and Toda 1981; edges that skip ranks pass through a bend in each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SWEEPS = 12
BEND_HEIGHT = 6.0


class Edge(NamedTuple):
    """An edge from a box to one that comes later."""

    source: int
    target: int


@dataclass
class Layers:
    """Items by rank: boxes first, then the bends of edges that skip ranks.

    Attributes:
        boxes: how many items are boxes.
        rank: of each item, 0 is the sink.
        heights: of each item.
        chains: for each edge the items that it visits, from source to target.
        left, right: for each item its neighbours, once for each edge.
        rows: the items of each rank from top to bottom.
    """

    boxes: int
    rank: list[int]
    heights: list[float]
    chains: list[list[int]] = field(default_factory=list)
    left: list[list[int]] = field(default_factory=list)
    right: list[list[int]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)


def assign_layers(heights: Sequence[float], edges: Sequence[Edge]) -> Layers:
    """Ranks, bends and a first order; edges lead to higher indices, and every box reaches the last one."""
    rank = [0] * len(heights)
    for edge in sorted(edges, reverse=True, key=lambda edge: edge.target):
        rank[edge.source] = max(rank[edge.source], rank[edge.target] + 1)
    layers = Layers(len(heights), rank, list(heights))
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
    stack, seen = [len(heights) - 1], set[int]()
    while stack:
        item = stack.pop()
        if item not in seen:
            seen.add(item)
            layers.rows[layers.rank[item]].append(item)
            stack.extend(reversed(layers.left[item]))
    return layers


def order(layers: Layers) -> None:
    """Order the rows anew, by barycentres from the right and from the left in turn; the best order stays."""
    best, fewest = [list(row) for row in layers.rows], crossings(layers.rows, layers.left)
    for sweep in range(SWEEPS):
        leftwards = sweep % 2 == 0
        near = layers.right if leftwards else layers.left
        indices = range(1, len(layers.rows)) if leftwards else range(len(layers.rows) - 2, -1, -1)
        for index in indices:
            fixed = {item: position for position, item in enumerate(layers.rows[index - 1 if leftwards else index + 1])}
            row = layers.rows[index]
            middle = {item: _mean([fixed[other] for other in near[item]], k) for k, item in enumerate(row)}
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
    """Number of pairs of edges between neighbouring rows that cross."""
    count = 0
    for row, further in zip(rows, rows[1:], strict=False):
        position = {item: k for k, item in enumerate(further)}
        ends = [sorted(position[other] for other in left[item]) for item in row]
        count += sum(a > b for k, above in enumerate(ends) for below in ends[k + 1 :] for a in above for b in below)
    return count
