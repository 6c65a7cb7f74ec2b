"""Phrases: pieces of syntax with holes, which are found in expressions and filled."""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import NamedTuple

from rlsearch.op import Spelling, Type
from rlsearch.registry import derived, known_inputs, operations, regimes

HOLES = frozenset({"x", "y", "z", "i", "k"})  # for any argument but a network
TYPED = {"NET": Type.NETWORK, "STATE": Type.STATE}  # for an input of this type
ALTERNATIVES = re.compile(r"([\w|]+)([(\[].*)?")


class Phrase(NamedTuple):
    """What others write, as syntax, and what it is in the text form; None where there is no such thing."""

    theirs: ast.expr
    ours: ast.expr | None
    why: str


class Phrases(NamedTuple):
    """What others write, of every op and regime.

    Attributes:
        named: phrases that are a name, or a call or a subscript of one, by that name.
        others: expressions of several names.
        word: of names with one meaning the first: `done` for `terminated`.
    """

    named: Mapping[tuple[type[ast.expr], str], tuple[Phrase, ...]]
    others: tuple[Phrase, ...]
    word: Mapping[str, str]


@cache
def phrase(text: str) -> ast.expr:
    """The syntax of a text with holes. It is shared: `fill` makes a copy."""
    return ast.parse(text, mode="eval").body


@derived
@cache
def phrases() -> Phrases:
    """The spellings of all ops and regimes in use; where two say something of one phrase, the first counts."""
    named: dict[tuple[type[ast.expr], str], list[Phrase]] = {}
    others, word = list[Phrase](), dict[str, str]()
    for spelling in _spellings():
        ours = phrase(spelling.ours) if spelling.ours else None
        split = ALTERNATIVES.fullmatch(spelling.theirs)
        if split is None:
            others.append(Phrase(phrase(spelling.theirs), ours, spelling.why))
            continue
        names = split[1].split("|")
        for name in names:
            theirs = phrase(name + (split[2] or ""))
            named.setdefault((type(theirs), name), []).append(Phrase(theirs, ours, spelling.why))
            if split[2] is None:
                word.setdefault(name, names[0])
    return Phrases({key: tuple(found) for key, found in named.items()}, tuple(others), word)


def _spellings() -> Iterator[Spelling]:
    for regime in regimes().values():
        yield from regime.spellings
    for op in operations().values():
        yield from op.spellings


def match(theirs: ast.AST, at: ast.AST, holes: dict[str, ast.expr], taken: Set[str] = frozenset()) -> bool:
    """True if an expression is a phrase; then `holes` has what stands in its holes. Names that are `taken` are no words."""
    if isinstance(theirs, ast.Name) and isinstance(at, ast.expr):
        if theirs.id in TYPED or theirs.id in HOLES:
            holes[theirs.id] = at
            kind = known_inputs()[at.id].type if isinstance(at, ast.Name) and at.id in known_inputs() else None
            return kind is TYPED[theirs.id] if theirs.id in TYPED else kind is not Type.NETWORK
        return isinstance(at, ast.Name) and at.id not in taken and _same_word(theirs.id, at.id)
    if type(theirs) is not type(at):
        return False
    if isinstance(theirs, ast.Constant) and isinstance(at, ast.Constant):
        return type(at.value) in (int, float) and bool(theirs.value == at.value)
    pairs = [(getattr(theirs, field), getattr(at, field)) for field in theirs._fields if field not in ("ctx", "kind")]
    return all(_match_field(one, other, holes, taken) for one, other in pairs)


def _match_field(theirs: object, at: object, holes: dict[str, ast.expr], taken: Set[str]) -> bool:
    if isinstance(theirs, ast.AST) and isinstance(at, ast.AST):
        return match(theirs, at, holes, taken)
    if isinstance(theirs, list) and isinstance(at, list):
        pairs = zip(theirs, at, strict=False)
        return len(theirs) == len(at) and all(_match_field(one, other, holes, taken) for one, other in pairs)
    return theirs == at


def _same_word(one: str, other: str) -> bool:
    word = phrases().word
    return word.get(one, one) == word.get(other, other)


def left_over(theirs: ast.expr, at: ast.expr, taken: Set[str]) -> list[ast.expr] | None:
    """The factors of an expression besides those of a phrase, in any order; [] if it is the phrase, None if it lacks one."""
    if not (isinstance(theirs, ast.BinOp) and isinstance(theirs.op, ast.Mult)):
        return [] if match(theirs, at, {}, taken) else None
    rest = _factors(at)
    for wanted in _factors(theirs):
        found = next((index for index, factor in enumerate(rest) if match(wanted, factor, {}, taken)), None)
        if found is None:
            return None
        del rest[found]
    return rest


def _factors(at: ast.expr) -> list[ast.expr]:
    """The factors of a product; of anything else, itself."""
    found, pending = list[ast.expr](), [at]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult):
            pending += [part.right, part.left]
        else:
            found.append(part)
    return found


def fill(template: ast.expr, holes: Mapping[str, ast.expr], at: ast.expr) -> ast.expr:
    """A copy of a template with something in its holes; what is new has the place of `at`."""
    if isinstance(template, ast.Name) and template.id in holes:
        return holes[template.id]
    made: ast.expr = copy.copy(template)
    for field in template._fields:
        setattr(made, field, _fill_field(getattr(template, field), holes, at))
    return ast.copy_location(made, at)


def _fill_field(value: object, holes: Mapping[str, ast.expr], at: ast.expr) -> object:
    if isinstance(value, ast.expr):
        return fill(value, holes, at)
    if isinstance(value, ast.keyword):
        return ast.keyword(value.arg, fill(value.value, holes, at))
    return [_fill_field(each, holes, at) for each in value] if isinstance(value, list) else value
