"""Work and preparations that the executor contract gives to workers: functions that other processes find by name.

What they do is seen in files, so that workers and driver must share a file system.
"""

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

from rlsearch.registry import packs

GATE_S = 30.0  # that work waits at most for its gate
PREPARATIONS = "RLSEARCH_CONTRACT_PREPARATIONS"  # environment variable of a worker process: how often it was prepared


class Gate(NamedTuple):
    """A file by which the driver lets waiting work through; names of the work that came there are in another."""

    folder: Path

    @property
    def arrived(self) -> list[str]:
        """Names of the work that has begun."""
        journal = self.folder / "arrived"
        return journal.read_text().split() if journal.exists() else []

    def open(self) -> None:
        """Let everything through."""
        (self.folder / "open").touch()


def pass_gate(request: tuple[Gate, str]) -> str:
    """Wait at a gate; returns its own name."""
    gate, name = request
    with (gate.folder / "arrived").open("a") as journal:
        journal.write(f"{name}\n")
    end = time.monotonic() + GATE_S
    while not (gate.folder / "open").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return name


def double(number: int) -> int:
    """Twice the number."""
    return 2 * number


def begin_time(_: object) -> float:
    """Take a moment; returns the time at which the work began."""
    begun = time.time()
    time.sleep(0.02)
    return begun


def fail(number: int) -> None:
    """Fail with an error that names the number."""
    raise ValueError(f"no {number}")


def die_once(marker: Path) -> str:
    """Kill the worker process, but for the second time."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(journal: Path) -> None:
    """Kill the worker process, having left a mark."""
    with journal.open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds: float) -> float:
    """Sleep for so many seconds; returns them."""
    time.sleep(seconds)
    return seconds


def beat(journal: Path) -> None:
    """Leave a mark again and again, for a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with journal.open("a") as file:
            file.write("x")
        time.sleep(0.02)


def hang(journal: Path) -> None:
    """Leave a mark, and never end."""
    with journal.open("a") as file:
        file.write("x")
    while True:
        time.sleep(0.01)


def used_packs(_: object) -> list[tuple[str, str]]:
    """Names and digests of the op packs that the worker process uses."""
    return [(pack.name, pack.digest) for pack in packs()]


def prepare_nothing() -> None:
    """Prepare a worker process for work that needs no preparation."""


def prepare_and_count() -> None:
    """Count how often this process was prepared."""
    os.environ[PREPARATIONS] = str(int(os.environ.get(PREPARATIONS, "0")) + 1)


def preparations(_: object) -> int:
    """The number of times that `prepare_and_count` ran in the worker process."""
    return int(os.environ.get(PREPARATIONS, "0"))


def prepare_slowly(marker: Path) -> None:
    """Take a moment, then leave a mark."""
    time.sleep(0.5)
    marker.touch()


def fail_to_prepare() -> None:
    """Fail before any work."""
    raise ValueError("nothing can be prepared")
