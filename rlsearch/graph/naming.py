"""Names that a reader of RL papers expects: `q_sa`, `td_target`, `delta`, wherever such a quantity occurs in a graph."""

from rlsearch.graph.graph import Graph, Node


def field_names(graph: Graph) -> dict[int, str]:
    """For each node that the field has a name for, that name; every name at most once."""
    names: list[str] = []
    found: dict[int, str] = {}
    for index, node in enumerate(graph.nodes):
        name = _name(graph, node, [names[arg] for arg in node.args])
        names.append(name or str(node.leaf or ""))
        if name and name not in found.values():
            found[index] = name
    return found


def _name(graph: Graph, node: Node, parts: list[str]) -> str | None:
    """The name of an op's result, given the names of its arguments."""
    match node.op, parts:
        case "q", [network, state]:
            return f"q_{network}_{state}"
        case "select", ["q_online_s", "a"]:
            return "q_sa"
        case "max", ["q_target_s_next"]:
            return "q_next"
        case "add", [_, _] if "r" in parts and any(_discounted(graph, arg) for arg in node.args):
            return "td_target"
        case "sub", ["q_sa", "td_target"] | ["td_target", "q_sa"]:
            return "delta"
    return None


def _discounted(graph: Graph, index: int) -> bool:
    """Whether a node is a product with the discount."""
    node = graph.nodes[index]
    return node.op == "mul" and any(graph.nodes[arg].leaf == "discount" for arg in node.args)
