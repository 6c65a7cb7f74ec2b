"""Normal form of comparisons: what stands on both sides taken away, no common factor, no minus."""

from rlsearch.simplify.form import Form, Number
from rlsearch.simplify.sums import inverse, lead, scale, size_of, terms, total


def compared(form: Form, a: int, b: int) -> tuple[int, int]:
    """a > b with what stands on both sides taken away, without a common factor, no side with a minus."""
    if form.literal(a) is not None and form.literal(b) is not None:
        return a, b
    difference = total(form, (1, a), (-1, b))
    rest = dict(terms(form, scale(form, inverse(size_of(lead(form, difference))), difference)))
    constant = rest.pop(None, 0)
    sides: list[list[tuple[Number, int]]] = [[], []]
    for term, coefficient in rest.items():
        if term is not None and coefficient:
            sides[coefficient < 0].append((size_of(coefficient), term))
    if constant:
        side = 1 if not sides[1] else 0 if not sides[0] else int(constant < 0)  # a side of its own, if there is one
        sides[side].append((-constant if side else constant, form.constant(1.0)))
    return total(form, *sides[0]), total(form, *sides[1])


def held(form: Form, a: int, b: int) -> bool | None:
    """Whether a > b, where that is known."""
    k, m = form.literal(a), form.literal(b)
    if k is not None and m is not None:
        return k > m
    if m is not None and m < 0 and form.nonnegative(a):
        return True
    return False if k is not None and k <= 0 and form.nonnegative(b) else None


def freed(form: Form, op: str, a: int, b: int, *rest: int) -> int | None:
    """The comparison in normal form, where it is not yet."""
    sides = compared(form, a, b)
    return None if sides == (a, b) else form.make(op, *sides, *rest)
