"""The statements of a text: assignments in Python's syntax, which is parsed and never evaluated."""

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Sequence

from rlsearch.errors import LossError
from rlsearch.graph.characters import Plain, plainly
from rlsearch.graph.repairs import repair
from rlsearch.registry import known_inputs, regime_meant

MAX_TEXT = 50_000
LOSS = "loss"  # the name of the result


def statements(text: str) -> Iterator[tuple[str, ast.expr]]:
    """The assignments of a text, as (name, expression), in order; a bare expression at its end is the loss.

    Raises:
        LossError: not Python expression syntax, or something other than `name = expression`.
    """
    if len(text) > MAX_TEXT:
        raise LossError(f"a text of {len(text):,} characters; at most {MAX_TEXT:,} are read", 1, 1)
    plain = plainly(text)
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's own remarks, on "\\d" or 1if
            tree = ast.parse(plain.text)
    except SyntaxError as error:
        place = plain.place(max(error.lineno or 1, 1), max((error.offset or 1) - 1, 0))
        said = f"{error.msg}{repair(plain.text, max(error.lineno or 1, 1))}"
        raise LossError(f"not an expression: {said}", *place) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise LossError(f"not an expression: {error or 'nested too deeply'}", 1, 1) from None
    _place_as_typed(tree, plain)
    names = set[str]()
    for statement in tree.body:
        match statement:
            case ast.Assign([ast.Name(name)], value):
                names.add(name)
                yield name, value
            case ast.Expr(value) if statement is tree.body[-1] and LOSS not in names:
                yield LOSS, value
            case _:
                message = f"only lines of the form 'name = expression' are allowed{_as_assignment(statement)}"
                raise LossError(message, statement.lineno, statement.col_offset + 1)


def _place_as_typed(tree: ast.AST, plain: Plain) -> None:
    """Make columns count the characters that were typed, where Python's count the bytes of UTF-8 of what it was given."""
    if plain.text.isascii() and not plain.columns:
        return
    lines = [line.encode(errors="replace") for line in re.split("\r\n?|\n", plain.text)]
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt):
            column = len(lines[node.lineno - 1][: node.col_offset].decode(errors="ignore"))
            node.col_offset = plain.place(node.lineno, column)[1] - 1


def _as_assignment(statement: ast.stmt) -> str:
    """The end of a message: the statement as an assignment, where it can be one."""
    match statement:
        case ast.AugAssign(ast.Name(name), sign, value):
            made = ast.Assign([ast.Name(f"{name}_2")], ast.BinOp(ast.Name(name), sign, value), lineno=1)
            return f"; a name is given once; write {written(made)}"
        case ast.AnnAssign(ast.Name(name), _, value) if value is not None:
            return f"; write {written(ast.Assign([ast.Name(name)], value, lineno=1))}"
        case ast.AnnAssign(ast.Name(name), value, None):
            return f"; write {written(ast.Assign([ast.Name(name)], value, lineno=1))}"
        case ast.Return(value) if value is not None:
            return f"; write {written(ast.Assign([ast.Name(LOSS)], value, lineno=1))}"
    return ""


def written(at: ast.AST) -> str:
    """The source of an expression or an assignment, on one line; "..." where Python has no words for it."""
    try:
        return " ".join(ast.unparse(at).replace(" ** ", "**").split())
    except (ValueError, RecursionError):  # Python refuses to print very long integers
        return "..."


def inputs_read(lines: Sequence[tuple[str, ast.expr]]) -> Collection[str]:
    """The inputs of the regime that assignments are written for, by what they read; of every regime where that is unclear.

    A name of another regime's input is free to be taken.
    """
    assigned = {name for name, _ in lines}
    read = {node.id for _, at in lines for node in ast.walk(at) if isinstance(node, ast.Name)} - assigned
    regime = regime_meant(read)
    return known_inputs() if regime is None else regime.inputs


def names_in(at: ast.expr) -> set[str]:
    """The names that an expression reads."""
    return {node.id for node in ast.walk(at) if isinstance(node, ast.Name)}


def fail(message: str, at: ast.expr) -> LossError:
    """An error with its line and column in the text."""
    return LossError(message, at.lineno, at.col_offset + 1)
