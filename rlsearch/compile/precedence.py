"""Precedence in formulas: the one table from which brackets follow, in every style."""

from collections.abc import Mapping
from enum import Enum, IntEnum, auto
from typing import NamedTuple


class Binds(IntEnum):
    """Precedence levels, loosest first: those of formulas, and those that the holes of a template ask for."""

    LIST = auto()  # `x, y` or `x → y`: not even within brackets that stand there already
    LOOSELY = auto()  # a template of which nothing is known
    SUM = auto()
    PREFIX = auto()  # `max over a′ x` may end a product, but not go on: `max over a′ x y` reads as the maximum of x y
    QUOTIENT = auto()  # likewise: `x / y z` reads as x / (y z)
    PRODUCT = auto()
    SIGN = auto()
    POWER = auto()
    APPLIED = auto()  # `log|x|` is no base: `log|x|²` reads as the logarithm of |x|²
    ATOM = auto()
    BRACKETS = auto()  # nothing stands there without brackets: `th{x}` would run together with x


class Start(Enum):
    """The kind of a formula's first character, as `x −y` and `2 ½ x²` are read as other things than products."""

    SIGN = auto()
    NUMBER = auto()
    BRACKETS = auto()  # which do not end it: `th (x)₊` may be th(x)₊
    OTHER = auto()


class Hole(NamedTuple):
    """What may stand in a hole of a template without brackets.

    Attributes:
        needs: how tightly it must bind.
        signed: whether it may begin with a minus.
        numeric: whether it may be a number.
        opened: whether it may begin with brackets that do not end it.
        factor: whether it stands right after a factor, so that two numbers must not meet.
        bars: whether bars enclose it.
        grouped: whether TeX would take its first character alone.
    """

    needs: Binds = Binds.LOOSELY
    signed: bool = True
    numeric: bool = True
    opened: bool = True
    factor: bool = False
    bars: bool = False
    grouped: bool = False


class Row(NamedTuple):
    """How an op's formula is read.

    Attributes:
        binds: how tightly.
        holes: of its template, in the order of its arguments.
        of_negative: the op that a minus which the last argument begins with makes of it: `x + −y` is `x − y`.
    """

    binds: Binds
    holes: tuple[Hole, ...]
    of_negative: str = ""


SUM, TERM = Hole(Binds.SUM), Hole(Binds.SUM, signed=False)

# Ops whose templates do not say by themselves how they are read; see `template.read_template` for all others.
PRECEDENCE: Mapping[str, Row] = {
    "add": Row(Binds.SUM, (SUM, TERM), of_negative="sub"),
    "sub": Row(Binds.SUM, (SUM, Hole(Binds.PREFIX, signed=False))),
    "mul": Row(Binds.PRODUCT, (Hole(Binds.PRODUCT), Hole(Binds.PREFIX, signed=False, factor=True))),
    "div": Row(Binds.QUOTIENT, (Hole(Binds.PRODUCT, signed=False), Hole(Binds.POWER, signed=False))),
    "neg": Row(Binds.SIGN, (Hole(Binds.PREFIX, signed=False),)),
    "half_square": Row(Binds.PRODUCT, (Hole(Binds.ATOM),)),
    "greater": Row(Binds.ATOM, (SUM, SUM)),
    "where": Row(Binds.ATOM, (SUM, SUM, SUM, SUM)),
}
