"""Names that a reader of RL papers expects: `q_sa`, `td_target`, `delta`, wherever such a quantity occurs in a graph."""

from rlsearch.graph.graph import Graph, Node


def field_names(graph: Graph) -> dict[int, str]:
    """For each node that the field has a name for, that name; every name at most once."""
    shapes: list[str] = []
    found: dict[int, str] = {}
    for index, node in enumerate(graph.nodes):
        parts = [shapes[arg] for arg in node.args]
        name = _name(node, parts)
        shapes.append(name or str(node.leaf if node.leaf is not None else f"{node.op}({','.join(parts)})"))
        if name and name not in found.values():
            found[index] = name
    return found


def _name(node: Node, parts: list[str]) -> str | None:
    match node.op, parts:
        case "q", [network, state]:
            return f"q_{network}_{state}"
        case "select", ["q_online_s", "a"]:
            return "q_sa"
        case "max", ["q_target_s_next"]:
            return "q_next"
        case "add", ["r", future] | [future, "r"] if future.startswith("mul(") and "discount" in future[4:-1].split(
            ","
        ):
            return "td_target"
        case "sub", ["q_sa", "td_target"] | ["td_target", "q_sa"]:
            return "delta"
    return None
