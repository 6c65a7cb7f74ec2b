"""Two independent implementations of every loss must agree before it is trained: TorchScript and tape, in float64."""

import numpy as np
import torch
from numpy.typing import NDArray

from rlsearch.compile.lower import lower
from rlsearch.compile.numpy_tape import backward, forward
from rlsearch.compile.probe import draw
from rlsearch.compile.tape import SAMPLE_INPUTS, Tape
from rlsearch.compile.torch_source import Q_NAMES, arguments
from rlsearch.compile.torchscript import compile_loss
from rlsearch.graph.graph import Graph

RTOL = 1e-6
ROUNDING = 1e-9  # of the largest intermediate: (q / c) / q is 1, and its gradient nothing but rounding
BATCH = 16
ACTIONS = 3

Array = NDArray[np.float64]


def disagreement(graph: Graph) -> str:
    """What TorchScript and the tape compute differently for a loss, in words; "" where they agree."""
    tape, points = lower(graph, ACTIONS), draw(np.random.default_rng(20210103958), ACTIONS, (2.0,), BATCH)
    q, samples = points.q[:, :, 0], points.samples[:, 0]
    ours, rounding = _by_tape(tape, q, samples)
    for what, theirs in _by_torchscript(graph, q, samples).items():
        mine = ours.get(what, np.zeros_like(theirs))
        scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
        allowed = RTOL * (np.abs(theirs) + scale) + rounding
        both = np.isfinite(mine) & np.isfinite(theirs)
        if (np.isfinite(mine) != np.isfinite(theirs)).any() or (np.abs(mine - theirs) > allowed)[both].any():
            return f"{what}: tape {mine.ravel()[:3]}, TorchScript {theirs.ravel()[:3]}"
    return ""


def _by_tape(tape: Tape, q: Array, samples: Array) -> tuple[dict[str, Array], Array]:
    """Value `[B]` and gradients `[A, B]` of a batch, and how much of them may be rounding `[B]`."""
    regs = np.zeros((tape.rows, BATCH))
    for row, values in zip(tape.q_rows.tolist(), q, strict=True):
        if row >= 0:
            regs[row : row + ACTIONS] = values
    for row, column in zip(tape.sample_rows.tolist(), samples, strict=True):
        if row >= 0:
            regs[row] = column
    grads = np.zeros_like(regs)
    grads[tape.root] = 1.0
    with np.errstate(all="ignore"):
        forward(tape, regs)
        backward(tape, regs, grads)
    out = {"value": regs[tape.root]}
    for name, row, carries in zip(Q_NAMES, tape.q_rows.tolist(), tape.q_carries.tolist(), strict=True):
        if carries:
            out[f"gradient by {name}"] = grads[row : row + ACTIONS]
    intermediate = np.fmax(np.abs(regs).max(0), np.abs(grads).max(0))
    return out, ROUNDING * np.where(np.isfinite(intermediate), intermediate, 0.0)


def _by_torchscript(graph: Graph, q: Array, samples: Array) -> dict[str, Array]:
    """The same, by autograd."""
    tensors = {name: torch.tensor(q[k].T.copy(), requires_grad=True) for k, name in enumerate(Q_NAMES)}
    tensors |= {name: torch.tensor(samples[k]) for k, name in enumerate(SAMPLE_INPUTS)}
    tensors["a"] = tensors["a"].long()
    value = compile_loss(graph)(*(tensors[name] for name in arguments(graph)))
    value.sum().backward()  # type: ignore[no-untyped-call]
    out = {"value": value.detach().numpy()}
    for name in Q_NAMES:
        gradient = tensors[name].grad
        if gradient is not None:
            out[f"gradient by {name}"] = gradient.numpy().T
    return out
