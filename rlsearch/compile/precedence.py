"""Precedence in formulas: the one table from which brackets follow, in every style."""

from collections.abc import Mapping
from enum import Enum, IntEnum, auto


class Binds(IntEnum):
    """Precedence levels, loosest first: those of formulas, and those that a template's holes need to do without brackets."""

    LOOSELY = auto()  # a template of which nothing is known
    SUM = auto()
    PREFIX = auto()  # `max over a′ x` may end a product, but not go on: `max over a′ x y` reads as the maximum of x y
    QUOTIENT = auto()  # likewise: `x / y z` reads as x / (y z)
    PRODUCT = auto()
    SIGN = auto()
    POWER = auto()
    APPLIED = auto()  # `log|x|` is no base: `log|x|²` reads as the logarithm of |x|²
    ATOM = auto()


# How tightly these ops bind, and what stands in the holes of their templates that no bracket encloses.
PRECEDENCE: Mapping[str, tuple[Binds, tuple[Binds, ...]]] = {
    "add": (Binds.SUM, (Binds.SUM, Binds.SUM)),
    "sub": (Binds.SUM, (Binds.SUM, Binds.PREFIX)),
    "mul": (Binds.PRODUCT, (Binds.PRODUCT, Binds.PREFIX)),
    "div": (Binds.QUOTIENT, (Binds.PRODUCT, Binds.POWER)),
    "neg": (Binds.SIGN, (Binds.PREFIX,)),
    "square": (Binds.POWER, (Binds.ATOM,)),
    "power": (Binds.POWER, (Binds.ATOM, Binds.ATOM)),
    "half_square": (Binds.PRODUCT, (Binds.ATOM,)),
}


class Start(Enum):
    """The kind of a formula's first character, as `x −y` and `2 ½ x²` are read as other things than products."""

    SIGN = auto()
    NUMBER = auto()
    OTHER = auto()
