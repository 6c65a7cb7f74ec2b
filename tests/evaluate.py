"""Value and gradient of a loss, four ways: TorchScript, the tape in NumPy, the tape in numba kernels, differences."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.lower import lower
from rlsearch.compile.reference import backward, forward
from rlsearch.compile.tape import FAMILY, ONLINE, Q_INPUTS, SAMPLE_INPUTS, Tape
from rlsearch.compile.torch_source import Q_NAMES, arguments
from rlsearch.compile.torchscript import compile_loss
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import operations

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Batch:
    """What a loss reads of B transitions with A actions."""

    q: Array  # [Q_INPUTS, A, B]
    samples: Array  # [SAMPLE_INPUTS, B]

    @property
    def num_actions(self) -> int:
        return self.q.shape[1]


class Result(NamedTuple):
    """What a loss makes of a batch."""

    value: Array  # [B]
    grad: Array  # [online s, s_next and s_n, A, B]: each sample's own gradient


def random_batch(num_actions: int, size: int = 8, seed: int = 0) -> Batch:
    """Generic transitions: no ties, rewards of both signs, some terminal, every action taken."""
    rng = np.random.default_rng([seed, num_actions])
    a = np.arange(size) % num_actions
    discount = np.where(np.arange(size) % 4 == 3, 0.0, rng.uniform(0.1, 1.0, size))
    q, r = 2 * rng.normal(size=(len(Q_INPUTS), num_actions, size)), 2 * rng.normal(size=size)
    others = rng.uniform(0.1, 1.0, (len(SAMPLE_INPUTS) - 3, size))
    known = np.arange(size) % 3 > 0
    others[2] *= known  # a return that is not known is 0
    others[3] = known
    return Batch(q, np.stack([a, r, discount, *others]))


def by_torch(graph: Graph, batch: Batch, loss: Callable[..., torch.Tensor] | None = None) -> Result:
    """In float64, through TorchScript or any function with the same arguments."""
    q = torch.tensor(np.moveaxis(batch.q, 1, 2).copy(), dtype=torch.float64, requires_grad=True)  # [4, B, A]
    tensors = dict(zip(Q_NAMES, q, strict=True))
    tensors |= {name: torch.tensor(row) for name, row in zip(SAMPLE_INPUTS, batch.samples, strict=True)}
    tensors["a"] = tensors["a"].long()
    value = (loss or compile_loss(graph))(*(tensors[name] for name in arguments(graph)))
    if value.requires_grad:
        value.sum().backward()
    grad = torch.zeros_like(q) if q.grad is None else q.grad
    others = [k for k in range(len(Q_INPUTS)) if k not in ONLINE]
    assert not grad[others].any(), "gradient leaked into the target network"
    return Result(value.detach().numpy(), grad[list(ONLINE)].permute(0, 2, 1).numpy())


def by_tape(graph: Graph, batch: Batch, dtype: type[np.floating] = np.float64) -> Result:
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


def agreed(graph: Graph, batch: Batch) -> Result:
    """The result that TorchScript, the tape and the kernels all give, within float32."""
    tape = by_tape(graph, batch)
    for other, rtol in ((by_torch(graph, batch), 1e-6), (by_kernels(graph, batch), 1e-5)):
        np.testing.assert_allclose(other.value, tape.value, rtol=rtol, atol=1e-6)
        np.testing.assert_allclose(other.grad, tape.grad, rtol=rtol, atol=1e-6)
    return tape


def at(text: str, *points: tuple[float, float]) -> tuple[list[float], list[float], list[float]]:
    """Value and derivatives of an expression of two numbers x and z at points, one sample each."""
    names = "x = q(online, s)[a]\nz = q(online, s_next)[a]\n"
    x, z = np.array(points, float).T
    zero = np.zeros_like(x)
    q = np.array([[x, zero], [z, zero], *[[zero, zero]] * (len(Q_INPUTS) - 2)])  # action 0 is taken
    value, grad = agreed(parse(f"{names}loss = {text}"), Batch(q, np.stack([zero] * len(SAMPLE_INPUTS))))
    assert not grad[:, 1].any()
    return value.tolist(), grad[0, 0].tolist(), grad[1, 0].tolist()


def over_actions(text: str, *rows: tuple[float, ...]) -> tuple[list[float], list[list[float]]]:
    """Value and gradient of an expression of a Vector v at rows of one number per action."""
    v = np.array(rows, float).T
    q = np.stack([v, *[np.zeros_like(v)] * (len(Q_INPUTS) - 1)])
    value, grad = agreed(parse(f"v = q(online, s)\nloss = {text}"), Batch(q, np.zeros((len(SAMPLE_INPUTS), len(rows)))))
    return value.tolist(), grad[0].T.tolist()


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


def steady(graph: Graph, batch: Batch) -> NDArray[np.bool_]:
    """Samples away from kinks and guards: value and gradient hardly move when the inputs do by a relative 1e-9."""
    base = by_tape(graph, batch)
    ok = np.isfinite(base.value) & np.isfinite(base.grad).all((0, 1)) & (np.abs(base.grad).max((0, 1)) < 1e12)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        moved = by_tape(graph, replace(batch, q=batch.q * (1 + 1e-9 * rng.normal(size=batch.q.shape))))
        for one, other in ((base.value, moved.value), (base.grad, moved.grad)):
            near = np.abs(one - other) <= 1e-6 * (1 + np.abs(one))
            ok &= near if near.ndim == 1 else near.all((0, 1))
    return ok


def _registers(tape: Tape, batch: Batch, dtype: type[np.floating]) -> Array:
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
