"""TorchScript from source, behind one function, so that a newer back end can replace it in one place."""

from collections.abc import Callable
from pathlib import Path

import torch

from rlsearch.compile.evaluate import Result
from rlsearch.compile.torch_source import arguments, torch_source
from rlsearch.graph.graph import Graph
from rlsearch.op import Type
from rlsearch.regimes.batch import Batch


def compile_loss(graph: Graph) -> Callable[..., torch.Tensor]:
    """The scripted loss; its arguments are `torch_source.arguments(graph)`.

    `torch.jit.script` on a function warns that it is deprecated; compiling source text does not, and takes 0.5 ms.
    """
    unit = torch.jit.CompilationUnit(torch_source(graph))
    return unit.loss  # type: ignore[no-any-return]


def save_loss(graph: Graph, path: Path) -> None:
    """Write a file that `torch.jit.load` reads in a process without rlsearch."""
    compile_loss(graph).save(str(path))  # type: ignore[attr-defined]


def evaluate_torchscript(graph: Graph, batch: Batch, loss: Callable[..., torch.Tensor] | None = None) -> Result:
    """Value and gradients of a loss on a batch (`[width, B]` and `[B]`) in float64, by autograd.

    Args:
        graph: the loss.
        batch: what it reads.
        loss: another function with the same arguments, instead of the scripted one.
    """
    regime, tensors = batch.regime, dict[str, torch.Tensor]()
    for view, values in batch.views.items():
        wide = regime.type_of(view).axis is not None
        tensors[view.name] = torch.tensor((values.T if wide else values[0]).copy(), dtype=torch.float64, requires_grad=True)
    for name, values in batch.inputs.items():
        tensors[name] = torch.tensor(values.T.copy())
        if regime.inputs[name].type is Type.ACTION:
            tensors[name] = tensors[name].long()
    for name, given in regime.inputs.items():
        if given.size_of is not None:
            tensors[name] = torch.full(batch.shape, float(batch.sizes.along(given.size_of)), dtype=torch.float64)
    value = (loss or compile_loss(graph))(*(tensors[name] for name in arguments(graph)))
    if value.requires_grad:
        value.sum().backward()  # type: ignore[no-untyped-call]
    grads = {}
    for view, values in batch.views.items():
        gradient = tensors[view.name].grad
        if view not in regime.trained_views:
            assert gradient is None or not gradient.any(), f"gradient leaked into {view.name}"
            continue
        zero = gradient is None
        grads[view] = 0.0 * values if zero else gradient.numpy().T.reshape(values.shape)  # type: ignore[union-attr]
    return Result(value.detach().numpy(), grads)
