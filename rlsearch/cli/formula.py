"""A loss for a terminal: its formula on one line, its tree, its nodes for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rlsearch.compile.plain import abbreviated, definition, plain
from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.naming import field_names
from rlsearch.graph.subgraph import swapped
from rlsearch.graph.text import expression, print_graph
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical, loss_size, structural_key
from rlsearch.simplify.tidy import tidy


def legend(graph: Graph) -> str:
    """A legend of the networks' marks, `(Q: the network that learns; Q⁻: ...)`; "" for a loss that reads no other network."""
    regime, read = graph.regime, graph.views
    networks = regime.networks[: 1 + max((regime.networks.index(view.network) for view in read), default=0)]
    if len(networks) == 1:
        return ""
    heads = [operations()[head].plain_template.partition("(")[0] for head in regime.heads if any(v.head == head for v in read)]
    given = [regime.inputs[name] for name in networks]
    return f"({'; '.join(f'{head.format(network=network.mark)}: {network.legend}' for head in heads for network in given)})"


def shorthand(graph: Graph) -> tuple[str, list[str]]:
    """The formula with `δ` for the temporal-difference error and `y` for its target, and the definitions of all its letters."""
    form = _estimate_first(tidy(graph))
    letters = form.regime.letters
    named = {index: letters[name] for index, name in field_names(form).items() if name in letters and index != form.root}
    text, definitions = abbreviated(form, named)
    return text, [definition(line) for line in definitions]


def _estimate_first(graph: Graph) -> Graph:
    """The loss with its error as Q − y where it is written y − Q, if the gradient is the same since the loss is even in it."""
    from rlsearch.equivalence.fingerprint import fingerprint, same  # heavy: numpy, 0.1 s

    for index, name in field_names(graph).items():
        if name == "delta" and graph.carries[graph.nodes[index].args[1]]:
            other = swapped(graph, index)
            before, after = fingerprint(graph, "gradient"), fingerprint(other, "gradient")
            if not before.flaw and not after.flaw and same(before, after):
                return other
    return graph


def tree(graph: Graph) -> str:
    """The lines of a tree, from the root down, an op or a leaf a line; a shared part is drawn once and then referred to."""
    numbers: dict[int, int] = {}
    uses = [sum(node.args.count(index) for node in graph.nodes) for index in range(len(graph.nodes))]

    def lines(index: int, first: str, rest: str) -> Iterator[str]:
        node = graph.nodes[index]
        if node.op in (INPUT, CONSTANT):
            yield f"{first}{expression(node, [])[0]}"
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


def document(name: str, graph: Graph) -> dict[str, Any]:
    """A loss as data; `loss` reads back."""
    from rlsearch.compile.latex import latex
    from rlsearch.compile.torch_source import arguments
    from rlsearch.equivalence.implied_target import implied
    from rlsearch.equivalence.known_losses import relations
    from rlsearch.equivalence.minimal import effective

    form, short, target = canonical(graph), effective(graph), implied(graph)
    return {
        "name": name,
        "loss": print_graph(graph),
        "canonical": print_graph(form),
        "hash": structural_key(form),
        "size": loss_size(graph, form),
        "effective": print_graph(tidy(short)),
        "effective_size": loss_size(tidy(short), short),
        "implied_target": target and asdict(target),
        "relations": relations(graph),
        "formula": plain(graph, rounded=False),
        "latex": latex(graph),
        "arguments": arguments(graph),
        "nodes": [
            {"op": node.op, "args": node.args, "leaf": node.leaf, "type": kind.value, "carries_gradient": carries}
            for node, kind, carries in zip(graph.nodes, graph.types, graph.carries, strict=True)
        ],
    }
