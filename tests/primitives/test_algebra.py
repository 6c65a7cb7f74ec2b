"""Over the registry: what an op says of its algebra holds, and what it does not say does not."""

from itertools import product

import numpy as np
import pytest
from one_op import ELEMENTWISE, OPERATIONS

from rlsearch.compile.reference import partials_of, value_of
from rlsearch.op import Op, Type

GRID = np.array([-2.5, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 3.0])
BINARY = [op for op in ELEMENTWISE if len(op.args) == 2]
UNARY = [op for op in ELEMENTWISE if len(op.args) == 1]


def on_grid(arguments: int) -> list[np.ndarray]:
    """Every combination of the grid's values."""
    return list(np.array(list(product(GRID, repeat=arguments))).T)


def equal(one, other) -> bool:
    return np.allclose(one, other, rtol=1e-12, atol=1e-12)


def named(ops):
    return pytest.mark.parametrize("op", ops, ids=lambda op: op.name)


@named(BINARY)
def test_commutes(op: Op):
    f, (a, b) = value_of(op), on_grid(2)
    assert equal(f(a, b), f(b, a)) == op.commutes


@named(BINARY)
def test_associates(op: Op):
    f, (a, b, c) = value_of(op), on_grid(3)
    assert equal(f(f(a, b), c), f(a, f(b, c))) == op.associates


@named(BINARY)
def test_idempotent(op: Op):
    f = value_of(op)
    assert equal(f(GRID, GRID), GRID) == op.idempotent


@named(BINARY)
def test_identity(op: Op):
    f = value_of(op)
    found = [e for e in (0.0, 1.0, -1.0, 2.0) if equal(f(GRID, e), GRID) and equal(f(e, GRID), GRID)]
    assert found == ([] if op.identity is None else [op.identity])


@named(UNARY)
def test_even(op: Op):
    assert equal(value_of(op)(-GRID), value_of(op)(GRID)) == op.even


@named(UNARY)
def test_odd(op: Op):
    assert equal(value_of(op)(-GRID), -value_of(op)(GRID)) == op.odd


@named(ELEMENTWISE)
def test_nonnegative(op: Op):
    """Where it is 0 it has no slope: at a least value there can be none."""
    values = on_grid(len(op.args))
    y = np.broadcast_to(value_of(op)(*values), values[0].shape)
    assert (y >= 0).all() == op.nonnegative
    for partial in partials_of(op) if op.nonnegative else ():
        assert partial is None or not np.broadcast_to(partial(*values, y, np.ones_like(y)), y.shape)[y == 0].any()


@named([op for op in OPERATIONS if op.nonnegative and not op.elementwise])
def test_nonnegative_over_actions(op: Op):
    assert (value_of(op)(np.random.default_rng(0).normal(size=(5, 50))) > 0).all()


@named(UNARY)
def test_projection(op: Op):
    once = value_of(op)(GRID)
    assert equal(value_of(op)(once), once) == op.projection


@named([op for op in OPERATIONS if op.arg_types == (Type.VECTOR, Type.VECTOR)])
def test_commutes_over_actions(op: Op):
    one, other = np.random.default_rng(0).normal(size=(2, 5, 8))
    assert equal(value_of(op)(one, other), value_of(op)(other, one)) == op.commutes


@named([op for op in ELEMENTWISE if len(op.args) > 2])
def test_ops_of_many_arguments_claim_nothing(op: Op):
    """The flags speak of two arguments, or of one; here they would mean nothing."""
    assert not any((op.commutes, op.associates, op.idempotent, op.even, op.odd, op.projection))
    assert op.identity is None
