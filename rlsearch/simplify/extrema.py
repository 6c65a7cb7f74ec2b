"""Normal form of minimum and maximum: a common factor pulled out, one literal, last; nests flattened where only values count.

Where gradient flows a nest stays as it is: of three terms that tie, the way of nesting says who gets which share.
"""

from collections.abc import Callable
from functools import cache, reduce
from typing import NamedTuple

from rlsearch.simplify.form import Apply, Form, Number, fold_literals
from rlsearch.simplify.sums import coefficient_and_term, content, content_and_primitive, inverse, largest_magnitude, scale

MIRROR = {"minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min"}


class Nest(NamedTuple):
    """The terms of a minimum or of a maximum.

    Attributes:
        terms: each once.
        literal: a literal among them.
        nested: whether any of them was, or is, a minimum or maximum itself.
    """

    terms: list[int]
    literal: float | None
    nested: bool


def nest(form: Form, op: str, *indices: int) -> Nest:
    """The terms of the minimum or maximum of nodes, or of what a single node is, each once; -max(a, b) is min(-a, -b).

    Without gradient, nests are flattened.
    """
    known: Nest | None = form.nests.get((op, indices))
    if known is not None:
        return known
    out: dict[int, None] = {}
    nested, whole = False, len(indices) == 1 or not any(form.carries[index] for index in indices)
    for index in indices:
        factor, term = coefficient_and_term(form, index)
        inner = "" if term is None else form.nodes[term].op
        name = op if factor > 0 else MIRROR[op]
        nested = nested or inner in MIRROR
        if term is None or inner != name or not whole:
            out[index] = None
        else:
            for link in form.nodes[term].args if form.carries[term] else form.links(name, term):
                out[scale(form, factor, link)] = None
    literal = next((value for term in out if (value := form.literal(term)) is not None), None)
    found = form.nests[op, indices] = Nest(list(out), literal, nested)
    return found


@cache
def normal_form(op: str) -> Apply:
    """The rule that brings an op's nests to normal form."""
    return lambda form, a, b: extremum(form, op, *nest(form, op, a, b).terms)


def extremum(form: Form, op: str, *terms: int) -> int:
    """The canonical minimum or maximum of terms."""
    rest = [term for term in terms if form.literal(term) is None]
    literals = [value for term in terms if (value := form.literal(term)) is not None]
    last = [form.constant(reduce(lambda k, m: fold_literals(op, k, m), literals))] if literals else []
    if len(rest) + len(last) == 1:
        return (rest + last)[0]
    factor = _common_factor(form, rest)
    if factor != 1:
        rest, last = ([scale(form, inverse(factor), term) for term in some] for some in (rest, last))
    if len(rest) > 1:
        rest.sort(key=form.order)
    if factor < 0 and len(rest) == 1:  # min and max of literals have an order
        return scale(form, factor, form.make(MIRROR[op], *rest, *last))
    return scale(form, factor, form.chain(op if factor > 0 else MIRROR[op], rest + last))


def _common_factor(form: Form, terms: list[int]) -> Number:
    """The factor to pull out of terms: the largest, with the sign of the term that comes first but for its factor."""
    units = [content_and_primitive(form, term) for term in terms]
    if all(factor == 1 for factor, _ in units):
        return 1
    first = min([base for _, base in units], key=form.order)
    largest = largest_magnitude([factor for factor, _ in units])
    return largest if sum([factor for factor, base in units if base == first]) >= 0 else -largest


def drop_term(op: str, redundant: Callable[[Form, int, float], bool]) -> Apply:
    """The rule that drops a term x that is redundant beside the literal k of its nest: `redundant(form, x, k)`."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms, k, _ = nest(form, op, a, b)
        gone = None if k is None else next((x for x in terms if form.literal(x) is None and redundant(form, x, k)), None)
        return None if gone is None else _extremum_without(form, op, terms, gone)

    return rule


def drop_literal(op: str, redundant: Callable[[Form, int, float], bool]) -> Apply:
    """The rule that drops the literal k of a nest where it is redundant beside a term x: `redundant(form, x, k)`."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms, k, _ = nest(form, op, a, b)
        if k is None or not any(redundant(form, x, k) for x in terms if form.literal(x) is None):
            return None
        return _extremum_without(form, op, terms, form.constant(k))

    return rule


def drop_absorbed(op: str) -> Apply:
    """The rule that drops a term of min that is a max of another term, or of all that another is a max of, and more."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms, _, nested = nest(form, op, a, b)
        if not nested or form.carries[a] or form.carries[b]:
            return None
        parts = {x: set(nest(form, MIRROR[op], x).terms) for x in terms}
        gone = next((x for x in terms if any(parts[x] >= parts[y] for y in terms if y != x)), None)
        return None if gone is None else _extremum_without(form, op, terms, gone)

    return rule


def _extremum_without(form: Form, op: str, terms: list[int], *gone: int) -> int:
    """The op of the terms but those that are gone."""
    *others, last = [term for term in terms if term not in gone]
    return form.make(op, extremum(form, op, *others), last) if others else last


def join_literals(op: str) -> Apply:
    """The rule max(max(a, k), m) = max(a, max(k, m)); for k = m a tie of a with both would be halved twice."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms, m, nested = nest(form, op, a, b)
        if m is None or not nested or len(terms) != 2:
            return None
        (term,) = [term for term in terms if form.literal(term) is None]
        inner, k, _ = nest(form, op, term)
        if k is None or k == m:
            return None
        return form.make(op, _extremum_without(form, op, inner, form.constant(k)), form.constant(fold_literals(op, k, m)))

    return rule


def join_opposites(op: str) -> Apply:
    """The rule max(a, -a) = abs(a), or min(a, -a) = -abs(a), for two terms of a nest."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms = nest(form, op, a, b).terms
        if all(content(form, term) > 0 for term in terms):
            return None
        units = {term: content_and_primitive(form, term) for term in terms if form.literal(term) is None}
        pairs = [(x, y) for x, (k, base) in units.items() for y, other in units.items() if other == (-k, base)]
        if not pairs:
            return None
        made = scale(form, 1 if op == "maximum" else -1, form.make("abs", pairs[0][0]))
        return made if len(terms) == 2 else form.make(op, _extremum_without(form, op, terms, *pairs[0]), made)

    return rule


def swap_bounds(form: Form, a: int, b: int) -> int | None:
    """Rewrite max(min(a, k), m) = min(max(a, m), k) for m < k."""
    terms, m, nested = nest(form, "maximum", a, b)
    if m is None or not nested or len(terms) != 2:
        return None
    (term,) = [term for term in terms if form.literal(term) is None]
    inner, k, _ = nest(form, "minimum", term)
    if k is None or k <= m:
        return None
    low = form.make("maximum", _extremum_without(form, "minimum", inner, form.constant(k)), form.constant(m))
    return form.make("minimum", low, form.constant(k))


def literal_bound(form: Form, op: str, index: int) -> float | None:
    """The literal k of a term max(..., k) under min, which the term never falls below; or the other way round."""
    return nest(form, MIRROR[op], index).literal


def known_sign(form: Form, index: int) -> int:
    """The known sign of a term: 1 if it is never negative, -1 if never positive, 0 if that is not known."""
    factor, term = coefficient_and_term(form, index)
    if term is None or not form.nonnegative(term):
        return 0
    return 1 if factor > 0 else -1
