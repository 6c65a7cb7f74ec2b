"""The formula of a loss in plain characters, for terminals: `0.5 (Q(s, a) − (r + γ max over a′ Q⁻(s′, a′)))²`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rlsearch.compile.formula import Definition, formula
from rlsearch.compile.literals import few_digits
from rlsearch.compile.style import Style
from rlsearch.graph.graph import Graph
from rlsearch.op import Op, Type

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

PLAIN = Style(
    template=lambda op: op.plain_template,
    symbol=lambda given: given.mark if given.type == Type.NETWORK else given.plain,
    action="a′",
    brackets="({})",
    grouped="{}",
    minus="−",
    times="·",
    power=lambda exponent: "10" + str(exponent).translate(SUPERSCRIPTS),
    numbered=lambda letter, k: letter + str(k).translate(SUBSCRIPTS),
)
# What an abbreviated formula is printed in.
SHORT = replace(PLAIN, factors={0.5: "½"})


def plain(graph: Graph, index: int | None = None, rounded: bool = True) -> str:
    """The formula of a loss, or of one of its nodes, with lines behind it where letters are defined.

    Literals have as few digits as tell them apart, and ≈ says where some were cut; or all, if not `rounded`.
    """
    found = formula(graph, PLAIN, root=index, rounded=rounded)
    words = ("\nwhere ", *["\n  and "] * len(found.definitions))
    lines = [word + definition(line) for word, line in zip(words, found.definitions, strict=False)]
    return "".join([about(found.text, found.rounded), *lines])


def abbreviated(graph: Graph, letters: Mapping[int, str]) -> tuple[str, tuple[Definition, ...]]:
    """The formula with letters for some nodes, wherever these stand, and the definitions of all letters that occur."""
    found = formula(graph, SHORT, letters, rounded=True)
    return about(found.text, found.rounded), found.definitions


def definition(line: Definition) -> str:
    """A letter and what it stands for: `δ = Q(s, a) − r`."""
    return f"{line.letter} {'≈' if line.rounded else '='} {line.text}"


def about(text: str, rounded: bool) -> str:
    """The text, said to be approximate if digits were cut."""
    return f"≈ {text}" if rounded else text


def plain_number(value: float) -> str:
    """A number that stands alone, in as few digits as tell it apart: `−0.5`, `2.5·10⁻⁹`, `≈ 0.333333`."""
    piece = PLAIN.number(value, few_digits([value])[abs(value)])
    return about(piece.text, piece.rounded)


def plain_op(op: Op, args: Iterable[str], action: str = PLAIN.action) -> str:
    """The formula of an op alone, over names of its arguments; a network's is a subscript: `Q_target(s, a′)`."""
    named = zip(op.args, args, op.arg_types, strict=True)
    holes = {arg: f"_{name}" if kind == Type.NETWORK else name for arg, name, kind in named}
    return op.plain_template.format(**holes, action=action)
