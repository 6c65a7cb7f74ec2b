"""A loss as a diagram in common formats: Mermaid for Markdown, DOT for Graphviz, GraphML for graph editors."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import networkx as nx

from rlsearch.compile.networkx_graph import PLACES, to_networkx
from rlsearch.graph.graph import Graph
from rlsearch.registry import operations


def mermaid(graph: Graph) -> str:
    """A diagram that GitHub draws in Markdown; dotted where no gradient flows."""
    out = ["flowchart LR"]
    for index, label, leaf in _nodes(graph):
        text = label.replace('"', "#quot;")
        out.append(f'  n{index}(["{text}"])' if leaf else f'  n{index}["{text}"]')
    for source, user, gradient, place in _edges(graph):
        out.append(f"  n{source} {'-->' if gradient else '-.->'}{f'|{place}|' if place else ''} n{user}")
    return "\n".join([*out, '  loss(["loss"])', f"  n{graph.root} --> loss"])


def dot(graph: Graph) -> str:
    """A diagram for Graphviz and its many readers; dashed where no gradient flows."""
    out = [
        "// solid: the gradient flows back along it; dashed: none does",
        "digraph loss {",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ]
    for index, label, leaf in _nodes(graph):
        out.append(f"  n{index} [label={_quote(label)}{', shape=ellipse' if leaf else ''}];")
    for source, user, gradient, place in _edges(graph):
        marks = [*([] if gradient else ["style=dashed"]), *([f'headlabel="{place}"'] if place else [])]
        out.append(f"  n{source} -> n{user}" + (f" [{', '.join(marks)}];" if marks else ";"))
    return "\n".join([*out, "  loss [shape=ellipse];", f"  n{graph.root} -> loss;", "}"])


def graphml(graph: Graph) -> str:
    """A GraphML document of all nodes and edges with their attributes, as `to_networkx` has them."""
    content, net = BytesIO(), to_networkx(graph)
    nx.set_edge_attributes(net, {edge: f"{edge[0]}-{edge[1]}-{edge[2]}" for edge in net.edges}, "id")
    nx.write_graphml(net, content, edge_id_from_attribute="id")
    text = content.getvalue().decode()
    return re.sub(r">(True|False)</data>", lambda found: f">{found[1].lower()}</data>", text)  # XML's booleans, not Python's


def _quote(label: str) -> str:
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nodes(graph: Graph) -> Iterator[tuple[int, str, bool]]:
    """The nodes to draw: number, label, and true for an input or a literal."""
    net = to_networkx(graph)
    shown = {source for source, _, edge in net.edges(data=True) if not edge["in_label"]} | {graph.root}
    for index, node in net.nodes(data=True):
        if index in shown:
            leaf = graph.nodes[index].leaf
            label = repr(leaf).replace("-", "−") if isinstance(leaf, float) else node["label"]  # all digits, as in every file
            yield index, label, not graph.nodes[index].args


def _edges(graph: Graph) -> Iterator[tuple[int, int, bool, str]]:
    """The arrows from arguments to users: true if gradient flows along one, and the argument's index if it matters."""
    net = to_networkx(graph)
    drawn = Counter(user for _, user, edge in net.edges(data=True) if not edge["in_label"])
    for source, user, edge in net.edges(data=True):
        if not edge["in_label"]:
            ordered = drawn[user] > 1 and not operations()[graph.nodes[user].op].commutes
            yield source, user, edge["gradient"], PLACES[edge["position"] - 1] if ordered else ""
