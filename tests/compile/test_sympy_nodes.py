"""Cases within conditions, by sign and by case; values put in without a look."""

from itertools import product

import pytest
import sympy

from rlsearch.compile.sympy_nodes import cases, fill, without_cases

A, B, C = sympy.symbols("a b c", real=True)
CONDITIONS = [A > B, A < B, A >= B, A <= B, sympy.Eq(A, B), sympy.Ne(A, B), sympy.And(A > B, A < C), sympy.Or(A > B, A > C)]
CONDITIONS += [sympy.Not(sympy.And(A > B, A < C)), sympy.true, sympy.false]
NUMBERS = (-1, 0, sympy.Rational(1, 10**9), 1)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_signs_tell_what_the_cases_tell(condition):
    """Where two are equal, and where they nearly are."""
    found = sympy.Piecewise((A + 1, condition), (B * 2, A > 0), (C, True))
    signs = without_cases(found)
    assert not signs.has(sympy.Piecewise)
    for numbers in product(NUMBERS, repeat=3):
        at = dict(zip((A, B, C), numbers, strict=True))
        assert signs.subs(at) == found.subs(at)


def test_conditions_hold_no_cases():
    inner = sympy.Piecewise((A, A > 0), (B, True))
    found = cases((A, inner > C), (sympy.sqrt(sympy.log(A)), inner < sympy.log(C)), (B, True))
    assert not any(condition.has(sympy.Piecewise) for _, condition in found.args)
    assert cases((A, B > C), (C, True)) == sympy.Piecewise((A, B > C), (C, True))


def test_values_are_put_in_as_they_are():
    """A shared value a billion terms long, written out, takes no time."""
    long = A
    for _ in range(30):
        long = sympy.Mul(long, sympy.Add(long, B, evaluate=False), evaluate=False)
    inner = sympy.Piecewise((sympy.Max(A, 3), A > B), (sympy.tanh(A), True))
    filled = fill(inner, {A: long}, {A: C})
    assert filled.args[0].expr.args[0] is long or filled.args[0].expr.args[1] is long
    assert filled.args[0].cond == sympy.Gt(C, B, evaluate=False) and filled.args[1].expr.args[0] is long
    assert fill(B, {A: long}, {}) is B
