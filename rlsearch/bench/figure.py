"""One measured number, with everything needed to judge it: both sides, every repetition, settings, machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Literal

from rlsearch.numba_support.matmul_way import TILES, VARIABLE, matmul_way
from rlsearch.provenance.stamp import cpu_model, versions

Better = Literal["more", "less"]


@dataclass(frozen=True)
class Side:
    """The measured times of one side of a figure; less is better.

    Attributes:
        unit: of the numbers, e.g. `us per step`.
        minimum, median: over the repetitions. The minimum is what other processes of the machine disturbed least.
        repetitions: every measurement, in order.
    """

    unit: str
    minimum: float
    median: float
    repetitions: tuple[float, ...]


@cache
def machine() -> str:
    """The processor, cores that this process may use, and versions, on one line; the way of multiplying if it is unusual."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    decide = {name: version for name, version in versions().items() if name not in ("python", "rlsearch")}
    packages = ", ".join(f"{name} {version}" for name, version in decide.items())
    products = "" if matmul_way() == TILES else f", {VARIABLE}={matmul_way()}"
    return f"{cpu_model()}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {packages}{products}"


@dataclass(frozen=True)
class Figure:
    """A measured number.

    Attributes:
        name: e.g. `ratio`.
        value: the number.
        unit: what it counts, e.g. `times`, `seconds`, `proposals per second`.
        better: whether `more` or `less` of it is better.
        meaning: how it follows from the sides, in one sentence.
        sides: what was measured, interleaved in one run.
        settings: what was run.
        machine: where.
    """

    name: str
    value: float
    unit: str
    better: Better
    meaning: str
    sides: dict[str, Side]
    settings: dict[str, Any]
    machine: str = field(default_factory=machine)

    def to_json(self) -> dict[str, Any]:
        """The figure in dictionaries, lists, text and numbers."""
        return asdict(self)


def cpu_seconds(work: Callable[[], object]) -> float:
    """The processor time of this process for some work: unlike the clock on the wall, it stops while others have the core."""
    started = time.process_time()
    work()
    return time.process_time() - started


def interleaved(sides: Mapping[str, Callable[[], float]], unit: str, repetitions: int) -> dict[str, Side]:
    """Measure every side in turn, `repetitions` times over, so that a machine that slows down slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repetitions):
        for name, measure in sides.items():
            taken[name].append(measure())
    return {name: Side(unit, min(all_), statistics.median(all_), tuple(all_)) for name, all_ in taken.items()}
