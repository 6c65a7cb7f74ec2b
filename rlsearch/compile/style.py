"""Styles of formulas: the templates, signs and letters that a printer uses, for LaTeX, plain characters and what may come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rlsearch.compile.literals import Literal
from rlsearch.compile.precedence import Binds, Start
from rlsearch.op import Op
from rlsearch.regimes.inputs import Input


class Piece(NamedTuple):
    """A printed part of a formula.

    Attributes:
        text: as it stands there.
        binds: how tightly it binds.
        start: what it begins with.
        ends_in_number: whether a number after it would be read together with its end.
        rounded: whether it shows fewer digits than the loss has.
        letters: the nodes in it that stand there as their letter.
    """

    text: str
    binds: Binds = Binds.ATOM
    start: Start = Start.OTHER
    ends_in_number: bool = False
    rounded: bool = False
    letters: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Style:
    """A style of formulas.

    Attributes:
        template: an op's, with `{argument}` holes.
        symbol: an input's.
        action: the one that maxima and sums run over.
        brackets: a template with one hole.
        grouped: likewise, for what TeX would take the first character of.
        minus: the sign of a number.
        times: what stands between a number and a power of ten.
        power: the power of ten of an exponent.
        numbered: the k-th of several letters.
        factors: numbers that are written in another way before what they multiply.
    """

    template: Callable[[Op], str]
    symbol: Callable[[Input], str]
    action: str
    brackets: str
    grouped: str
    minus: str
    times: str
    power: Callable[[int], str]
    numbered: Callable[[str, int], str]
    factors: Mapping[float, str] = field(default_factory=dict)

    def number(self, value: float, literal: Literal, factor: bool = False) -> Piece:
        """The piece of a literal: `0.5`, `−2`, or `2.5·10⁻⁹`; a factor may be written in another way."""
        text = self.factors.get(abs(value), literal.text) if factor else literal.text
        mantissa, _, exponent = text.partition("e")
        sign, start = (self.minus, Start.SIGN) if value < 0 else ("", Start.NUMBER)
        if not exponent:
            binds = Binds.SIGN if sign else Binds.ATOM
        elif mantissa == "1":
            mantissa, binds = self.power(int(exponent)), Binds.SIGN if sign else Binds.POWER
        else:
            mantissa, binds = f"{mantissa}{self.times}{self.power(int(exponent))}", Binds.PRODUCT
        return Piece(sign + mantissa, binds, start, ends_in_number=True, rounded=literal.rounded)

    def bracketed(self, piece: Piece) -> Piece:
        """The piece in brackets."""
        return Piece(self.brackets.format(piece.text), rounded=piece.rounded, letters=piece.letters)
