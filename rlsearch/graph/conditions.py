"""Conditions as others write them, in terms of `>` and `where`: >=, ==, chains, and, or, not, and `a if x > y else b`."""

import ast
from itertools import pairwise

from rlsearch.graph.phrases import fill, phrase

JOINTS = {ast.And: "x * y", ast.Or: "max(x, y)", ast.BitAnd: "x * y", ast.BitOr: "max(x, y)"}
NUMBERS = {  # of a comparison: 1 where it holds, else 0
    ast.Gt: "x > y",
    ast.Lt: "x < y",
    ast.GtE: "1 - (y > x)",
    ast.LtE: "1 - (x > y)",
    ast.NotEq: "(x > y) + (y > x)",
    ast.Eq: "1 - ((x > y) + (y > x))",
}
CHOICES = {  # of a comparison: z where it holds, else k
    ast.Gt: "where(x > y, z, k)",
    ast.Lt: "where(x < y, z, k)",
    ast.GtE: "where(y > x, k, z)",
    ast.LtE: "where(x > y, k, z)",
    ast.NotEq: "where((x > y) + (y > x) > 0, z, k)",
    ast.Eq: "where((x > y) + (y > x) > 0, k, z)",
}


def is_condition(at: ast.expr) -> bool:
    """True if an expression is 1 or 0 because something holds or not: a comparison, or conditions that are joined."""
    match at:
        case ast.Compare(_, signs, _):
            return all(type(sign) in NUMBERS for sign in signs)
        case ast.BoolOp(_, values):
            return all(map(is_condition, values))
        case ast.BinOp(left, ast.BitAnd() | ast.BitOr(), right):
            return is_condition(left) and is_condition(right)
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            return is_condition(operand)
    return False


def joined(at: ast.expr) -> list[ast.expr] | None:
    """The operands of and, or, not and their signs; None where nothing is joined."""
    match at:
        case ast.BoolOp(_, values):
            return values
        case ast.BinOp(left, ast.BitAnd() | ast.BitOr(), right):
            return [left, right]
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            return [operand]
    return None


def as_number(at: ast.expr) -> ast.expr:
    """A condition as a number, 1 where it holds, else 0."""
    match at:
        case ast.Compare(left, signs, others):
            links = zip(pairwise([left, *others]), signs, strict=True)
            parts = [fill(phrase(NUMBERS[type(sign)]), {"x": one, "y": other}, at) for (one, other), sign in links]
            return _chain("x * y", parts, at)
        case ast.UnaryOp(_, operand):
            return fill(phrase("1 - x"), {"x": as_number(operand)}, at)
        case ast.BoolOp(sign, values):
            return _chain(JOINTS[type(sign)], [as_number(value) for value in values], at)
        case ast.BinOp(left, sign, right):
            return _chain(JOINTS[type(sign)], [as_number(left), as_number(right)], at)
    raise AssertionError(f"{type(at).__name__} is no condition")


def choice(condition: ast.expr, yes: ast.expr, no: ast.expr, at: ast.expr) -> ast.expr:
    """One number where a condition holds, else another."""
    holes = {"z": yes, "k": no}
    match condition:
        case ast.Compare(left, [sign], [right]):
            return fill(phrase(CHOICES[type(sign)]), holes | {"x": left, "y": right}, at)
        case ast.UnaryOp(_, operand):
            return choice(operand, no, yes, at)
    return fill(phrase(CHOICES[ast.Gt]), holes | {"x": as_number(condition), "y": ast.Constant(0)}, at)


def _chain(template: str, parts: list[ast.expr], at: ast.expr) -> ast.expr:
    made = parts[0]
    for part in parts[1:]:
        made = fill(phrase(template), {"x": made, "y": part}, at)
    return made
