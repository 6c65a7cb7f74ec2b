"""A loss as a networkx graph: for the drawing, and for other people's graph tools."""

from collections.abc import Mapping

import networkx as nx

from rlsearch.compile.plain import plain_number, plain_op
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.op import Op, Type
from rlsearch.registry import operations

SYMBOLS = {"*": "×", "-": "−", "/": "÷"}
PLACES = "①②③④⑤⑥⑦⑧⑨"


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
    """The (user, index of the argument) pairs along which gradient flows back to the online network."""
    reached, flows = {graph.root}, set[tuple[int, int]]()
    for index in reversed(range(len(graph.nodes))):
        node = graph.nodes[index]
        if index not in reached or not node.args:
            continue
        for place, arg in enumerate(node.args):
            trained = graph.carries[arg] or graph.nodes[arg].leaf == graph.regime.trained
            if trained and operations()[node.op].partials[place] is not None:
                flows.add((index, place))
                reached.add(arg)
    return flows


def leaf_label(graph: Graph, index: int) -> str:
    """Label of an input or a constant; networks by their names, which are told apart more easily than theta and bar-theta."""
    node = graph.nodes[index]
    if isinstance(node.leaf, float):
        return plain_number(node.leaf)
    return str(node.leaf) if graph.types[index] == Type.NETWORK else graph.regime.inputs[str(node.leaf)].plain


def _inline(graph: Graph, index: int) -> dict[str, str]:
    """The arguments that read better in a label than as nodes: literals, the action taken, a network and its state."""
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
    text = plain_op(op, [inline.get(arg) or holes[arg] for arg in op.args], "·")
    name, args = text.partition("(")[0], ", ".join(holes.values())
    if name and text == f"{name}({args})":  # a name says enough, a sign keeps its argument: `√x`
        return name if name.replace("_", "").replace(" ", "").isalnum() else name + args
    if len(wired) == 1 and not op.elementwise and not op.over_batch:  # `max over a′`
        text = text.removesuffix(f" {args}")
    # Brackets around the whole are left out, and the commas within: `③ if ① > ② else ④`.
    enclosed = text.startswith("(") and text.endswith(")") and text.count("(") == text.count(")") == 1
    return text[1:-1].replace(",", "") if enclosed else text
