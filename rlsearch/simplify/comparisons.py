"""Normal form of comparisons: no term on both sides, no common factor, no minus."""

from rlsearch.simplify.form import Form, Number
from rlsearch.simplify.sums import content, inverse, magnitude, scale, terms, total


def reduced_sides(form: Form, a: int, b: int) -> tuple[int, int]:
    """The sides of a > b without common terms, without a common factor, no side with a minus."""
    if form.literal(a) is not None and form.literal(b) is not None:
        return a, b
    difference = total(form, (1, a), (-1, b))
    rest = dict(terms(form, scale(form, inverse(magnitude(content(form, difference))), difference)))
    constant = rest.pop(None, 0)
    sides: list[list[tuple[Number, int]]] = [[], []]
    for term, coefficient in rest.items():
        if term is not None and coefficient:
            sides[coefficient < 0].append((magnitude(coefficient), term))
    if constant:
        side = 1 if not sides[1] else 0 if not sides[0] else int(constant < 0)  # a side of its own, if there is one
        sides[side].append((-constant if side else constant, form.constant(1.0)))
    return total(form, *sides[0]), total(form, *sides[1])


def known_truth(form: Form, a: int, b: int) -> bool | None:
    """The truth of a > b; None if it is not known."""
    k, m = form.literal(a), form.literal(b)
    if k is not None and m is not None:
        return k > m
    if m is not None and m < 0 and form.nonnegative(a):
        return True
    return False if k is not None and k <= 0 and form.nonnegative(b) else None


def cancel_common(form: Form, op: str, a: int, b: int, *rest: int) -> int | None:
    """Rewrite k * a + c > k * b + c = a > b, for positive k; also as the condition of `where`."""
    sides = reduced_sides(form, a, b)
    return None if sides == (a, b) else form.make(op, *sides, *rest)
