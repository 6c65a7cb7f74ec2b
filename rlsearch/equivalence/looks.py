"""The probes that losses are compared on: a first look, and closer ones at two losses that agree there."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rlsearch.compile.numpy_graph import Probe, join
from rlsearch.compile.probe import draw_batch
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, regimes


@dataclass(frozen=True)
class Look:
    """A probe; part of the identity of losses.

    Attributes:
        sizes: of the axes; samples of all of them make up a batch.
        scales: of the batches. Every other batch has samples that are far smaller or larger than the rest, so its scale is
            moderate.
        samples: in a batch, for each of the sizes.
    """

    sizes: tuple[Sizes, ...]
    scales: tuple[float, ...]
    samples: int


FIRST = Look((Sizes(2, 3), Sizes(5, 8)), (0.001, 0.1, 0.01, 0.3, 30.0, 1.0, 100.0, 3.0, 1000.0, 10.0), 24)
DENSE = Look((Sizes(2, 2),), (0.001, 0.1, 0.01, 1.0, 100.0, 1.0, 1000.0, 3.0, 1.0, 0.3, 3.0, 3.0, 1.0, 1.0, 10.0, 10.0), 128)
WIDE = Look((Sizes(3, 2), Sizes(18, 17)), (0.001, 0.1, 0.01, 1.0, 300.0, 3.0, 1e5, 10.0) * 2, 16)
_BETWEEN = [size for size in range(2, 19) if size not in {sizes.actions for sizes in FIRST.sizes + WIDE.sizes}]
SIZES = Look(tuple(Sizes(size, size) for size in _BETWEEN), (0.1, 1.0, 30.0), 8)
LOOKS = (FIRST, DENSE, WIDE, SIZES)


def closer_looks(graph: Graph) -> tuple[Look, ...]:
    """The looks that a loss may need after the first; that at all sizes of an axis only if it reads one."""
    inputs = graph.regime.inputs
    reads_size = any(node.op == INPUT and inputs[str(node.leaf)].size_of is not None for node in graph.nodes)
    return (DENSE, WIDE, SIZES) if reads_size else (DENSE, WIDE)


def draw_probe(regime: Regime, look: Look) -> list[Batch]:
    """The batches of a look, one for each of its sizes."""
    stream = [20210103958, LOOKS.index(look)]
    return [
        draw_batch(regime, np.random.default_rng([*stream, *sizes]), sizes, look.scales, look.samples) for sizes in look.sizes
    ]


@derived  # a probe remembers values
@cache
def probe_of(regime: str, look: Look) -> Probe:
    """The probe of a look."""
    return join(draw_probe(regimes()[regime], look))


def further_batch(regime: Regime, sizes: Sizes, size: int, draws: int = 0) -> Batch:
    """Other batches of the first look's scales, of any size."""
    return draw_batch(regime, np.random.default_rng([20210103958, sizes.actions, draws]), sizes, FIRST.scales, size)
