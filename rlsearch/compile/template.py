"""The holes of an op's template: which are enclosed, and which come first and last, as brackets in formulas depend on it."""

from dataclasses import dataclass
from functools import cache
from string import Formatter

from rlsearch.compile.precedence import Start

BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("⟨", "⟩"), (r"\langle", r"\rangle"))


@dataclass(frozen=True)
class Template:
    """A template's holes.

    Attributes:
        enclosed: those that stand within brackets of the template, and so need none of their own.
        closed: whether all do.
        first, last: the one that the template begins or ends with, if it does and no bracket encloses it.
        start: what it begins with otherwise.
    """

    enclosed: frozenset[str]
    closed: bool
    first: str | None
    last: str | None
    start: Start


@cache
def read_template(text: str) -> Template:
    """The holes of a template, of LaTeX or of plain characters."""
    parts = [(before, hole) for before, hole, _, _ in Formatter().parse(text)]
    enclosed, bare, so_far = set[str](), set[str](), ""
    for before, hole in parts:
        so_far += before
        if hole is not None:
            (enclosed if _open(so_far) else bare).add(hole)
    (before, first), (_, last) = parts[0], parts[-1]
    return Template(
        frozenset(enclosed - bare),
        not bare,
        first if not before and first in bare else None,
        last if last in bare else None,
        _start(before),
    )


def _start(text: str) -> Start:
    if text.startswith(("-", "−")):
        return Start.SIGN
    return Start.NUMBER if text[:1].isnumeric() or text.startswith(r"\tfrac") else Start.OTHER


def _open(text: str) -> bool:
    """True if a bracket is open at the end of a text."""
    return text.count("|") % 2 == 1 or any(text.count(left) > text.count(right) for left, right in BRACKETS)
