"""One measured number, with everything needed to judge it: both sides, every repetition, settings, machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("torch", "numba", "numpy", "scipy", "gymnasium")


@dataclass(frozen=True)
class Side:
    """What one side of a figure took; less is better.

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
    """Processor, cores that this process may use, and versions, on one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{_processor()}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {versions}"


def _processor() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


@dataclass(frozen=True)
class Figure:
    """A measured number.

    Attributes:
        name: e.g. `ratio`.
        value: the number.
        unit: what it counts, e.g. `times`, `seconds`, `proposals per second`.
        meaning: how it follows from the sides, in one sentence.
        sides: what was measured, interleaved in one run.
        settings: what was run.
        machine: where.
    """

    name: str
    value: float
    unit: str
    meaning: str
    sides: dict[str, Side]
    settings: dict[str, Any]
    machine: str = field(default_factory=machine)

    def to_json(self) -> dict[str, Any]:
        """The same in dictionaries, lists, text and numbers."""
        return asdict(self)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process for some work: unlike the clock on the wall, it stops while others have the core."""
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
