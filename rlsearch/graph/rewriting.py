"""Parts of a graph, and a graph with a part replaced."""

from collections.abc import Mapping

from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph


def rewritten(graph: Graph, root: int, replaced: Mapping[int, int | float] | None = None) -> Graph:
    """What stands below `root`, with some nodes replaced by earlier nodes (int) or by literals (float).

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
