"""The cost of a loss before it is trained: its name, its gradient fingerprint, its TorchScript and the check against it."""

from collections.abc import Callable

import numpy as np

from rlsearch.bench.figure import Figure, cpu_seconds, interleaved
from rlsearch.equivalence.fingerprint import fingerprint
from rlsearch.graph.graph import Builder, Graph
from rlsearch.regimes.heads import View
from rlsearch.registry import operations, regimes
from rlsearch.simplify.canonical import canonical, structural_key

OPS = ("add", "sub", "mul", "minimum", "maximum", "half_square", "abs", "log", "exp", "div")
CONSTANTS = (0.1, 0.5, 1.0, 2.0)
EVOLVED, LARGE = 10, 20  # ops: a little above the mean of losses that searches find, and the most of Co-Reyes et al. 2021


def random_losses(count: int, ops: int, seed: int = 0) -> list[Graph]:
    """Losses of exactly so many ops, from Q(s, a), max Q(s'), r, discount and constants; every op is needed."""
    rng, found = np.random.default_rng(seed), list[Graph]()
    while len(found) < count:
        builder = Builder()
        own, other = (builder.apply(view.head, builder.input(view.network), builder.input(view.state)) for view in _views())
        pool = [builder.apply("select", own, builder.input("a")), builder.apply("max", other)]
        pool += [builder.input("r"), builder.input("discount"), *map(builder.constant, CONSTANTS)]
        last = pool[int(rng.integers(2))]
        for _ in range(ops):
            name = OPS[int(rng.integers(len(OPS)))]
            others = [pool[int(rng.integers(len(pool)))] for _ in operations()[name].args[1:]]
            last = builder.apply(name, *(rng.permutation([last, *others]).tolist() if others else [last]))
            pool.append(last)
            graph = builder.graph(last)
            if graph.size >= ops:
                break
        if graph.size == ops and graph.carries[graph.root]:
            found.append(graph)
    return found


def _views() -> tuple[View, View]:
    """Two views: the network that learns in its state, and another network in the other state."""
    regime = next(iter(regimes().values()))
    own = regime.trained_views[0]
    return own, next(view for view in regime.views if view.network != own.network and view.state != own.state)


def _milliseconds(work: Callable[[Graph], object], losses: list[Graph]) -> float:
    def every() -> None:
        for loss in losses:
            work(loss)

    return 1e3 * cpu_seconds(every) / len(losses)


def _figure(name: str, what: str, work: Callable[[Graph], object], ops: int, count: int, repetitions: int) -> Figure:
    samples = {size: random_losses(count, size) for size in (EVOLVED, LARGE)}
    for losses in samples.values():
        work(losses[0])  # what is loaded once is no part of it
    sides = {f"{size} ops": lambda losses=losses: _milliseconds(work, losses) for size, losses in samples.items()}
    measured = interleaved(sides, "ms per loss", repetitions)
    return Figure(
        name=name,
        value=measured[f"{ops} ops"].minimum,
        unit="milliseconds",
        better="less",
        meaning=f"{what}, of losses of {ops} ops; minimum",
        sides=measured,
        settings={"losses": count, "ops": list(OPS)},
    )


def canonical_key(count: int = 300, repetitions: int = 5) -> Figure:
    """The time for the canonical form and structural key of one graph."""
    return _figure(
        "canonical_key", "canonical form and key", lambda loss: structural_key(canonical(loss)), LARGE, count, repetitions
    )


def fingerprinting(count: int = 300, repetitions: int = 5) -> Figure:
    """The time for the gradient fingerprint of one graph."""
    return _figure(
        "fingerprinting", "gradient fingerprint", lambda loss: fingerprint(loss, "direction"), EVOLVED, count, repetitions
    )


def class_check(count: int = 100, repetitions: int = 3) -> Figure:
    """The time for TorchScript of one loss, and for comparing its value and gradient with the tape's."""
    from rlsearch.train.crosscheck import disagreement  # torch takes 2 s, and other figures do without

    return _figure("class_check", "TorchScript compiled and compared with the tape", disagreement, EVOLVED, count, repetitions)
