"""A printer of losses as formulas, one for every style, such as LaTeX or plain characters.

Values per action are printed as functions of an action: max over a′ of Q(s, a′).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rlsearch.compile.precedence import PRECEDENCE, Binds, Start
from rlsearch.compile.template import Template, read_template
from rlsearch.graph.graph import CONSTANT, INPUT, Graph, Node
from rlsearch.op import ACCEPTS, Op, Type
from rlsearch.regimes.inputs import Input
from rlsearch.registry import operations


@dataclass(frozen=True, kw_only=True)
class Style:
    """A style of formulas: the templates, signs and letters that a printer uses.

    Attributes:
        template: an op's, with `{argument}` holes.
        symbol: an input's.
        action: the one that maxima and sums run over.
        brackets: a template with one hole.
        minus: the sign of a number.
        times: what stands between a number and a power of ten.
        power: the power of ten of an exponent.
        binds: for ops that are drawn so that they bind in another way than others would.
        factors: numbers that are written in another way before what they multiply.
    """

    template: Callable[[Op], str]
    symbol: Callable[[Input], str]
    action: str
    brackets: str
    minus: str
    times: str
    power: Callable[[int], str]
    binds: Mapping[str, Binds]
    factors: Mapping[float, str] = field(default_factory=dict)


class Piece(NamedTuple):
    """A printed part: `letters` are the nodes in it that stand there as their letter."""

    text: str
    binds: Binds = Binds.ATOM
    start: Start = Start.OTHER
    ends_in_number: bool = False
    letters: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Printer:
    """Prints nodes of a graph; some are printed as a letter, wherever they stand."""

    graph: Graph
    style: Style
    letters: Mapping[int, str] = field(default_factory=dict)

    def piece(self, index: int, action: str) -> Piece:
        """The printed piece of a node; one that has a value per action is printed at one action."""
        node, style = self.graph.nodes[index], self.style
        # A letter for values per action is explained at the action that is bound, and means nothing else.
        if index in self.letters and (not self._per_action(index) or action == style.action):
            return Piece(self.letters[index], letters=frozenset({index}))
        if node.op == INPUT:
            return Piece(style.symbol(self.graph.regime.inputs[str(node.leaf)]))
        if node.op == CONSTANT:
            return number(node, style)
        if node.op == "select":
            taken = self.piece(node.args[1], action)
            found = self.piece(node.args[0], taken.text)
            return found._replace(letters=found.letters | taken.letters)
        op = operations()[node.op]
        template = read_template(style.template(op))
        reduces = not op.elementwise and not op.external
        args = self._arguments(node, op, template, style.action if reduces else action)
        text = style.template(op).format(**{name: arg.text for name, arg in args.items()}, action=action)
        return Piece(
            f"{text}[{action}]" if reduces and self._per_action(index) else text,
            _binds(op, template, args, style),
            args[template.first].start if template.first in args else template.start,
            template.last in args and args[template.last].ends_in_number,
            frozenset().union(*(arg.letters for arg in args.values())),
        )

    def _per_action(self, index: int) -> bool:
        return self.graph.types[index] in ACCEPTS[Type.VECTOR]

    def _arguments(self, node: Node, op: Op, template: Template, action: str) -> dict[str, Piece]:
        """The pieces for the template's holes, in brackets where they would be read otherwise without."""
        found: dict[str, Piece] = {}
        needed = PRECEDENCE[op.name][1] if op.name in PRECEDENCE else (Binds.APPLIED,) * len(op.args)
        for place, (name, arg) in enumerate(zip(op.args, node.args, strict=True)):
            if (op.name, place) == ("mul", 0) and self.graph.nodes[arg].op == CONSTANT:
                piece = number(self.graph.nodes[arg], self.style, self.style.factors)
            else:
                piece = self.piece(arg, action)
            misread = piece.binds < needed[place] or _joins(op.name, piece, [*found.values()])
            if misread and name not in template.enclosed:
                piece = Piece(self.style.brackets.format(piece.text), letters=piece.letters)
            found[name] = piece
        return found


def _joins(op: str, piece: Piece, before: Sequence[Piece]) -> bool:
    """True if an argument begins with what would be read together with something else, tightly as it may bind."""
    if op == "mul" and before:
        return piece.start == Start.SIGN or (piece.start == Start.NUMBER and before[0].ends_in_number)
    return op == "div" and not before and piece.start == Start.SIGN  # `−x / y` is the negative of a quotient


def formula(graph: Graph, style: Style) -> str:
    """The formula of a loss."""
    return Printer(graph, style).piece(graph.root, style.action).text


def number(node: Node, style: Style, written: Mapping[float, str] | None = None) -> Piece:
    """The piece of a literal: `0.5`, `−2`, or `2.5·10⁻⁹`; some may be written otherwise."""
    assert isinstance(node.leaf, float)
    size = abs(node.leaf)
    mantissa, _, exponent = (written or {}).get(size, f"{size:g}").partition("e")
    sign, start = (style.minus, Start.SIGN) if node.leaf < 0 else ("", Start.NUMBER)
    if not exponent:
        return Piece(sign + mantissa, Binds.SIGN if sign else Binds.ATOM, start, ends_in_number=True)
    power = style.power(int(exponent))
    if mantissa == "1":
        return Piece(sign + power, Binds.SIGN if sign else Binds.POWER, start, ends_in_number=True)
    return Piece(f"{sign}{mantissa}{style.times}{power}", Binds.PRODUCT, start, ends_in_number=True)


def _binds(op: Op, template: Template, args: Mapping[str, Piece], style: Style) -> Binds:
    """The precedence of an op's formula; one that ends in an argument is no tighter than that."""
    last = args.get(template.last or "")
    if op.name in style.binds:
        binds = style.binds[op.name]
    elif op.name in PRECEDENCE:
        binds = PRECEDENCE[op.name][0]
    elif op.external or template.closed:
        binds = Binds.ATOM
    elif template.first is None and template.last is not None:
        binds = Binds.PREFIX
    else:
        binds = Binds.LOOSELY
    return min(binds, last.binds) if last else binds
