"""Worker processes: started by spawn, warmed once, replaced when they die."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from rlsearch.errors import RunFailed

RETRIES = 3


def _begin() -> None:
    """A worker leaves Ctrl-C to the driver, owns one core, and loads what it will run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import torch

    from rlsearch.compile.kernels import load_kernels
    from rlsearch.train import fused  # noqa: F401  (its import loads the trainer's machine code)

    torch.set_num_threads(1)
    load_kernels()


def _pid() -> int:
    return os.getpid()


@dataclass
class _Ticket:
    function: Callable[[Any], Any]
    request: Any
    future: Future[Any]
    tries: int = 0


@dataclass
class Workers:
    """A pool of worker processes; results are fetched by the number under which work was submitted."""

    count: int
    _pool: ProcessPoolExecutor | None = None
    _tickets: dict[int, _Ticket] = field(default_factory=dict)

    def __enter__(self) -> "Workers":
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> None:
        self._pool = ProcessPoolExecutor(self.count, mp_context=get_context("spawn"), initializer=_begin)
        for _ in range(self.count):
            self._pool.submit(_pid)

    def warm(self) -> None:
        """Wait until a worker is ready."""
        assert self._pool is not None
        self._pool.submit(_pid).result()

    def submit(self, number: int, function: Callable[[Any], Any], request: Any) -> None:
        """Queue work."""
        assert self._pool is not None
        try:
            future = self._pool.submit(function, request)
        except BrokenProcessPool:
            self._revive()
            future = self._pool.submit(function, request)
        self._tickets[number] = _Ticket(function, request, future)

    def ready(self, number: int) -> bool:
        """Whether a result can be had without waiting."""
        return self._tickets[number].future.done()

    def result(self, number: int, timeout: float | None = None) -> Any:
        """Wait for a result. A dead worker is replaced and its work retried.

        Raises:
            TimeoutError: nothing yet.
            RunFailed: the work killed its worker RETRIES times.
        """
        ticket = self._tickets[number]
        while True:
            try:
                value = ticket.future.result(timeout)
            except BrokenProcessPool:
                ticket.tries += 1
                if ticket.tries >= RETRIES:
                    raise RunFailed(
                        f"a worker died {RETRIES} times on the same trial; the journal is intact. Trial: {ticket.request}"
                    ) from None
                self._revive()
            else:
                del self._tickets[number]
                return value

    def _revive(self) -> None:
        """A pool breaks as a whole: start another and hand it everything unfinished."""
        self._start()
        assert self._pool is not None
        for ticket in self._tickets.values():
            if not ticket.future.done() or ticket.future.exception() is not None:
                ticket.future = self._pool.submit(ticket.function, ticket.request)
