"""TorchScript from source, behind one function, so that a newer back end can replace it in one place."""

from collections.abc import Callable
from pathlib import Path

import torch

from rlsearch.compile.torch_source import torch_source
from rlsearch.graph.graph import Graph


def compile_loss(graph: Graph) -> Callable[..., torch.Tensor]:
    """The scripted loss; its arguments are `torch_source.arguments(graph)`.

    `torch.jit.script` on a function warns that it is deprecated; compiling source text does not, and takes 0.5 ms.
    """
    unit = torch.jit.CompilationUnit(torch_source(graph))
    return unit.loss  # type: ignore[no-any-return]


def save_loss(graph: Graph, path: Path) -> None:
    """Write a file that `torch.jit.load` reads in a process without rlsearch."""
    compile_loss(graph).save(str(path))  # type: ignore[attr-defined]
