"""A loss for a terminal: its formula on one line, its tree, its nodes for programs."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.subgraph import rewritten, swapped
from rlsearch.graph.text import print_graph
from rlsearch.op import Op
from rlsearch.simplify.canonical import canonical, loss_size, structural_key
from rlsearch.simplify.tidy import tidy

# The networks as terminals can print them; the older copy is written as Mnih et al. 2015 do.
WORDS = (
    (r"Q_{\theta}", "Q"),
    (r"Q_{\bar\theta}", "Q⁻"),
    (r"Q_{\tilde\theta}", "Q⁻⁻"),
    (r"\bar\theta", "θ⁻"),
    (r"\tilde\theta", "θ⁻⁻"),
    (r" \text{ if }", ", if "),
    (r" \text{ else }", ", else "),
    (r"\tfrac{1}{2}", "½"),
)
LETTERS = {"delta": "δ", "td_target": "y"}
LEGEND = "(Q: the network that learns; Q⁻: its older copy, the target network)"
LEGEND_OLD = (
    "(Q: the network that learns; Q⁻: its older copy, the target network; Q⁻⁻: the target network before its last copy)"
)


def symbol(latex: str) -> str:
    """The symbol of an input, in plain characters."""
    from rlsearch.compile.exchange import plain  # heavy: networkx, 0.2 s

    for word, letters in WORDS:
        latex = latex.replace(word, letters)
    return plain(latex)


def formula(graph: Graph) -> str:
    """The formula in plain characters: `0.5 (Q(s, a) − (r + γ max over a′ Q⁻(s′, a′)))²`."""
    from rlsearch.compile.latex import latex

    return _plain(latex(graph))


def op_formula(op: Op) -> str:
    """The formula of an op alone, over its arguments' names: `max over a′ x`."""
    # The space keeps a last `x`, which labels of boxes leave out.
    return _plain(op.latex.format(**{arg: arg for arg in op.args}, action="a'") + " ")


def _plain(latex: str) -> str:
    from rlsearch.compile.exchange import plain  # heavy: networkx, 0.2 s

    for word, letters in WORDS:
        latex = latex.replace(word, letters)
    return plain(_flat(latex))


def shorthand(graph: Graph) -> tuple[str, list[str]]:
    """The formula with `δ` for the temporal-difference error and `y` for its target, and what these stand for."""
    from rlsearch.graph.naming import field_names

    form = _estimate_first(tidy(graph))
    text, legend = formula(form), list[str]()
    for index, name in sorted(field_names(form).items(), reverse=True):  # the error before the target that it holds
        letter = LETTERS.get(name)
        part = formula(rewritten(form, index))
        if letter is not None and part in text and index != form.root:
            # Brackets of a call stay: `tanh(δ)`.
            text = re.sub(rf"(?<![\w√])\({re.escape(part)}\)", letter, text).replace(part, letter)
            legend.append(f"{letter} = {part}")
    return re.sub(r"(?<![\w.])0\.5 ", "½ ", text), legend


def _estimate_first(graph: Graph) -> Graph:
    """The error as Q − y where it stands as y − Q and the gradient does not mind, since the loss is even in it."""
    from rlsearch.equivalence.fingerprint import fingerprint, same  # heavy: numpy, 0.1 s
    from rlsearch.graph.naming import field_names

    for index, name in field_names(graph).items():
        if name == "delta" and graph.carries[graph.nodes[index].args[1]]:
            other = swapped(graph, index)
            before, after = fingerprint(graph, "gradient"), fingerprint(other, "gradient")
            if not before.flaw and not after.flaw and same(before, after):
                return other
    return graph


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
        "formula": formula(graph),
        "latex": latex(graph),
        "arguments": arguments(graph),
        "nodes": [
            {"op": node.op, "args": node.args, "leaf": node.leaf, "type": kind.value, "carries_gradient": carries}
            for node, kind, carries in zip(graph.nodes, graph.types, graph.carries, strict=True)
        ],
    }
