"""A loss as a diagram in other people's languages: Mermaid for Markdown, DOT for Graphviz, GraphML for graph editors."""

from collections.abc import Iterator
from io import BytesIO

import networkx as nx

from rlsearch.graph.exchange import to_networkx
from rlsearch.graph.graph import Graph


def mermaid(graph: Graph) -> str:
    """A diagram that GitHub draws in Markdown; dotted where no gradient flows."""
    out = ["flowchart LR"]
    for index, label, leaf in _nodes(graph):
        text = label.replace('"', "#quot;")
        out.append(f'  n{index}(["{text}"])' if leaf else f'  n{index}["{text}"]')
    for source, user, gradient in _edges(graph):
        out.append(f"  n{source} {'-->' if gradient else '-.->'} n{user}")
    return "\n".join([*out, '  loss(["loss"])', f"  n{graph.root} --> loss"])


def dot(graph: Graph) -> str:
    """A diagram for Graphviz and its many readers; dashed where no gradient flows."""
    out = ["digraph loss {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    for index, label, leaf in _nodes(graph):
        out.append(f"  n{index} [label={_quoted(label)}{', shape=ellipse' if leaf else ''}];")
    for source, user, gradient in _edges(graph):
        out.append(f"  n{source} -> n{user}{'' if gradient else ' [style=dashed]'};")
    return "\n".join([*out, "  loss [shape=ellipse];", f"  n{graph.root} -> loss;", "}"])


def graphml(graph: Graph) -> str:
    """All nodes and edges with their attributes, as `to_networkx` has them."""
    content = BytesIO()
    nx.write_graphml(to_networkx(graph), content)
    return content.getvalue().decode()


def _quoted(label: str) -> str:
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nodes(graph: Graph) -> Iterator[tuple[int, str, bool]]:
    """What is drawn as a node of its own: number, label, whether it is an input or a literal."""
    net = to_networkx(graph)
    shown = {source for source, _, edge in net.edges(data=True) if not edge["in_label"]} | {graph.root}
    for index, node in net.nodes(data=True):
        if index in shown:
            yield index, node["label"], not graph.nodes[index].args


def _edges(graph: Graph) -> Iterator[tuple[int, int, bool]]:
    """Arrows from arguments to users, and whether the gradient flows along them."""
    for source, user, edge in to_networkx(graph).edges(data=True):
        if not edge["in_label"]:
            yield source, user, edge["gradient"]
