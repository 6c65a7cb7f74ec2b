"""Literals in formulas: all digits where a formula is taken elsewhere, as few as tell losses apart where people read it."""

from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

# A literal that changes by less, relatively, moves a gradient by less than fingerprints tell apart (1e-5), unless most of it
# cancels: then the class may be another, and the sign for "about" says that the digits are not all.
CLOSE = 2.5e-6  # six digits of a third, or of a sixth
ROUNDING = 1e-15  # what arithmetic leaves of 0.3 in 0.1 + 0.2
FEWEST, MOST = 3, 17  # digits; 17 tell any two numbers apart
SMALLEST_EXPONENT, LARGEST_EXPONENT = -4, 5  # of numbers that are written without a power of ten, if they have no more digits


class Literal(NamedTuple):
    """A number without its sign: `0.5`, or `2.5e-9`, and whether it is less exact than what it stands for."""

    text: str
    rounded: bool


def all_digits(value: float) -> Literal:
    """The shortest literal that reads back as the same number."""
    return Literal(_written(repr(abs(value))), rounded=False)


def few_digits(values: Collection[float]) -> dict[float, Literal]:
    """The literals of a formula's numbers, by their sizes, in as few digits as tell them apart.

    That is the shortest rounding from three digits on that differs relatively by less than CLOSE; no other number of the
    formula is written alike, and a round number only stands for what is one but for rounding: 0.9999999 is not 1.
    """
    fewest = dict.fromkeys(map(abs, values), FEWEST)
    while True:
        found = {size: _shortest(size, digits) for size, digits in fewest.items()}
        written = Counter(literal.text for literal in found.values())
        alike = [size for size, literal in found.items() if written[literal.text] > 1]
        if not alike:
            return found
        fewest |= {size: fewest[size] + 1 for size in alike}


def _shortest(size: float, fewest: int) -> Literal:
    """The shortest rounding to so many digits or more that is close, if it is shorter than all digits."""
    exact = all_digits(size)
    for digits in range(fewest, MOST):
        rounded = f"{size:.{digits - 1}e}"
        off = abs(float(rounded) - size)
        is_round = rounded.partition("e")[0].endswith("0")
        if off <= size * (ROUNDING if is_round else CLOSE):
            text = _written(rounded)
            return Literal(text, rounded=off > 0) if len(text) < len(exact.text) else exact
    return exact


def _written(number: str) -> str:
    """A number without needless zeros, as `0.00012`, `1234567` or `1.2e-5`."""
    _, places, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, places)).rstrip("0") or "0"
    power = exponent + len(places) - 1 if any(places) else 0
    if SMALLEST_EXPONENT <= power <= max(LARGEST_EXPONENT, len(digits) - 1):
        return f"{Decimal(f'{digits}e{power - len(digits) + 1}'):f}"
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{mantissa}e{power}"
