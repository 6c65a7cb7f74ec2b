"""Ops that have a normal form, each with the function that computes it, and the rows of the equations that it applies."""

from collections.abc import Mapping

from rlsearch.simplify.extrema import normal_form
from rlsearch.simplify.form import Apply
from rlsearch.simplify.products import absolute_value, product, product_of_powers
from rlsearch.simplify.rule import Phase, Rule, rewritten_op
from rlsearch.simplify.sums import scale, total

NORMAL_FORMS: Mapping[str, Apply] = {
    "add": lambda form, a, b: total(form, (1, a), (1, b)),
    "sub": lambda form, a, b: total(form, (1, a), (-1, b)),
    "neg": lambda form, a: scale(form, -1, a),
    "mul": product,
    "square": lambda form, a: product_of_powers(form, [(a, 2)]),
    "half_square": lambda form, a: product_of_powers(form, [(form.constant(0.5), 1), (a, 2)]),
    "abs": absolute_value,
    "minimum": normal_form("minimum"),
    "maximum": normal_form("maximum"),
}


def label(equation: str, when: str = "", differs: str = "") -> Rule:
    """A row for one of the equations that an op's normal form applies.

    Two rows of one op have the same function, so a row is no rewrite by itself: it documents the function, and is tested.
    """
    return Rule(equation, NORMAL_FORMS[rewritten_op(equation)], when, differs, Phase.NORMAL_FORM)
