"""The algebra of an op, found by trying: rewriting trusts what an op declares of itself."""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_tape import partials_of, value_of
from rlsearch.facets.one_op import arrays
from rlsearch.op import Op, Type

Array = NDArray[np.float64]

FLAGS = ("commutes", "associates", "idempotent", "even", "odd", "projection", "nonnegative")
GRID = np.array([-2.5, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 3.0])
ELEMENTS = (0.0, 1.0, -1.0, 2.0)  # what an identity may be, besides what is said


def claimed(op: Op) -> frozenset[str]:
    """The algebra that an op declares: flags, and `identity` with its number."""
    said = {flag for flag in FLAGS if getattr(op, flag)}
    return frozenset(said | ({f"identity {op.identity:g}"} if op.identity is not None else set()))


def held(op: Op) -> frozenset[str]:
    """The algebra that holds, in the same words; ops with literals or of more than two arguments have none here."""
    if op.literals or len(op.args) > 2 or len(set(op.arg_types)) > 1:
        return frozenset()
    with np.errstate(all="ignore"):
        found = _unary(op) if len(op.args) == 1 else _binary(op)
        return frozenset(found | ({"nonnegative"} if _nonnegative(op) else set()))


def _nonnegative(op: Op) -> bool:
    """True if never below 0, and without slope where it is 0, as at a least value there can be none."""
    values = _points(op, len(op.args))
    y = value_of(op)(*values)
    at_least = bool((y >= 0).all())
    if not at_least or not op.elementwise:
        return at_least
    y = np.broadcast_to(y, values[0].shape)
    slopes = [partial(*values, y, np.ones_like(y)) for partial in partials_of(op) if partial]
    return not any(np.broadcast_to(slope, y.shape)[y == 0].any() for slope in slopes)


def _unary(op: Op) -> set[str]:
    f, (x,) = value_of(op), _points(op, 1)
    found = set()
    if op.arg_types[0] != Type.SIMPLEX and _equal(f(-x), f(x)) and _is_flat_at_zero(op):
        found.add("even")
    if op.arg_types[0] != Type.SIMPLEX and _equal(f(-x), -f(x)):
        found.add("odd")
    if op.result_type(op.arg_types) == op.arg_types[0] and _equal(f(f(x)), f(x)):
        found.add("projection")
    return found


def _is_flat_at_zero(op: Op) -> bool:
    """True if an elementwise op has no slope at 0, as an even one must not: f(-a) would have the opposite."""
    zero = np.zeros(1)
    slopes = (partial(zero, value_of(op)(zero), np.ones(1)) for partial in partials_of(op) if partial) if op.elementwise else ()
    return not any(np.any(slope) for slope in slopes)


def _binary(op: Op) -> set[str]:
    f, (x, y) = value_of(op), _points(op, 2)
    found = {"commutes"} if _equal(f(x, y), f(y, x)) else set()
    if op.result_type(op.arg_types) != op.arg_types[0]:
        return found
    a, b, c = _points(op, 3)
    if _equal(f(f(a, b), c), f(a, f(b, c))):
        found.add("associates")
    if _equal(f(x, x), x):
        found.add("idempotent")
    elements = dict.fromkeys((*ELEMENTS, *([] if op.identity is None else [op.identity])))
    return found | {f"identity {e:g}" for e in elements if _equal(f(x, e + 0 * x), x) and _equal(f(e + 0 * x, x), x)}


def _points(op: Op, arguments: int) -> list[Array]:
    """Points to try: every combination of a grid's values over the domain; for ops over actions draws `[A, samples]`."""
    low, high = min(span[0] for span in op.domain), max(span[1] for span in op.domain)
    if op.elementwise:
        grid = np.unique([*GRID[(low <= GRID) & (high >= GRID)], *(low + (high - low) * np.array([0.03, 0.4, 0.55, 0.9]))])
        return list(np.array(list(product(grid, repeat=arguments))).T)
    drawn = (arrays(op, (5, 8), seed)[0] for seed in range(arguments))
    return [np.concatenate([values, np.round(values)], axis=-1) for values in drawn]  # the rounded ones have ties and zeros


def _equal(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
