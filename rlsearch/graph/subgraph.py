"""Rewriting of graphs: a part cut out, replaced, or its arguments exchanged."""

from collections.abc import Mapping

from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph


def rewritten(graph: Graph, root: int, replaced: Mapping[int, int | float] | None = None) -> Graph:
    """The graph below `root`, with some nodes replaced by earlier nodes (int) or by literals (float).

    Raises:
        LossError: the replacement is of a type that its reader does not take.
    """
    builder, number = Builder(limit=None), list[int]()
    for index, node in enumerate(graph.nodes[: root + 1]):
        other = (replaced or {}).get(index)
        if isinstance(other, int):
            number.append(number[other])
        elif isinstance(other, float):
            number.append(builder.constant(other))
        elif node.op == INPUT:
            number.append(builder.input(str(node.leaf)))
        elif node.op == CONSTANT:
            number.append(builder.constant(float(node.leaf or 0.0)))
        else:
            number.append(builder.apply(node.op, *(number[arg] for arg in node.args)))
    return builder.graph(number[root])


def swapped(graph: Graph, place: int) -> Graph:
    """The graph with the two arguments of one node exchanged: `a - b` becomes `b - a`, wherever it is read."""
    builder = Builder(limit=None)
    builder.nodes, builder.types, builder.carries = list(graph.nodes), list(graph.types), list(graph.carries)
    left, right = graph.nodes[place].args
    builder.nodes[place] = graph.nodes[place]._replace(args=(right, left))
    return builder.graph(graph.root)
