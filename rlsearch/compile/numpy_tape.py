"""Running a tape in float64 NumPy, from the same facets' text as the numba kernels, without numba."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.tape import ARGS, AXIS_SIZE, CARRIES, CODE, FAMILY, FIRST, OUT, ROWS, STEP, Tape
from rlsearch.op import NUMPY_ARRAYS, Op
from rlsearch.registry import derived, op_codes, operations

Array = NDArray[np.float64]

_NAMESPACE: dict[str, Any] = {"__builtins__": {}, "len": len}
_NAMESPACE |= {name: getattr(np, name) for name in NUMPY_ARRAYS if name not in _NAMESPACE}


@cache
def value_of(op: Op) -> Callable[..., Array]:
    """The op's value as a function of its arguments; arrays over actions are `[A, ...batch]`."""
    return eval(f"lambda {', '.join(op.args)}: {op.numpy}", _NAMESPACE)  # type: ignore[no-any-return]


@cache
def partials_of(op: Op) -> tuple[Callable[..., Array] | None, ...]:
    """For each argument the vector-Jacobian product as a function of (arguments, y, g); None where no gradient flows."""
    head = f"lambda {', '.join(op.args)}, y, g: "
    texts = (p and (f"g * ({p})" if op.elementwise else p) for p in op.partials)
    return tuple(eval(head + text, _NAMESPACE) if text else None for text in texts)


class _Steps(NamedTuple):
    """The functions of an op as the tape runs it; looked up by code, which is what a tape holds."""

    value: Callable[..., Array]
    partials: tuple[Callable[..., Array] | None, ...]
    elementwise: bool
    spans: tuple[bool, ...]  # whether each argument of an op along an axis spans it


@derived
@cache
def _by_code() -> dict[tuple[int, int], _Steps]:
    return {code: _steps(operations()[name]) for name, code in op_codes().items()}


def _steps(op: Op) -> _Steps:
    return _Steps(value_of(op), partials_of(op), op.elementwise, tuple(kind.axis is not None for kind in op.arg_types))


def _arguments(instruction: list[int], op: _Steps, regs: Array) -> list[Array]:
    out: list[Array] = []
    for k, spans in enumerate(op.spans):
        first = instruction[ARGS + 3 * k + FIRST]
        wide = instruction[ARGS + 3 * k + STEP] if op.elementwise else spans
        out.append(regs[first : first + instruction[AXIS_SIZE]] if wide else regs[first])
    return out


def forward(tape: Tape, regs: Array) -> None:
    """Fill the register file `[rows, ...batch]`, whose input rows are already loaded."""
    by_code = _by_code()
    for row, value in zip(tape.constant_rows.tolist(), tape.constants.tolist(), strict=True):
        regs[row] = value
    for instruction in tape.code.tolist():
        op = by_code[instruction[FAMILY], instruction[CODE]]
        out, rows = instruction[OUT], instruction[ROWS]
        value = op.value(*_arguments(instruction, op, regs))
        if rows == 1:
            regs[out] = value
        else:
            regs[out : out + rows] = value


def backward(tape: Tape, regs: Array, grads: Array) -> None:
    """Add gradients into `grads` `[rows, ...batch]`, whose root row holds the gradient of the loss."""
    by_code = _by_code()
    for instruction in reversed(tape.code.tolist()):
        op = by_code[instruction[FAMILY], instruction[CODE]]
        wanted = [instruction[ARGS + 3 * k + CARRIES] for k in range(len(op.partials))]
        if not any(wanted):
            continue
        out, rows = instruction[OUT], instruction[ROWS]
        many = rows > 1
        y, g = (regs[out : out + rows], grads[out : out + rows]) if many else (regs[out], grads[out])
        args = _arguments(instruction, op, regs)
        for k, partial in enumerate(op.partials):
            if partial is None or not wanted[k]:
                continue
            first = instruction[ARGS + 3 * k + FIRST]
            change = partial(*args, y, g)
            if args[k].ndim == regs.ndim:
                grads[first : first + instruction[AXIS_SIZE]] += change
            elif many and op.elementwise:
                grads[first] += np.broadcast_to(change, g.shape).sum(0)
            else:
                grads[first] += change
