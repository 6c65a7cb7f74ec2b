"""A loss for a terminal: its formula on one line, its tree, its diagram for Markdown, its nodes for programs."""

import re
from collections.abc import Iterator
from typing import Any

from rlsearch.graph.canonical import canonical, structural_key
from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import print_graph

# The networks as terminals can print them; the older copy is written as Mnih et al. 2015 do.
WORDS = (
    (r"Q_{\theta}", "Q"),
    (r"Q_{\bar\theta}", "Q⁻"),
    (r"\bar\theta", "θ⁻"),
    (r"\text{ if }", ", if "),
    (r"\text{ else }", ", else "),
)
LEGEND = "(Q: the network that learns; Q⁻: its older copy, the target network)"


def formula(graph: Graph) -> str:
    """The formula in plain characters: `0.5 (Q(s, a) − (r + γ max over a′ Q⁻(s′, a′)))²`."""
    from rlsearch.compile.latex import latex
    from rlsearch.graph.exchange import plain  # heavy: networkx, 0.2 s

    text = latex(graph)
    for word, letters in WORDS:
        text = text.replace(word, letters)
    return plain(_flat(text))


def _flat(latex: str) -> str:
    """Fractions and roots of any depth as `(a) / (b)` and `√(a)`."""
    while (found := re.search(r"\\[td]?frac(?=\{)|\\sqrt(?=\{)", latex)) is not None:
        first, end = _group(latex, found.end())
        if found[0] == r"\sqrt":
            latex = f"{latex[: found.start()]}√({_flat(first)}){latex[end:]}"
            continue
        second, end = _group(latex, end)
        latex = f"{latex[: found.start()]}{_bracketed(_flat(first))} / {_bracketed(_flat(second))}{latex[end:]}"
    return latex


def _bracketed(part: str) -> str:
    """A part of a fraction, in brackets unless it is one word or one call."""
    return part if re.fullmatch(r"[\w\\'.]+|(?:Q⁻?|√)\([^()]*\)", part) else f"({part})"


def _group(latex: str, start: int) -> tuple[str, int]:
    """What stands in the braces that open at `start`, and where they end."""
    depth = 0
    for place in range(start, len(latex)):
        depth += {"{": 1, "}": -1}.get(latex[place], 0)
        if depth == 0:
            return latex[start + 1 : place], place + 1
    raise AssertionError(f"unbalanced braces: {latex}")


def tree(graph: Graph) -> str:
    """The loss from its root down, an op or a leaf a line; a shared part is drawn once and then referred to."""
    numbers: dict[int, int] = {}
    uses = [sum(node.args.count(index) for node in graph.nodes) for index in range(len(graph.nodes))]

    def lines(index: int, first: str, rest: str) -> Iterator[str]:
        node = graph.nodes[index]
        if node.op in (INPUT, CONSTANT):
            yield f"{first}{node.leaf if isinstance(node.leaf, str) else format(node.leaf, 'g')}"
            return
        if index in numbers:
            yield f"{first}{node.op} (#{numbers[index]}, above)"
            return
        mark = ""
        if uses[index] > 1:
            numbers[index] = len(numbers) + 1
            mark = f" #{numbers[index]}"
        yield f"{first}{node.op}{mark}"
        for place, arg in enumerate(node.args):
            last = place == len(node.args) - 1
            yield from lines(arg, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))

    return "\n".join(lines(graph.root, "", ""))


def mermaid(graph: Graph) -> str:
    """A diagram that GitHub draws in Markdown; dotted where no gradient flows."""
    from rlsearch.graph.exchange import to_networkx

    net = to_networkx(graph)
    shown = {source for source, _, edge in net.edges(data=True) if not edge["in_label"]} | {graph.root}
    out = ["flowchart LR"]
    for index, node in net.nodes(data=True):
        if index in shown:
            label = node["label"].replace('"', "#quot;")
            out.append(f'  n{index}["{label}"]' if graph.nodes[index].args else f'  n{index}(["{label}"])')
    for source, user, edge in net.edges(data=True):
        if not edge["in_label"]:
            out.append(f"  n{source} {'-->' if edge['gradient'] else '-.->'} n{user}")
    return "\n".join([*out, '  loss(["loss"])', f"  n{graph.root} --> loss"])


def document(name: str, graph: Graph) -> dict[str, Any]:
    """A loss as data; `loss` reads back."""
    from rlsearch.compile.latex import latex
    from rlsearch.compile.torch_source import arguments
    from rlsearch.relations import relations

    form = canonical(graph)
    return {
        "name": name,
        "loss": print_graph(graph),
        "canonical": print_graph(form),
        "hash": structural_key(form),
        "size": form.size,
        "relations": relations(graph),
        "formula": formula(graph),
        "latex": latex(graph),
        "arguments": arguments(graph),
        "nodes": [
            {"op": node.op, "args": node.args, "leaf": node.leaf, "type": kind.value, "carries_gradient": carries}
            for node, kind, carries in zip(graph.nodes, graph.types, graph.carries, strict=True)
        ],
    }
