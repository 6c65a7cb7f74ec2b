"""Nodes of sympy expressions where its own constructors take too long: cases within conditions, and shared parts."""

from collections.abc import Mapping
from typing import Any

import sympy
from sympy.functions.elementary.piecewise import ExprCondPair


def cases(*pairs: tuple[Any, Any]) -> Any:
    """The value of the first pair whose condition holds, as `sympy.Piecewise`.

    Cases within a condition are written by signs there, as they are compared and never differentiated: sympy would solve
    the condition for each case, slowly, or refuse it.
    """
    return sympy.Piecewise(*((value, without_cases(condition)) for value, condition in pairs))


def without_cases(expression: Any) -> Any:
    """An expression or a condition with its cases written by signs."""
    if isinstance(expression, bool) or not expression.has(sympy.Piecewise):
        return expression
    return expression.replace(sympy.Piecewise, lambda *pairs: _by_signs(pairs))


def fill(expression: sympy.Expr, values: Mapping[Any, sympy.Expr], compared: Mapping[Any, sympy.Expr]) -> sympy.Expr:
    """The expression with values put in for symbols as they are: nothing is evaluated, and no value is looked into.

    Time grows with the expression alone, however large the values are.

    Args:
        expression: what holds the symbols.
        values: by symbol.
        compared: the same without cases, for conditions.
    """
    if not expression.args:
        return values.get(expression, expression)
    if isinstance(expression, ExprCondPair):  # its constructor searches the condition
        value, condition = expression.args
        return sympy.Tuple.__new__(ExprCondPair, fill(value, values, compared), fill(condition, compared, compared))
    args = [fill(arg, values, compared) for arg in expression.args]
    if isinstance(expression, sympy.Max | sympy.Min):  # its constructor sorts, and so walks through, its arguments
        node = sympy.Expr.__new__(expression.func, *args)
        node._argset = frozenset(args)
        return node
    if isinstance(expression, sympy.Piecewise):
        return sympy.Basic.__new__(sympy.Piecewise, *args)
    return expression.func(*args, evaluate=False)


def _by_signs(pairs: tuple[Any, ...]) -> Any:
    """`where(a > b, c, d)` as c * [a > b] + d * (1 - [a > b])."""
    total, left = sympy.Integer(0), sympy.Integer(1)
    for value, condition in pairs:
        total += value * left * _truth(condition)
        left *= 1 - _truth(condition)
    return total


def _truth(condition: Any) -> Any:
    """One if a condition holds, else zero."""
    match condition:
        case sympy.Not():
            return 1 - _truth(condition.args[0])
        case sympy.And():
            return sympy.Mul(*(_truth(part) for part in condition.args))
        case sympy.Or():
            return 1 - sympy.Mul(*(1 - _truth(part) for part in condition.args))
        case sympy.StrictGreaterThan() | sympy.StrictLessThan():
            return sympy.Max(sympy.sign(condition.gts - condition.lts), 0)
        case sympy.GreaterThan() | sympy.LessThan():
            return 1 - sympy.Max(sympy.sign(condition.lts - condition.gts), 0)
        case sympy.Equality():
            return 1 - sympy.Abs(sympy.sign(condition.lhs - condition.rhs))
        case sympy.Unequality():
            return sympy.Abs(sympy.sign(condition.lhs - condition.rhs))
    return sympy.Integer(condition == sympy.true)
