"""Value and gradient of a loss in independent ways: TorchScript, the tape in NumPy, numba kernels, differences, sympy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import sympy
import torch
from numpy.typing import NDArray

from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.lower import lower
from rlsearch.compile.numpy_tape import backward, forward
from rlsearch.compile.symbolic import symbol, to_sympy_by_action
from rlsearch.compile.tape import FAMILY, ONLINE, Q_INPUTS, SAMPLE_INPUTS, Tape
from rlsearch.compile.torch_source import Q_NAMES, arguments
from rlsearch.compile.torchscript import compile_loss
from rlsearch.graph.graph import Graph
from rlsearch.registry import operations

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """What a loss reads of B transitions with A actions."""

    q: Array  # [Q_INPUTS, A, B]
    samples: Array  # [SAMPLE_INPUTS, B]

    @property
    def num_actions(self) -> int:
        """A."""
        return int(self.q.shape[1])


class Result(NamedTuple):
    """What a loss makes of a batch."""

    value: Array  # [B]
    grad: Array  # [ONLINE, A, B]: each sample's own gradient


def by_torch(graph: Graph, batch: Batch, loss: Callable[..., torch.Tensor] | None = None) -> Result:
    """In float64, through TorchScript or any function with the same arguments."""
    q = torch.tensor(np.moveaxis(batch.q, 1, 2).copy(), dtype=torch.float64, requires_grad=True)  # [Q_INPUTS, B, A]
    tensors = dict(zip(Q_NAMES, q, strict=True))
    tensors |= {name: torch.tensor(row) for name, row in zip(SAMPLE_INPUTS, batch.samples, strict=True)}
    tensors["a"] = tensors["a"].long()
    value = (loss or compile_loss(graph))(*(tensors[name] for name in arguments(graph)))
    if value.requires_grad:
        value.sum().backward()  # type: ignore[no-untyped-call]
    grad = torch.zeros_like(q) if q.grad is None else q.grad
    others = [k for k in range(len(Q_INPUTS)) if k not in ONLINE]
    assert not grad[others].any(), "gradient leaked into the target network"
    return Result(value.detach().numpy(), grad[list(ONLINE)].permute(0, 2, 1).numpy())


def by_tape(graph: Graph, batch: Batch, dtype: Any = np.float64) -> Result:
    """In NumPy, through the ops' `numpy` and `partials`."""
    tape = lower(graph, batch.num_actions)
    regs = _registers(tape, batch, dtype)
    grads = np.zeros_like(regs)
    grads[tape.root] = 1.0
    with np.errstate(all="ignore"):
        forward(tape, regs)
        backward(tape, regs, grads)
    return _result(tape, batch, regs, grads)


def by_kernels(graph: Graph, batch: Batch) -> Result:
    """In float32, through the numba kernels."""
    kernels, tape = load_kernels(), lower(graph, batch.num_actions)
    regs = _registers(tape, batch, np.float32)
    regs[tape.constant_rows] = tape.constants[:, None]
    grads = np.zeros_like(regs)
    grads[tape.root] = 1.0
    for instruction in tape.code:
        kernels.forward[instruction[FAMILY]](regs, instruction)
    for instruction in tape.code[::-1]:
        kernels.backward[instruction[FAMILY]](regs, grads, instruction)
    return _result(tape, batch, regs, grads)


def by_differences(graph: Graph, batch: Batch, step: float = 1e-6) -> tuple[Array, NDArray[np.bool_]]:
    """Central differences of the summed value, and where they can be trusted: both sides agree, so no kink is near.

    All samples are moved at once unless the loss reads the whole batch.
    """
    size = batch.samples.shape[1]
    whole = any(operations()[node.op].over_batch for node in graph.nodes if node.args)
    moved = np.eye(size, dtype=bool) if whole else np.ones((1, size), bool)
    shape = (len(ONLINE), *batch.q.shape[1:])
    grad, smooth = np.zeros(shape), np.zeros(shape, bool)
    middle = by_tape(graph, batch).value
    for place, k in enumerate(ONLINE):
        for action in range(batch.num_actions):
            for samples in moved:
                up, down = batch.q.copy(), batch.q.copy()
                up[k, action, samples] += step
                down[k, action, samples] -= step
                above, below = by_tape(graph, replace(batch, q=up)).value, by_tape(graph, replace(batch, q=down)).value
                right, left = (above - middle) / step, (middle - below) / step
                if whole:
                    right, left = right.sum(), left.sum()
                else:
                    right, left = right[samples], left[samples]
                grad[place, action, samples] = (right + left) / 2
                smooth[place, action, samples] = np.abs(right - left) <= 1e-4 * (1 + np.abs(right))
    return grad, smooth


def by_sympy(graph: Graph, batch: Batch) -> Array:
    """Value `[B]` of each sample from the sympy expression of its action."""
    names = [symbol(f"q_{network}_{state}[{i}]") for network, state in Q_INPUTS for i in range(batch.num_actions)]
    names += [symbol(name) for name in SAMPLE_INPUTS]
    rows = np.concatenate([batch.q.reshape(-1, batch.q.shape[2]), batch.samples])
    functions = [
        sympy.lambdify(names, to_sympy_by_action(graph, batch.num_actions, action), "math", cse=True)
        for action in range(batch.num_actions)
    ]
    taken = batch.samples[SAMPLE_INPUTS.index("a")].astype(int)
    return np.array([functions[action](*row) for action, row in zip(taken, rows.T, strict=True)], float)


def _registers(tape: Tape, batch: Batch, dtype: Any) -> Array:
    regs = np.zeros((tape.rows, batch.samples.shape[1]), dtype)
    for k, row in enumerate(tape.q_rows):
        if row >= 0:
            regs[row : row + batch.num_actions] = batch.q[k]
    for k, row in enumerate(tape.sample_rows):
        if row >= 0:
            regs[row] = batch.samples[k]
    return regs


def _result(tape: Tape, batch: Batch, regs: Array, grads: Array) -> Result:
    out = np.zeros((len(ONLINE), *batch.q.shape[1:]), regs.dtype)
    for place, k in enumerate(ONLINE):
        if tape.q_carries[k]:
            out[place] = grads[tape.q_rows[k] : tape.q_rows[k] + batch.num_actions]
    return Result(regs[tape.root].copy(), out)
