"""Advice to who has given an op what it does not take: what was probably meant, at the end of a message."""

import ast
from collections.abc import Sequence

from rlsearch.graph.calls import call
from rlsearch.graph.phrases import fill, phrase
from rlsearch.graph.statements import written
from rlsearch.op import Type
from rlsearch.registry import operations


def advice(name: str, parts: Sequence[ast.expr], kinds: Sequence[Type]) -> str:
    """The end of a message, or "".

    Args:
        name: of the op.
        parts: its arguments.
        kinds: their types.
    """
    op = operations().get(name)
    if op is None or op.external or not parts or len(kinds) != len(parts):
        return ""
    if len(parts) == len(op.args) + 1 and kinds[-1] is Type.ACTION:
        made = op.result_type(tuple(kinds[:-1]))
        if made is not None and made.axis is not None:
            return f"; write {written(call(name, [*parts[:-1]], parts[0]))}[{written(parts[-1])}]"
    if len(parts) != len(op.args):
        return ""
    literal = all(kind is Type.CONSTANT for arg, kind in zip(op.args, kinds, strict=True) if arg in op.literals)
    if op.otherwise and not literal:
        return f"; write {written(fill(phrase(op.otherwise), dict(zip(op.args, parts, strict=True)), parts[0]))}"
    over_batch = f"{name}_batch"
    if kinds[0] in (Type.REAL, Type.CONSTANT) and op.arg_types == (Type.VECTOR,) and over_batch in operations():
        said = "training takes the mean over the batch itself; " if name == "mean" else ""
        return f"; {said}for that of the batch as a number write {written(call(over_batch, [*parts], parts[0]))}"
    return ""
