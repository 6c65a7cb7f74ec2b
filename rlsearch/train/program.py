"""A tape made ready to run: its instructions, its register files and the addresses of its kernels."""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from rlsearch.compile.kernels import Kernels
from rlsearch.compile.tape import FAMILY, Tape
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.train.kernel import FLOAT_2, INT_1, INT_2, kernel

FORWARD = types.void(FLOAT_2, INT_1)
BACKWARD = types.void(FLOAT_2, FLOAT_2, INT_1)
_call_forward = caller(FORWARD)
_call_backward = caller(BACKWARD)


class Program(NamedTuple):
    """A tape ready to run; `code`, `view_rows`, `view_carries`, `input_rows`, `root`: see Tape; `num_actions`: width of views.

    `registers` and `gradients` `[rows, batch]` hold each value and the gradient of the batch loss by it; rows of
    constants are filled once. `forward_kernels` and `backward_kernels`: addresses by op family.
    """

    code: Any
    view_rows: Any
    view_carries: Any
    input_rows: Any
    root: int
    num_actions: int
    registers: Any
    gradients: Any
    forward_kernels: Any
    backward_kernels: Any


PROGRAM = types.NamedTuple((INT_2, INT_1, INT_1, INT_1, types.int64, types.int64, FLOAT_2, FLOAT_2, INT_1, INT_1), Program)


def program(tape: Tape, kernels: Kernels, batch: int) -> Program:
    """Allocate the register files of a tape for batches of this size."""
    registers = np.zeros((tape.rows, batch), np.float32)
    with np.errstate(over="ignore"):  # too large for float32 is infinite; training shows what that does
        registers[tape.constant_rows] = tape.constants[:, None]
    return Program(
        np.ascontiguousarray(tape.code, np.int64),
        tape.view_rows,
        tape.view_carries,
        tape.input_rows,
        tape.root,
        tape.sizes.actions,
        registers,
        np.zeros_like(registers),
        np.array([address(kernel, FORWARD) for kernel in kernels.forward], np.int64),
        np.array([address(kernel, BACKWARD) for kernel in kernels.backward], np.int64),
    )


@kernel(types.void(PROGRAM))
def run_forward(program):  # type: ignore[no-untyped-def]
    """Run every instruction in order; the inputs' rows are loaded."""
    code, registers, kernels = program.code, program.registers, program.forward_kernels
    for i in range(code.shape[0]):
        _call_forward(kernels[code[i, FAMILY]], registers, code[i])


@kernel(types.void(PROGRAM))
def run_backward(program):  # type: ignore[no-untyped-def]
    """Write the gradient of the mean of the root's row over the batch into `gradients`."""
    code, registers, gradients, kernels = program.code, program.registers, program.gradients, program.backward_kernels
    for row in range(gradients.shape[0]):
        for b in range(gradients.shape[1]):
            gradients[row, b] = np.float32(0)
    seed = np.float32(1.0 / gradients.shape[1])
    for b in range(gradients.shape[1]):
        gradients[program.root, b] = seed
    for i in range(code.shape[0] - 1, -1, -1):
        _call_backward(kernels[code[i, FAMILY]], registers, gradients, code[i])
