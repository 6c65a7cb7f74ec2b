"""A tape made ready to run: its instructions, its register files and the addresses of its kernels."""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.compile.kernels import Kernels
from rlsearch.compile.tape import FAMILY, Tape
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.train.kernel import FLOAT_2, INT_1, INT_2, kernel

FORWARD = types.void(FLOAT_2, INT_1)
BACKWARD = types.void(FLOAT_2, FLOAT_2, INT_1)
_call_forward = caller(FORWARD)
_call_backward = caller(BACKWARD)


class Program(NamedTuple):
    """`code`, `q_rows`, `q_carries`, `sample_rows`, `root`, `num_actions`: see Tape.

    `registers` and `gradients` `[rows, batch]` hold each value and the gradient of the batch loss by it; rows of
    constants are filled once. `forward_kernels` and `backward_kernels`: addresses by op family.
    """

    code: Any
    q_rows: Any
    q_carries: Any
    sample_rows: Any
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
        tape.q_rows,
        tape.q_carries,
        tape.sample_rows,
        tape.root,
        tape.num_actions,
        registers,
        np.zeros_like(registers),
        np.array([address(kernel, FORWARD) for kernel in kernels.forward], np.int64),
        np.array([address(kernel, BACKWARD) for kernel in kernels.backward], np.int64),
    )


@kernel(types.void(PROGRAM))
def run_forward(program):  # type: ignore[no-untyped-def]
    """Every instruction in order; the inputs' rows are loaded."""
    code, registers, kernels = program.code, program.registers, program.forward_kernels
    for i in range(code.shape[0]):
        _call_forward(kernels[code[i, FAMILY]], registers, code[i])


@kernel(types.void(PROGRAM))
def run_backward(program):  # type: ignore[no-untyped-def]
    """The gradient of the mean of the root's row over the batch, into `gradients`."""
    code, registers, gradients, kernels = program.code, program.registers, program.gradients, program.backward_kernels
    for row in range(gradients.shape[0]):
        for b in range(gradients.shape[1]):
            gradients[row, b] = np.float32(0)
    seed = np.float32(1.0 / gradients.shape[1])
    for b in range(gradients.shape[1]):
        gradients[program.root, b] = seed
    for i in range(code.shape[0] - 1, -1, -1):
        _call_backward(kernels[code[i, FAMILY]], registers, gradients, code[i])


def tape_gradient(
    tape: Tape, kernels: Kernels, q: list[NDArray[np.float32] | None], samples: NDArray[np.float32]
) -> tuple[NDArray[np.float32], list[NDArray[np.float32] | None]]:
    """Loss per sample `[B]` and the gradient of its mean by each network output, for given inputs.

    Args:
        tape, kernels: the compiled loss and what runs it.
        q: one `[A, B]` per entry of Q_INPUTS; None where the tape does not read it.
        samples: `[SAMPLE_INPUTS, B]`.

    Returns:
        The loss `[B]`, and per entry of Q_INPUTS `[A, B]` where gradient flows, else None.
    """
    ready = program(tape, kernels, samples.shape[1])
    outputs = [slice(row, row + tape.num_actions) for row in tape.q_rows]
    for rows, first, values in zip(outputs, tape.q_rows, q, strict=True):
        if first >= 0:
            ready.registers[rows] = values
    for row, values in zip(tape.sample_rows, samples, strict=True):
        if row >= 0:
            ready.registers[row] = values
    run_forward(ready)
    run_backward(ready)
    flows = (tape.q_rows >= 0) & (tape.q_carries == 1)
    gradients = [ready.gradients[rows].copy() if flow else None for rows, flow in zip(outputs, flows, strict=True)]
    return ready.registers[tape.root].copy(), gradients
