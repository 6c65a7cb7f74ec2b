"""A loss as a networkx graph: for the drawing, and for other people's graph tools."""

import re
import unicodedata
from collections.abc import Mapping

import networkx as nx

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import expression
from rlsearch.op import Op, Type
from rlsearch.registry import known_inputs, operations

SYMBOLS = {"*": "×", "-": "−", "/": "÷"}
PLACES = "①②③④⑤⑥⑦⑧⑨"
# LaTeX of an op's template -> one line of plain characters; whatever else follows a backslash is a name, like \max.
PLAIN = (
    (r"\\(?:operatorname|text|mathcal|mathrm)\{([^{}]*)\}", r" \1"),
    (r"\\[td]?frac\{1\}\{2\}", "½"),
    (r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2"),
    (r"\\sqrt\{([^{}]*)\}", r"√\1"),
    (r"\^\{2\}", "²"),
    (r"_\{\+\}", "₊"),
    (r"_\{a'\}( x$)?", " over a'"),
    (r"_\{(\w+)\}", r"_\1"),
    (r"\\left\| ?", "|"),
    (r"\\left|\\right|\\,", ""),
    (r"\\langle ?", "⟨"),
    (r" ?\\rangle", "⟩"),
    ("'", "′"),
    ("-", "−"),
)


def to_networkx(graph: Graph) -> nx.MultiDiGraph:
    """The loss as a networkx graph, node numbers kept; `x * x` makes two edges, so it is a multigraph.

    Nodes have `op`, `label` (short, for people), `type`, `carries` (does it depend on the online network so that a
    gradient could flow) and, if nothing enters them, `leaf` (an input's name or a number). Edges go from argument to user
    and have `position` (from 1), `gradient` (does the gradient of the loss flow along it) and `in_label` (the user's label
    says this argument already, so a drawing may leave it out).
    """
    net = nx.MultiDiGraph()
    flows = gradient_edges(graph)
    for index, node in enumerate(graph.nodes):
        inline = _inline(graph, index)
        net.add_node(
            index,
            op=node.op,
            label=leaf_label(graph, index) if not node.args else op_label(operations()[node.op], inline),
            type=graph.types[index].value,
            carries=graph.carries[index],
            **({} if node.leaf is None else {"leaf": node.leaf}),
        )
        for place, arg in enumerate(node.args):
            in_label = operations()[node.op].args[place] in inline
            net.add_edge(arg, index, key=place, position=place + 1, gradient=(index, place) in flows, in_label=in_label)
    return net


def gradient_edges(graph: Graph) -> set[tuple[int, int]]:
    """The (user, place of the argument) pairs along which the gradient of the loss flows back to the online network."""
    reached, flows = {graph.root}, set[tuple[int, int]]()
    for index in reversed(range(len(graph.nodes))):
        node = graph.nodes[index]
        if index not in reached or not node.args:
            continue
        for place, arg in enumerate(node.args):
            trained = graph.carries[arg] or graph.nodes[arg].leaf == "online"
            if trained and operations()[node.op].partials[place] is not None:
                flows.add((index, place))
                reached.add(arg)
    return flows


def leaf_label(graph: Graph, index: int) -> str:
    """Label of an input or a constant; networks by their names, which are told apart more easily than theta and bar-theta."""
    node = graph.nodes[index]
    if node.op == CONSTANT:
        return expression(node, [])[0].replace("-", "−")
    return str(node.leaf) if graph.types[index] == Type.NETWORK else plain(known_inputs()[str(node.leaf)].latex)


def _inline(graph: Graph, index: int) -> dict[str, str]:
    """Arguments that read better inside the label than as nodes: literals, the action taken, a network and its state."""
    node = graph.nodes[index]
    if not node.args:
        return {}
    op = operations()[node.op]
    return {
        name: leaf_label(graph, arg)
        for name, arg in zip(op.args, node.args, strict=True)
        if name in op.literals or op.external or (graph.nodes[arg].op == INPUT and graph.types[arg] == Type.ACTION)
    }


def op_label(op: Op, inline: Mapping[str, str]) -> str:
    """Label of an op: its sign, its name, or its formula with `x` for a single argument and circled numbers for several."""
    if op.symbol:
        return SYMBOLS.get(op.symbol, op.symbol)
    wired = [name for name in op.args if name not in inline]
    if len(wired) == 1:
        holes = {wired[0]: "x"}
    else:
        holes = {name: name if op.commutes else PLACES[op.args.index(name)] for name in wired}
    text = plain(op.latex.format(**holes, **inline, action="·"))
    call = re.fullmatch(r"([\w ]+)\(([^()]*)\)", text)
    if call and call[2].split(", ") == list(holes.values()):
        return call[1]
    bracketed = re.fullmatch(r"\(([^()]*)\)", text)
    return bracketed[1] if bracketed else text


def plain(latex: str) -> str:
    """LaTeX of a short formula in plain characters."""
    for pattern, replacement in PLAIN:
        latex = re.sub(pattern, replacement, latex)
    text = " ".join(re.sub(r"\\([A-Za-z]+)", _letter, latex).split())
    return re.sub(r"(^|[ (])\| ", r"\1|", text.replace("( ", "("))


def _letter(match: re.Match[str]) -> str:
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {match[1]}")
    except KeyError:
        return match[1]
