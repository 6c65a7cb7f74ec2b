"""The parts of a loss that get a letter in its formula: `u₂² + u₁, where u₁ = ...`, so that no formula outgrows its graph.

A part is named once that saves more than SAVED symbols, if it has SMALLEST at least: what is used twice and not named has no
more than SAVED symbols, so a formula and its definitions are linear in the size of the graph. So is a part of more than
LONGEST symbols, used once as it may be: nobody reads a line of hundreds. `Q(s, a)` is one symbol.
"""

from collections.abc import Callable, Collection, Mapping

from rlsearch.graph.graph import Graph, Node
from rlsearch.op import Type
from rlsearch.registry import operations

SAVED = 12  # more than the second δ = Q(s, a) − (r + γ max Q⁻(s′, a′)) costs, which everybody knows at sight
SMALLEST = 4
LONGEST = 60  # symbols in a line that does not end there

# How often an op's template shows each of its arguments, and the action at which values per action are shown.
Shown = Callable[[Node], Mapping[str, int]]


def shared_parts(graph: Graph, shown: Shown, root: int, letters: Collection[int]) -> tuple[int, ...]:
    """The indices of the parts to name, arguments before users; `letters` are those of nodes that have a name anyway."""
    reached = _reached(graph, root)
    uses = dict.fromkeys(reached, 0)
    places: dict[int, int] = {}  # where a node's text shows the action, as yet with nothing named
    for index in reached:
        places[index] = _places(graph, index, shown, places)
        for arg, times in _times(graph, index, shown, places):
            uses[arg] += times
    sizes: dict[int, int] = {}
    parts: list[int] = []
    for index in reached:
        places[index] = _places(graph, index, shown, places)
        sizes[index] = _size(graph, index, shown, places, sizes)
        saves = sizes[index] >= SMALLEST and (uses[index] - 1) * sizes[index] > SAVED
        named = index != root and (saves or sizes[index] > LONGEST)
        if index in letters or named:
            sizes[index], places[index] = 1, min(places[index], 1)
        if named and index not in letters:
            parts.append(index)
    return tuple(parts)


def _reached(graph: Graph, root: int) -> list[int]:
    """What a node reads, itself included, in the graph's order."""
    reached = {root}
    for index in range(root, -1, -1):
        if index in reached:
            reached.update(graph.nodes[index].args)
    return sorted(reached)


def _times(graph: Graph, index: int, shown: Shown, places: Mapping[int, int]) -> list[tuple[int, int]]:
    """The arguments of a node, each with how often the node's text shows it."""
    node = graph.nodes[index]
    if node.op == "select":
        return [(node.args[0], 1), (node.args[1], places[node.args[0]])]
    if not node.args:
        return []
    times = shown(node)
    return [(arg, times[name]) for name, arg in zip(operations()[node.op].args, node.args, strict=True)]


def _places(graph: Graph, index: int, shown: Shown, places: Mapping[int, int]) -> int:
    """How often a node's text shows the action that it is printed at."""
    node = graph.nodes[index]
    if graph.types[index].axis is not Type.VECTOR.axis or not node.args:
        return 0
    op = operations()[node.op]
    if op.elementwise:
        return sum(times * places[arg] for arg, times in _times(graph, index, shown, places))
    return shown(node).get("action", 0) if op.external else 1


def _size(graph: Graph, index: int, shown: Shown, places: Mapping[int, int], sizes: Mapping[int, int]) -> int:
    """The symbols of a node's text; a network's output is one, at whichever action that is given."""
    node = graph.nodes[index]
    if not node.args:
        return graph.types[index] is not Type.ACTION
    if operations()[node.op].external:
        return 1
    return (node.op != "select") + sum(times * sizes[arg] for arg, times in _times(graph, index, shown, places))
