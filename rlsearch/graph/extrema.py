"""Normal form of minimum and maximum: nests flattened, each term once, a common factor drawn out, one literal, last."""

from collections.abc import Callable
from functools import reduce

from rlsearch.graph.form import Form, Number, exact, folded
from rlsearch.graph.sums import inverse, scale, scaled, unit

MIRROR = {"minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min"}


def members(form: Form, op: str, *indices: int) -> list[int]:
    """The terms of a nest, each once; -max(a, b) holds -a and -b under min.

    A nest with a stop in it is one term: its terms may tie everywhere, and then the halves of the gradient count.
    """
    known = form.nests.get((op, indices))
    if known is not None:
        return known
    out: dict[int, None] = {}
    for index in indices:
        factor, term = scaled(form, index)
        name = op if factor > 0 else MIRROR[op]
        if term is None or form.nodes[term].op != name or form.stopped(*indices):
            out[index] = None
        else:
            for link in form.links(name, term):
                out[scale(form, factor, link)] = None
    found = form.nests[op, indices] = list(out)
    return found


def extremum(form: Form, op: str, *terms: int) -> int:
    """The canonical minimum or maximum of terms."""
    rest = [term for term in terms if form.literal(term) is None]
    literals = [value for term in terms if (value := form.literal(term)) is not None]
    last = [form.constant(reduce(lambda k, m: folded(op, k, m), literals))] if literals else []
    if len(rest) + len(last) == 1:
        return (rest + last)[0]
    factor = _common(form, rest)
    if factor != 1:
        rest, last = ([scale(form, inverse(factor), term) for term in some] for some in (rest, last))
    if len(rest) > 1:
        rest.sort(key=form.order)
    if factor < 0 and len(rest) == 1:  # min and max of literals have an order
        return scale(form, factor, form.make(MIRROR[op], *rest, *last))
    return scale(form, factor, form.chain(op if factor > 0 else MIRROR[op], rest + last))


def _common(form: Form, terms: list[int]) -> Number:
    """The factor to draw out of terms: the largest, with the sign of the term that comes first but for its factor."""
    units = [unit(form, term) for term in terms]
    first = min([base for _, base in units], key=form.order)
    largest = max([abs(factor) for factor, _ in units])
    return largest if sum([factor for factor, base in units if base == first]) >= 0 else -largest


def without(op: str, redundant: Callable[[Form, int, list[int]], bool]) -> Callable[[Form, int, int], int | None]:
    """The rule that drops the first redundant term of an op's nest; `redundant` is given a term and the others."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms = members(form, op, a, b)
        for place, term in enumerate(terms):
            others = terms[:place] + terms[place + 1 :]
            if others and redundant(form, term, others):
                return form.make(op, extremum(form, op, *others[:-1]), others[-1]) if len(others) > 1 else others[0]
        return None

    return rule


def opposite(op: str) -> Callable[[Form, int, int], int | None]:
    """The rule that turns a pair of opposite terms into an absolute value."""

    def rule(form: Form, a: int, b: int) -> int | None:
        terms = [(term, *unit(form, term)) for term in members(form, op, a, b) if form.literal(term) is None]
        for term, factor, base in terms:
            for other, back, again in terms:
                if base == again and factor == -back:
                    made = scale(form, 1 if op == "maximum" else -1, form.make("abs", term))
                    others = [one for one in members(form, op, a, b) if one not in (term, other)]
                    return form.make(op, extremum(form, op, *others), made) if others else made
        return None

    return rule


def clipped(form: Form, a: int, b: int) -> int | None:
    """max(min(a, k), m) = min(max(a, m), k) for m < k."""
    terms = members(form, "maximum", a, b)
    m, nests = literal_among(form, terms), [term for term in terms if form.literal(term) is None]
    if m is None or len(nests) != 1:
        return None
    nest, k = nests[0], limit(form, "maximum", nests[0])
    inner = [term for term in members(form, "minimum", nest) if form.literal(term) is None]
    if k is None or k <= m or inner == [nest]:
        return None
    return form.make("minimum", form.make("maximum", extremum(form, "minimum", *inner), form.constant(m)), form.constant(k))


def absorbed(form: Form, op: str, term: int, others: list[int]) -> bool:
    """Whether a term of min is a max of another term, or of all that another term is a max of, and more."""
    parts = set(members(form, MIRROR[op], term))
    inside = any(parts.issuperset(members(form, MIRROR[op], other)) for other in others)
    return inside and not form.stopped(term)


def limit(form: Form, op: str, index: int) -> float | None:
    """The literal k of a term max(..., k) under min, which the term never falls below; or the other way round."""
    factor, term = scaled(form, index)
    if term is None or form.nodes[term].op != (MIRROR[op] if factor > 0 else op):
        return None
    value = form.literal(form.nodes[term].args[1])
    return None if value is None else float(factor * exact(value))


def signed(form: Form, index: int) -> int:
    """1 for a term that is never negative, -1 for one that is never positive, 0 where that is not known."""
    factor, term = scaled(form, index)
    if term is None or not form.nonnegative(term):
        return 0
    return 1 if factor > 0 else -1


def literal_among(form: Form, terms: list[int]) -> float | None:
    """The literal of a nest's terms, if there is one."""
    return next((value for term in terms if (value := form.literal(term)) is not None), None)
