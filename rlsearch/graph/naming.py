"""Names that a reader of RL papers expects: `q_sa`, `td_target`, `delta`, wherever such a quantity occurs in a graph."""

from rlsearch.graph.graph import CONSTANT, Graph, Node
from rlsearch.regimes.names import ANYTHING, DETACHED, DISCOUNTED, WITH_REWARD, FieldName
from rlsearch.registry import operations


def field_names(graph: Graph) -> dict[int, str]:
    """The field's name of each node that has one; every name at most once."""
    names: list[str] = []
    rewarded: set[int] = set()  # the reward, and sums that hold it
    found: dict[int, str] = {}
    for index, node in enumerate(graph.nodes):
        name = _name(graph, index, names, rewarded)
        if node.leaf == graph.regime.reward or (node.op == "add" and rewarded.intersection(node.args)):
            rewarded.add(index)
        names.append(name or str(node.leaf or ""))
        if name and name not in found.values():
            found[index] = name
    return found


def _name(graph: Graph, index: int, names: list[str], rewarded: set[int]) -> str | None:
    """The name of an op's result, given the names of its arguments."""
    node = graph.nodes[index]
    if node.args and operations()[node.op].external:
        return graph.view(index).name
    if _is_soft_value(graph, node):
        return "soft_value"
    fits = (row for row in graph.regime.names if row.op == node.op and _fits(graph, node, row, names, rewarded))
    return next((row.name for row in fits), None)


def _fits(graph: Graph, node: Node, row: FieldName, names: list[str], rewarded: set[int]) -> bool:
    """True if every argument is what a row of the regime's names asks for."""
    for arg, asked in zip(node.args, row.args, strict=True):
        if asked == WITH_REWARD:
            fits = arg in rewarded
        elif asked == DISCOUNTED:
            below = graph.nodes[arg]
            fits = below.op == "mul" and any(graph.nodes[factor].leaf == graph.regime.discount for factor in below.args)
        elif asked == DETACHED:
            fits = not graph.carries[arg]
        else:
            fits = asked == ANYTHING or names[arg] in asked.split("|")
        if not fits:
            return False
    return True


def _is_soft_value(graph: Graph, node: Node) -> bool:
    """True if a node is tau * logsumexp(values / tau)."""
    if node.op != "mul":
        return False
    factor, inner = (graph.nodes[arg] for arg in node.args)
    if factor.op != CONSTANT or inner.op != "logsumexp":
        return False
    scaled = graph.nodes[inner.args[0]]
    return scaled.op == "div" and graph.nodes[scaled.args[1]].leaf == factor.leaf
