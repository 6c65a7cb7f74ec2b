"""A printer of a graph's nodes as formulas, in any style; brackets follow from the table of precedences and the templates.

Values per action are printed as functions of an action: max over a′ of Q(s, a′).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rlsearch.compile.literals import Literal
from rlsearch.compile.precedence import PRECEDENCE, Binds, Hole, Start
from rlsearch.compile.style import Piece, Style
from rlsearch.compile.template import Template, read_template
from rlsearch.graph.graph import CONSTANT, INPUT, Graph, Node
from rlsearch.op import ACCEPTS, Op, Type
from rlsearch.registry import operations

INDEXED = frozenset({Binds.PREFIX, Binds.APPLIED, Binds.ATOM})  # what an action in square brackets may stand behind
IN_BRACKETS = re.compile(r"[(\[⟨][^()\[\]⟨⟩]*[)\]⟩]")
# Bars right behind a factor and right before another, as in `x |y| z`.
BARS_BETWEEN_FACTORS = re.compile(r"[^\s+−\-/,>=] ?(\\, )?\|.*\| ?(\\, )?[^\s+−\-/,>=]")


@dataclass(frozen=True)
class Printer:
    """Prints nodes of a graph.

    Attributes:
        graph: the loss.
        style: of the formula.
        digits: the literals, by their sizes.
        letters: of nodes that are printed as a letter; values per action only at the action that is bound.
        parts: likewise, of values per action as functions of the action: `u(a)`.
    """

    graph: Graph
    style: Style
    digits: Mapping[float, Literal]
    letters: Mapping[int, str] = field(default_factory=dict)
    parts: Mapping[int, str] = field(default_factory=dict)

    def piece(self, index: int, action: str) -> Piece:
        """The printed piece of a node; one that has a value per action is printed at one action."""
        if index in self.letters and (not self._per_action(index) or action == self.style.action):
            return Piece(self.letters[index], letters=frozenset({index}))
        if index in self.parts:
            return Piece(self.part(index, action), letters=frozenset({index}))
        return self.written_out(index, action)

    def part(self, index: int, action: str) -> str:
        """The letter of a part, with the action if it depends on that."""
        return self.parts[index] + (f"({action})" if self._per_action(index) else "")

    def written_out(self, index: int, action: str) -> Piece:
        """The printed piece of a node that may have a letter, without it."""
        node = self.graph.nodes[index]
        if node.op == INPUT:
            return Piece(self.style.symbol(self.graph.regime.inputs[str(node.leaf)]))
        if node.op == CONSTANT:
            return self._number(node)
        if node.op == "select":
            taken = self.piece(node.args[1], action)
            found = self.piece(node.args[0], taken.text)
            return found._replace(letters=found.letters | taken.letters, rounded=found.rounded or taken.rounded)
        op = self._op(node)
        text = self.style.template(op)
        if op.external:
            parts = {name: self.piece(arg, action) for name, arg in zip(op.args, node.args, strict=True)}
            return _joined(text, parts, action)
        if op.elementwise:
            return self._applied(node, op, text, action)
        made = self._applied(node, op, text, self.style.action)
        if not self._per_action(index):
            return made
        made = made if made.binds in INDEXED else self.style.bracketed(made)
        return made._replace(text=f"{made.text}[{action}]", ends_in_number=False)

    def _per_action(self, index: int) -> bool:
        return self.graph.types[index] in ACCEPTS[Type.VECTOR]

    def _op(self, node: Node) -> Op:
        """The op of a node, written as its literal arguments ask."""
        op = operations()[node.op]
        if not op.variants:
            return op
        given = zip(op.args, (self.graph.nodes[arg].leaf for arg in node.args), strict=True)
        return op.as_written({name: leaf for name, leaf in given if name in op.literals and isinstance(leaf, float)})

    def _number(self, node: Node, factor: bool = False) -> Piece:
        assert isinstance(node.leaf, float)
        return self.style.number(node.leaf, self.digits[abs(node.leaf)], factor)

    def _applied(self, node: Node, op: Op, text: str, action: str) -> Piece:
        """The piece of an op whose arguments are printed at an action."""
        template = read_template(text)
        row = PRECEDENCE[op.name] if op.name in PRECEDENCE and not template.sure else template.row(op)
        args: dict[str, Piece] = {}
        for place, (name, arg) in enumerate(zip(op.args, node.args, strict=True)):
            factor = self.graph.nodes[arg].op == CONSTANT and op.name == "mul" and place == 0
            piece = self._number(self.graph.nodes[arg], factor) if factor else self.piece(arg, action)
            hole = row.holes[place]
            negative = piece.binds >= hole.needs and piece.text.startswith(self.style.minus)
            if row.of_negative and negative and place == len(op.args) - 1:
                text = self.style.template(operations()[row.of_negative])
                piece = piece._replace(text=piece.text.removeprefix(self.style.minus), start=Start.OTHER)
            args[name] = self._fitted(piece, hole, [*args.values()])
        return _edged(_joined(text, args, action)._replace(binds=row.binds), template, args)

    def _fitted(self, piece: Piece, hole: Hole, before: list[Piece]) -> Piece:
        """The piece in brackets, if it would be read otherwise without."""
        met = hole.factor and before[0].ends_in_number
        if (
            piece.binds < hole.needs
            or (piece.start is Start.SIGN and not hole.signed)
            or (piece.start is Start.NUMBER and (met or not hole.numeric))
            or (piece.start is Start.BRACKETS and not hole.opened)
            or (hole.bars and _pairs_otherwise(piece.text))
        ):
            piece = self.style.bracketed(piece)
        return piece._replace(text=self.style.grouped.format(piece.text)) if hole.grouped else piece


def _joined(text: str, args: Mapping[str, Piece], action: str) -> Piece:
    """The template with its holes filled."""
    filled = text.format(**{name: arg.text for name, arg in args.items()}, action=action)
    letters = frozenset().union(*(arg.letters for arg in args.values()))
    return Piece(filled, rounded=any(arg.rounded for arg in args.values()), letters=letters)


def _edged(piece: Piece, template: Template, args: Mapping[str, Piece]) -> Piece:
    """The piece with what it begins and ends with; one that ends in an argument binds no tighter than that."""
    if template.fraction:
        numbers = all(arg.start is Start.NUMBER and arg.binds is Binds.ATOM for arg in args.values())
        return piece._replace(start=Start.NUMBER if numbers else Start.OTHER, ends_in_number=numbers)
    first, last = args.get(template.first), args.get(template.last)
    return piece._replace(
        binds=min(piece.binds, last.binds) if last else piece.binds,
        start=first.start if first else template.start,
        ends_in_number=last.ends_in_number if last else template.ends_in_number,
    )


def _pairs_otherwise(text: str) -> bool:
    """True if bars around a text could be paired with those in it: `|x |y| z|` may be |x| y |z|."""
    while (shorter := IN_BRACKETS.sub("x", text)) != text:
        text = shorter
    return bool(BARS_BETWEEN_FACTORS.search(text.replace(r"\left", "").replace(r"\right", "")))
