"""What tests of an executor do with it: start it, submit work, collect what comes, and wait with patience."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from rlsearch.executor.contract_work import Gate, prepare_nothing
from rlsearch.executor.protocol import POLL_S, Executor, Prepare, Work

Done = list[tuple[Hashable, Any]]


class Driver:
    """The base of a test class whose tests drive an executor.

    Attributes:
        patience_s: how long something that was promised is waited for.
    """

    patience_s: ClassVar[float] = 60.0

    def make_executor(self, prepare: Prepare) -> Executor:
        """An executor, not yet entered, whose slots do not change once it is ready."""
        raise NotImplementedError

    @contextmanager
    def ready_executor(self) -> Iterator[Executor]:
        """An executor that is ready, has nothing pending and is left so; override it to lend one that takes long to start."""
        with self.start(prepare_nothing) as executor:
            yield executor

    @contextmanager
    def start(self, prepare: Prepare) -> Iterator[Executor]:
        """An executor that has been entered and is ready."""
        with self.make_executor(prepare) as executor:
            executor.wait_until_ready()
            yield executor

    def collect_all(self, executor: Executor, found: Done | None = None) -> Done:
        """Collect into `found` until nothing is pending or patience ends."""
        found = [] if found is None else found
        while self.collect(executor, found):
            pass
        return found

    def collect(self, executor: Executor, found: Done) -> bool:
        """Collect once; False if nothing was pending, or nothing came in time."""
        end = time.monotonic() + self.patience_s
        while executor.pending() and time.monotonic() < end:
            if done := executor.collect(POLL_S):
                found += done
                return True
        return False

    def wait_for_arrivals(self, number: int, gate: Gate, executor: Executor) -> None:
        """Wait until so much work has come to its gate; where none begins before it is waited for, let it through instead."""
        if executor.isolated:
            self.wait_until(lambda: len(gate.arrived) >= number, executor, f"fewer than {number} pieces of work run at once")
        else:
            gate.open()

    def wait_until(self, met: Callable[[], bool], executor: Executor, otherwise: str) -> None:
        """Wait for a condition that work brings about; nothing is done yet."""
        end = time.monotonic() + self.patience_s
        while not met():
            assert time.monotonic() < end, otherwise
            found = executor.collect(POLL_S)
            assert found == [], f"{found} came back before it was done"


def submit(executor: Executor, work: Iterable[Work]) -> None:
    """Submit several pieces of work."""
    for piece in work:
        executor.submit(piece)


def error_of(action: Callable[[], object]) -> Exception | None:
    """The error that an action ends with."""
    try:
        action()
    except Exception as error:  # whatever it is
        return error
    return None
