"""Worker processes: started by spawn, warmed once, replaced when they die."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from rlsearch.errors import RunFailed
from rlsearch.pack import make_pack
from rlsearch.registry import packs, use_only

RETRIES = 3  # of work whose worker died


def _begin(given: tuple[tuple[str, str, str], ...]) -> None:
    """A worker leaves Ctrl-C to the driver, ends with it, owns one core, and loads what it will run.

    Args:
        given: name, source and place of each op pack that the driver uses.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_driver, daemon=True).start()
    import torch

    from rlsearch.compile.kernels import load_kernels
    from rlsearch.train import fused  # noqa: F401  (its import loads the trainer's machine code)

    torch.set_num_threads(1)
    use_only(())  # what the environment names may be another file by now
    use_only([make_pack(*pack) for pack in given])
    load_kernels()


def _end_with_driver() -> None:
    """A killed driver closes no pipe that its workers would notice: each holds both ends of their queue."""
    driver = parent_process()
    assert driver is not None
    driver.join()
    os._exit(1)


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
        given = tuple((pack.name, pack.source, pack.where) for pack in packs())
        self._pool = ProcessPoolExecutor(self.count, mp_context=get_context("spawn"), initializer=_begin, initargs=(given,))
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
            self._start()
            self._hand_out_lost()
            future = self._pool.submit(function, request)
        self._tickets[number] = _Ticket(function, request, future)

    def ready(self, number: int) -> bool:
        """Whether a result can be had without waiting."""
        return self._tickets[number].future.done()

    def result(self, number: int, timeout: float | None = None) -> Any:
        """Wait for a result. A dead worker is replaced and its work retried.

        Raises:
            TimeoutError: nothing yet.
            RunFailed: the work killed its worker every time.
        """
        ticket = self._tickets[number]
        while True:
            try:
                value = ticket.future.result(timeout)
            except BrokenProcessPool:
                ticket.tries += 1
                if ticket.tries > RETRIES:
                    raise RunFailed(
                        f"a worker died {ticket.tries} times on the same trial; the journal is intact. Trial: {ticket.request}"
                    ) from None
                # A pool breaks as a whole, and the culprit may be what ran beside this: from the second time on, nothing does.
                self._start()
                self._hand_out(ticket)
                if ticket.tries == 1:
                    self._hand_out_lost()
            else:
                del self._tickets[number]
                if ticket.tries > 1:
                    self._hand_out_lost()
                return value

    def _hand_out(self, ticket: _Ticket) -> None:
        assert self._pool is not None
        ticket.future = self._pool.submit(ticket.function, ticket.request)

    def _hand_out_lost(self) -> None:
        """What was under way in a pool that broke."""
        for ticket in self._tickets.values():
            if ticket.future.done() and isinstance(ticket.future.exception(), BrokenProcessPool):
                self._hand_out(ticket)
