"""Calls as other libraries write them: reductions with their axis, extrema of many numbers, names of arguments."""

import ast

from rlsearch.errors import quoted
from rlsearch.graph.phrases import fill, phrase
from rlsearch.graph.statements import fail, written
from rlsearch.op import Op
from rlsearch.registry import operations

# What functions are taken from elsewhere: `torch.log` is log.
LIBRARIES = frozenset({"torch", "F", "nn", "np", "numpy", "jnp", "jax", "lax", "tf", "math", "sp", "sympy", "rlax", "optax"})
EXTREMA = frozenset({"max", "min"})
AXIS = frozenset({"dim", "axis"})
KEPT = frozenset({"keepdim", "keepdims"})
ACTIONS_AXIS = (1, -1)  # as others count axes, of samples and actions


def root_of(path: ast.expr) -> ast.expr:
    """The expression that attributes are taken of."""
    while isinstance(path, ast.Attribute):
        path = path.value
    return path


def call(name: str, args: list[ast.expr], at: ast.expr) -> ast.Call:
    """A call of a function by its name, in the place of `at`."""
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(name, ast.Load()), at), args, []), at)


def reduced(at: ast.expr) -> ast.expr | None:
    """`x.max(1)` or `torch.max(x, dim=1)` as max(x): a reduction over actions that is given nothing but its axis."""
    if not isinstance(at, ast.Call) or not isinstance(at.func, ast.Attribute):
        return None
    op = operations().get(at.func.attr)
    if op is None or not _reduces(op):
        return None
    of_library = isinstance(at.func.value, ast.Name) and at.func.value.id in LIBRARIES
    receiver, given = (at.args[0], at.args[1:]) if of_library and at.args else (at.func.value, at.args)
    axes = [*given, *(keyword.value for keyword in at.keywords if keyword.arg in AXIS)]
    others = {keyword.arg for keyword in at.keywords} - AXIS - KEPT
    if others or len(axes) != 1 or _axis(axes[0]) not in ACTIONS_AXIS:
        return None
    return call(op.name, [receiver], at)


def without_names(at: ast.Call, op: Op) -> ast.Call | None:
    """An op's call without an axis, if that is the actions', and without names of arguments; None if it has neither.

    Raises:
        LossError: an argument's name is none of the op's.
    """
    args, keywords = at.args, at.keywords
    axes = [keyword.value for keyword in keywords if keyword.arg in AXIS]
    if len(args) == 2 and op.name not in EXTREMA:  # max(x, 1) is the larger of two
        axes += args[1:]
    if _reduces(op) and len(axes) == 1 and _axis(axes[0]) in ACTIONS_AXIS:
        args, keywords = args[:1], [keyword for keyword in keywords if keyword.arg not in AXIS | KEPT]
    named = {keyword.arg: keyword.value for keyword in keywords}
    if named.keys() == {*op.args[len(args) :]}:
        args, named = [*args, *(named[name] for name in op.args[len(args) :])], {}
    if named:
        stranger = next((name for name in named if name not in op.args), "a name")
        said = f"{quoted(str(stranger))} is no argument of {op.name}({', '.join(op.args)})"
        raise fail(f"'{written(at)[:60]}' is not allowed here: {said}", at)
    return None if args == at.args and not at.keywords else call(at.func.id, args, at)  # type: ignore[attr-defined]


def extremum_of_many(at: ast.Call) -> ast.expr | None:
    """The largest or smallest of three numbers or more, or of a list, as those of two, nested; None where it is neither."""
    listed = len(at.args) == 1 and isinstance(at.args[0], ast.List | ast.Tuple)
    parts = at.args[0].elts if listed else at.args  # type: ignore[attr-defined]
    if at.keywords or len(parts) < (2 if listed else 3):
        return None
    made: ast.expr = parts[0]
    for part in parts[1:]:
        made = fill(phrase(f"{at.func.id}(x, y)"), {"x": made, "y": part}, at)  # type: ignore[attr-defined]
    return made


def _reduces(op: Op) -> bool:
    """True if an op goes over the actions of its one argument."""
    return not op.elementwise and not op.external and not op.over_batch and len(op.args) == 1


def _axis(at: ast.expr) -> int | None:
    """The number of an axis, if it is one."""
    sign, at = (-1, at.operand) if isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub) else (1, at)
    return sign * at.value if isinstance(at, ast.Constant) and isinstance(at.value, int) else None
