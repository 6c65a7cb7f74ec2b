"""The formula of a loss in plain characters, for terminals: `0.5 (Q(s, a) − (r + γ max over a′ Q⁻(s′, a′)))²`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rlsearch.compile.formula import Printer, Style
from rlsearch.compile.precedence import Binds
from rlsearch.graph.graph import Graph
from rlsearch.op import Op, Type

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

PLAIN = Style(
    template=lambda op: op.plain_template,
    symbol=lambda given: given.mark if given.type == Type.NETWORK else given.plain,
    action="a′",
    brackets="({})",
    minus="−",
    times="·",
    power=lambda exponent: "10" + str(exponent).translate(SUPERSCRIPTS),
    binds={"log": Binds.APPLIED, "sqrt": Binds.APPLIED},
)
# What an abbreviated formula is printed in.
SHORT = replace(PLAIN, factors={0.5: "½"})


def plain(graph: Graph, index: int | None = None) -> str:
    """The formula of a loss, or of one of its nodes."""
    return Printer(graph, PLAIN).piece(graph.root if index is None else index, PLAIN.action).text


def abbreviated(graph: Graph, letters: Mapping[int, str]) -> tuple[str, frozenset[int]]:
    """The formula with letters for some nodes, wherever these stand, and the set of those that occur."""
    piece = Printer(graph, SHORT, letters).piece(graph.root, SHORT.action)
    return piece.text, piece.letters


def plain_op(op: Op, args: Iterable[str], action: str = PLAIN.action) -> str:
    """The formula of an op alone, over names of its arguments; a network's is a subscript: `Q_target(s, a′)`."""
    named = zip(op.args, args, op.arg_types, strict=True)
    holes = {arg: f"_{name}" if kind == Type.NETWORK else name for arg, name, kind in named}
    return op.plain_template.format(**holes, action=action)
