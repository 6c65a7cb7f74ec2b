"""A loss on a batch by its tapes, in two ways: in NumPy, through the ops' `numpy` and `partials`, and by the numba kernels."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.kernels import Kernels
from rlsearch.compile.lower import lower
from rlsearch.compile.numpy_tape import backward, forward
from rlsearch.compile.tape import FAMILY, Tape
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View

Array = NDArray[Any]


class Result(NamedTuple):
    """The value and the gradients of a loss on a batch.

    Attributes:
        value: `[..., B]`.
        grads: of each view of the network that learns, each sample's own gradient `[width, ..., B]`.
    """

    value: Array
    grads: dict[View, Array]

    @property
    def grad(self) -> Array:
        """The gradients of all views, `[views, width, ..., B]`, if all are equally wide."""
        return np.stack(list(self.grads.values()))


class Way(NamedTuple):
    """A back end for tapes: `forward(tape, registers)` fills them, `backward(tape, registers, gradients)` adds to gradients."""

    forward: Callable[[Tape, Array], None]
    backward: Callable[[Tape, Array, Array], None]
    dtype: Any


IN_NUMPY = Way(forward, backward, np.float64)


def by_kernels(kernels: Kernels) -> Way:
    """The numba kernels as a way to run tapes, in float32."""

    def run_forward(tape: Tape, registers: Array) -> None:
        registers[tape.constant_rows] = tape.constants[:, None]
        for instruction in tape.code:
            kernels.forward[instruction[FAMILY]](registers, instruction)

    def run_backward(tape: Tape, registers: Array, gradients: Array) -> None:
        for instruction in tape.code[::-1]:
            kernels.backward[instruction[FAMILY]](registers, gradients, instruction)

    return Way(run_forward, run_backward, np.float32)


def run_tapes(tapes: Sequence[Tape], batch: Batch, way: Way = IN_NUMPY) -> tuple[Array, Array]:
    """Registers of the last tape, and the gradient of the summed loss by each of them `[rows, ..., B]`."""
    earlier: list[Array] = []
    with np.errstate(all="ignore"):
        for tape in tapes:
            earlier.append(_load_registers(tape, batch, earlier, way.dtype))
            way.forward(tape, earlier[-1])
        registers = earlier[-1]
        gradients = np.zeros_like(registers)
        gradients[tapes[-1].root] = 1.0
        way.backward(tapes[-1], registers, gradients)
    return registers, gradients


def evaluate(graph: Graph, batch: Batch, way: Way = IN_NUMPY) -> Result:
    """Value and gradients of a loss."""
    *_, last = tapes = lower(graph, batch.sizes)
    registers, gradients = run_tapes(tapes, batch, way)
    grads: dict[View, Array] = {}
    for view, rows, carries in zip(batch.regime.views, last.view_slices, last.view_carries.tolist(), strict=True):
        if view in batch.regime.trained_views:
            grads[view] = gradients[rows] if carries else np.zeros_like(batch.views[view], way.dtype)
    return Result(registers[last.root].copy(), grads)


def _load_registers(tape: Tape, batch: Batch, earlier: Sequence[Array], dtype: Any) -> Array:
    """A register file that holds what a tape reads."""
    registers = np.zeros((tape.rows, *batch.shape), dtype)
    for view, rows in zip(batch.regime.views, tape.view_slices, strict=True):
        if rows.start >= 0:
            registers[rows] = batch.views[view]
    for name, rows in zip(batch.regime.columns, tape.input_slices, strict=True):
        if rows.start >= 0:
            registers[rows] = batch.inputs[name]
    for which, there, here, rows_read in tape.carried.tolist():
        registers[here : here + rows_read] = earlier[which][there : there + rows_read]
    return registers
