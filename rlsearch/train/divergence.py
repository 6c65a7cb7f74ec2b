"""The cause of a divergence: what first was not finite in a run, read off what it left behind.

Training watches network outputs only, so a loss that is not finite shows one update later, when it has spoilt the weights.
The registers still hold the batch that did it, values and gradients, and the replay what the environment gave; nothing is
looked at while training goes well.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.kernels import Kernels
from rlsearch.compile.tape import ARGS, CARRIES, CODE, FAMILY, FIRST, MAX_ARGS, OUT, ROWS, Tape
from rlsearch.registry import op_codes

Array = NDArray[np.float32]

NETWORK = "network"  # loss and gradient were finite, and what was learnt from them was not


def named_cause(found: str, inputs: Sequence[str], given: Mapping[str, Sequence[Array]]) -> str:
    """The cause of a divergence, which is the environment's where the first number that was not finite was its own.

    Args:
        found: what `first_nonfinite` says.
        inputs: names of the inputs of losses.
        given: what the environment gave in this run, by the word for it, such as observations.

    Returns:
        `the environment's` and that word, where the network or an input is to blame and something given was not finite; else
        what was found. An op that fails on finite numbers is named as it is.
    """
    if found != NETWORK and found not in inputs:
        return found
    words = [word for word, arrays in given.items() if not all(np.isfinite(array).all() for array in arrays)]
    return f"the environment's {words[0]}" if words else found


def first_nonfinite(tape: Tape, kernels: Kernels, registers: Array, gradients: Array) -> str:
    """The name of what made the last batch's loss, or its gradient by a network output, infinite or NaN.

    Args:
        tape, kernels: the loss and what ran it.
        registers, gradients: float32 `[rows, B]` of that batch, forward and backward.

    Returns:
        The first op whose value is not finite; else `derivative of` the op that first passed on a gradient which is not. An
        input's name where it was given so, `constant` for a number too large for float32. NETWORK where both are finite.
    """
    taken = [gradients[rows] for rows, carries in zip(tape.view_slices, tape.view_carries, strict=True) if carries]
    if all(np.isfinite(part).all() for part in (registers[tape.root], *taken)):
        return NETWORK
    return _by_value(tape, registers) or _by_derivative(tape, kernels, registers) or NETWORK


def _by_value(tape: Tape, registers: Array) -> str:
    """The owner of the first row that is not finite: rows are laid out in order of evaluation, arguments first."""
    lost = np.flatnonzero(~np.isfinite(registers).all(1)).tolist()
    if not lost:
        return ""
    owners = {row: name for name, row in zip(tape.regime.columns, tape.input_rows.tolist(), strict=True)}
    for instruction in tape.code.tolist():
        owners |= dict.fromkeys(range(instruction[OUT], instruction[OUT] + instruction[ROWS]), _name(instruction))
    return owners.get(lost[0], "constant")


def _by_derivative(tape: Tape, kernels: Kernels, registers: Array) -> str:
    """The same of gradients: backward is run once more, an instruction at a time, as the sum in a register does not tell."""
    batch = registers.shape[1]
    gradients = np.zeros_like(registers)
    gradients[tape.root] = np.float32(1.0 / batch)
    rows_of = {rows.start: rows for rows in tape.view_slices}
    rows_of |= {row: slice(row, row + height) for row, height in tape.code[:, [OUT, ROWS]].tolist()}
    for instruction in tape.code[::-1]:
        kernels.backward[instruction[FAMILY]](registers, gradients, instruction)
        args = instruction[ARGS:].reshape(MAX_ARGS, -1).tolist()
        if not all(np.isfinite(gradients[rows_of[arg[FIRST]]]).all() for arg in args if arg[CARRIES]):
            return f"derivative of {_name(instruction.tolist())}"
    return ""


def _name(instruction: list[int]) -> str:
    """The name of an instruction's op."""
    return next(name for name, code in op_codes().items() if code == (instruction[FAMILY], instruction[CODE]))
