"""Rewrites of clip: factors leave it, nested ones join, crossed bounds decide."""

from rlsearch.simplify.form import Form
from rlsearch.simplify.sums import content_and_primitive, inverse, scale


def scale_bounds(form: Form, a: int, low: int, high: int) -> int | None:
    """Rewrite clip(k * a, m, n) = k * clip(a, m / k, n / k), bounds swapped for negative k, if they do not cross."""
    factor, base = content_and_primitive(form, a)
    if factor == 1 or _crossed(form, low, high) is not False:
        return None
    bounds = [scale(form, inverse(factor), bound) for bound in ((low, high) if factor > 0 else (high, low))]
    return scale(form, factor, form.make("clip", base, *bounds))


def join_bounds(form: Form, a: int, low: int, high: int) -> int | None:
    """Rewrite clip(clip(a, k, l), m, n) = clip(a, max(k, m), min(l, n)), if those bounds do not cross."""
    op, args, _ = form.nodes[a]
    if op != "clip":
        return None
    inner, inner_low, inner_high = args
    bounds = form.make("maximum", inner_low, low), form.make("minimum", inner_high, high)
    return form.make("clip", inner, *bounds) if _crossed(form, *bounds) is False else None


def crossed_bounds(form: Form, _a: int, low: int, high: int) -> int | None:
    """Rewrite clip(a, k, m) = m for k > m."""
    return high if _crossed(form, low, high) else None


def _crossed(form: Form, low: int, high: int) -> bool | None:
    """True if a lower bound is above the upper one; None if they are no literals, as the deviation of a batch of literals."""
    k, m = form.literal(low), form.literal(high)
    return None if k is None or m is None else k > m
