"""An op's template as people read it: how tightly it binds, and what its holes need; nothing is assumed but what it shows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rlsearch.compile.notation import Item, items_of
from rlsearch.compile.precedence import Binds, Hole, Row, Start
from rlsearch.op import Op

# The shapes of templates that are read in one way only, by the codes of their items.
SHAPES = (
    (Binds.ATOM, r"(W?D*G|B|R|W)D*"),  # `(x)₊`, `f(x)`, `|x|`, `√x` under its roof
    (Binds.APPLIED, r"WD*BD*|V[GH]"),  # `log|x|`, `√(x)`
    (Binds.PRODUCT, r"F"),  # its bar says how far a fraction goes, but not what an exponent behind it is of
    (Binds.POWER, r"(W?D*G|B|W|H|R)D*P"),  # `x³`, `e^x`
    (Binds.PREFIX, r"(WD* ?)+[HGB]"),  # `th x`, `max over a′ x`
)
UNCLEAR = frozenset({Binds.LIST, Binds.LOOSELY})
DIVIDERS = frozenset({",", ";", ":", "|", "∣", "‖", r"\mid", r"\middle"})


@dataclass(frozen=True)
class Template:
    """What a template shows.

    Attributes:
        binds: how tightly it binds.
        holes: what its holes need.
        sure: whether it is read in one way only, by whoever knows nothing of the op.
        first, last: the hole that it begins or ends with, if it does and no bracket encloses that; "" if not.
        start: what it begins with otherwise.
        ends_in_number: whether it ends so, if in no hole.
        fraction: whether it is a fraction, with a bar.
        shown: how often each hole is shown.
    """

    binds: Binds
    holes: Mapping[str, Hole]
    sure: bool
    first: str
    last: str
    start: Start
    ends_in_number: bool
    fraction: bool
    shown: Mapping[str, int]

    def row(self, op: Op) -> Row:
        """The same as a row of the table of precedences."""
        return Row(self.binds, tuple(self.holes[arg] for arg in op.args))


@cache
def read_template(text: str) -> Template:
    """What a template shows, of LaTeX or of plain characters."""
    items = _stripped(items_of(text))
    codes = "".join(item.code for item in items)
    binds = next((binds for binds, shape in SHAPES if re.fullmatch(shape, codes)), None)
    if binds is None:
        binds = Binds.LIST if "C" in codes else Binds.LOOSELY
    holes: dict[str, Hole] = {}
    shown: dict[str, int] = {}
    alone = True
    for name, hole, clear in _holes(items, None):
        holes[name] = _stricter(holes[name], hole) if name in holes else hole
        shown[name] = shown.get(name, 0) + 1
        alone = alone and clear
    first, last = items[0], items[-1]
    return Template(
        binds,
        holes,
        binds not in UNCLEAR and alone,
        first.text if first.code == "H" else "",
        last.text if last.code == "H" else "",
        _start(first, codes),
        _is_number(last),
        codes == "F",
        shown,
    )


def _holes(items: Sequence[Item], around: Item | None) -> Iterator[tuple[str, Hole, bool]]:
    """The holes among items and within them, each with its name and true if it stands alone in its brackets, or in none."""
    bars = around is not None and around.code == "B"
    for cell in _cells(items):
        for place, item in enumerate(cell):
            if item.code != "H":
                yield from _holes(item.inner, item)
            elif around is not None and len(cell) == 1:
                # A script without braces goes as far as one sign in plain characters: `x^(y + z)`.
                needs = Binds.ATOM if item.glue and around.code in "PD" else Binds.LOOSELY
                yield item.text, Hole(needs, bars=bars, grouped=bool(item.glue)), True
            else:
                yield item.text, _between(item, cell[:place][::-1], cell[place + 1 :])._replace(bars=bars), around is None


def _between(hole: Item, left: Sequence[Item], right: Sequence[Item]) -> Hole:
    """What a hole needs between what stands on its left, nearest first, and on its right."""
    touched = [side[0].code for side in (left, right) if side and side[0].code != " "]
    needs = Binds.APPLIED if set(touched) <= {"S"} else Binds.ATOM
    if hole.glue == "letter" or (right and right[0].code in "WN") or (left and left[0].code == "V"):
        needs = Binds.BRACKETS
    before, after = (next((item.code for item in side if item.code != " "), "") for side in (left, right))
    numeric = before in ("", *"SUCW") and after in ("", *"SUCP")
    return Hole(needs, numeric=numeric, opened=before != "W", grouped=hole.glue == "command")


def _stricter(one: Hole, other: Hole) -> Hole:
    """What is asked of both of two holes."""
    return Hole(
        max(one.needs, other.needs),
        one.signed and other.signed,
        one.numeric and other.numeric,
        one.opened and other.opened,
        one.factor or other.factor,
        one.bars or other.bars,
        one.grouped or other.grouped,
    )


def _cells(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items between commas, or between other signs that divide."""
    cell: list[Item] = []
    for item in items:
        if item.code == "C" and item.text in DIVIDERS:
            yield _stripped(cell)
            cell = []
        else:
            cell.append(item)
    yield _stripped(cell)


def _stripped(items: Sequence[Item]) -> Sequence[Item]:
    """The items without blanks around."""
    kept = [place for place, item in enumerate(items) if item.code != " "]
    return items[kept[0] : kept[-1] + 1] if kept else ()


def _start(first: Item, codes: str) -> Start:
    """What a template begins with."""
    if first.code == "S":
        return Start.SIGN
    if first.code == "G" and codes != "G":
        return Start.BRACKETS
    return Start.NUMBER if _is_number(first) else Start.OTHER


def _is_number(item: Item) -> bool:
    """True for `2`, `½` and a fraction of numbers."""
    return item.code == "N" or (item.code == "F" and all(_is_number(part) for side in item.inner for part in side.inner))
