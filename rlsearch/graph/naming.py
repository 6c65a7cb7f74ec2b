"""Names that a reader of RL papers expects: `q_sa`, `td_target`, `delta`, wherever such a quantity occurs in a graph."""

from rlsearch.graph.graph import CONSTANT, Graph, Node

VIEWS = ("q_online_s", "q_online_s_next", "q_target_s", "q_target_s_next")


def field_names(graph: Graph) -> dict[int, str]:
    """For each node that the field has a name for, that name; every name at most once."""
    names: list[str] = []
    rewarded: set[int] = set()  # the reward, and sums that hold it
    found: dict[int, str] = {}
    for index, node in enumerate(graph.nodes):
        name = _name(graph, node, [names[arg] for arg in node.args], rewarded)
        if node.leaf == "r" or (node.op == "add" and rewarded.intersection(node.args)):
            rewarded.add(index)
        names.append(name or str(node.leaf or ""))
        if name and name not in found.values():
            found[index] = name
    return found


def _name(graph: Graph, node: Node, parts: list[str], rewarded: set[int]) -> str | None:
    """The name of an op's result, given the names of its arguments."""
    match node.op, parts:
        case "q", [network, state]:
            return f"q_{network}_{state}"
        case "select", ["q_online_s", "a"]:
            return "q_sa"
        case "argmax", ["q_online_s_next" | "q_target_s_next"]:
            return "a_next"
        case ("max", ["q_target_s_next"]) | ("select", ["q_target_s_next", "a_next"]):
            return "q_next"
        case "softmax", _:
            return "probs"
        case "log_softmax", _:
            return "log_probs"
        case "select", ["log_probs", "a"]:
            return "log_prob"
        case "dot", ["probs", view] | [view, "probs"] if view in VIEWS:
            return "expected_q"
        case "logsumexp", [view] if view in VIEWS:
            return "soft_value"
        case "mul", [_, _] if _soft(graph, node):
            return "soft_value"
        case "sub", ["q_target_sa", "v_target"]:
            return "advantage"
        case "sub", ["v_target", "q_target_sa"]:
            return "action_gap"
        case "select", ["q_target_s", "a"]:
            return "q_target_sa"
        case "max", ["q_target_s"]:
            return "v_target"
        case "add", [_, _] if rewarded.intersection(node.args) and any(_discounted(graph, arg) for arg in node.args):
            return "td_target"
        case "sub", ["q_sa", "td_target"] | ["td_target", "q_sa"]:
            return "delta"
        case "sub", ["q_sa", _] if not graph.carries[node.args[1]]:
            return "error"
    return None


def _soft(graph: Graph, node: Node) -> bool:
    """Whether a product is tau * logsumexp(values / tau)."""
    factor, inner = (graph.nodes[arg] for arg in node.args)
    if factor.op != CONSTANT or inner.op != "logsumexp":
        return False
    scaled = graph.nodes[inner.args[0]]
    return scaled.op == "div" and graph.nodes[scaled.args[1]].leaf == factor.leaf


def _discounted(graph: Graph, index: int) -> bool:
    """Whether a node is a product with the discount."""
    node = graph.nodes[index]
    return node.op == "mul" and any(graph.nodes[arg].leaf == "discount" for arg in node.args)
