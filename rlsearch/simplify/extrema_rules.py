"""The rules of minimum and of maximum: two tables, the second with every sign of order turned."""

from rlsearch.simplify.extrema import (
    drop_absorbed,
    drop_literal,
    drop_term,
    join_literals,
    join_opposites,
    known_sign,
    literal_bound,
)
from rlsearch.simplify.form import Form
from rlsearch.simplify.normal_forms import label
from rlsearch.simplify.rule import NO_GRADIENT, Rule

NONNEGATIVE = "the same for every op that is never negative"


# What is known of a term x beside a literal k.


def _floor_above(form: Form, x: int, k: float) -> bool:
    """True if x = max(..., m) with m > k."""
    floor = literal_bound(form, "minimum", x)
    return floor is not None and floor > k


def _ceiling_below(form: Form, x: int, k: float) -> bool:
    """True if x = min(..., m) with m < k."""
    ceiling = literal_bound(form, "maximum", x)
    return ceiling is not None and ceiling < k


def _sign_above(form: Form, x: int, k: float) -> bool:
    """True if x >= 0 >= k."""
    return k <= 0 and known_sign(form, x) == 1


MINIMUM = (
    Rule("min(min(a, k), m) = min(a, min(k, m))", join_literals("minimum"), "k != m"),
    label("min(-a, -b) = -max(a, b)"),
    label("min(k * a, k * b) = k * min(a, b)", "k > 0"),
    Rule("min(a, max(a, b)) = a", drop_absorbed("minimum"), NO_GRADIENT),
    Rule("min(max(a, k), m) = m", drop_term("minimum", _floor_above), "k > m"),
    Rule("min(a, -a) = -abs(a)", join_opposites("minimum")),
    Rule("min(abs(a), k) = k", drop_term("minimum", _sign_above), f"k <= 0; {NONNEGATIVE}"),
)

MAXIMUM = (
    Rule("max(max(a, k), m) = max(a, max(k, m))", join_literals("maximum"), "k != m"),
    label("max(-a, -b) = -min(a, b)"),
    label("max(k * a, k * b) = k * max(a, b)", "k > 0"),
    Rule("max(a, min(a, b)) = a", drop_absorbed("maximum"), NO_GRADIENT),
    Rule("max(min(a, k), m) = m", drop_term("maximum", _ceiling_below), "k < m"),
    Rule("max(a, -a) = abs(a)", join_opposites("maximum")),
    Rule("max(abs(a), k) = abs(a)", drop_literal("maximum", _sign_above), f"k <= 0; {NONNEGATIVE}"),
)
