"""Two independent implementations of every loss must agree before it is trained: TorchScript and tape, in float64."""

import numpy as np
import torch

from rlsearch.compile.lower import lower
from rlsearch.compile.reference import backward, forward
from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS
from rlsearch.compile.torch_source import Q_NAMES, arguments
from rlsearch.compile.torchscript import compile_loss
from rlsearch.graph.graph import Graph

RTOL = 1e-6
BATCH = 16
ACTIONS = 3


def disagreement(graph: Graph) -> str:
    """What TorchScript and the tape compute differently for a loss, in words; "" where they agree."""
    tape, rng = lower(graph, ACTIONS), np.random.default_rng(20210103958)
    q = rng.normal(size=(len(Q_INPUTS), ACTIONS, BATCH)) * 2.0
    samples = np.stack([rng.integers(0, ACTIONS, BATCH).astype(float), rng.normal(size=BATCH), rng.uniform(0, 1, BATCH)])
    regs = np.zeros((tape.rows, BATCH))
    for rows, values in zip(tape.q_rows.tolist(), q, strict=True):
        if rows >= 0:
            regs[rows : rows + ACTIONS] = values
    for row, column in zip(tape.sample_rows.tolist(), samples, strict=True):
        if row >= 0:
            regs[row] = column
    grads = np.zeros_like(regs)
    with np.errstate(all="ignore"):
        forward(tape, regs)
        grads[tape.root] = 1.0
        backward(tape, regs, grads)

    tensors = {name: torch.tensor(q[k].T.copy(), requires_grad=True) for k, name in enumerate(Q_NAMES)}
    tensors |= {name: torch.tensor(samples[k]) for k, name in enumerate(SAMPLE_INPUTS)}
    tensors["a"] = tensors["a"].long()
    value = compile_loss(graph)(*(tensors[name] for name in arguments(graph)))
    value.sum().backward()  # type: ignore[no-untyped-call]
    pairs = [("value", regs[tape.root], value.detach().numpy())]
    for k, name in enumerate(Q_NAMES):
        gradient = tensors[name].grad
        if tape.q_carries[k]:
            mine = grads[tape.q_rows[k] : tape.q_rows[k] + ACTIONS]
            pairs.append((f"gradient by {name}", mine, np.zeros_like(mine) if gradient is None else gradient.numpy().T))
        elif gradient is not None and gradient.abs().max() > 0:
            return f"gradient by {name}: TorchScript has one, the tape has none"
    for what, ours, theirs in pairs:
        scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=1e-300)
        if not np.allclose(ours, theirs, rtol=RTOL, atol=RTOL * scale, equal_nan=True):
            return f"{what}: tape {ours.ravel()[:3]}, TorchScript {theirs.ravel()[:3]}"
    return ""
