"""Worker processes of this machine: started by spawn, warmed once, two pieces of work each, replaced when they die."""

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any, Self

from rlsearch.errors import RunFailed
from rlsearch.executor.protocol import RETRIES, Preparation, Work
from rlsearch.executor.worker import GivenPacks, begin, given_packs

AHEAD = 2  # pieces that a worker holds: one runs, the next waits there, so that the worker never does
READY, DONE, FAILED, GIVEN_UP = "ready", "done", "failed", "given up"


def _serve(connection: Connection, prepare: Preparation, given: GivenPacks) -> None:
    """A worker's life: do what is sent, in order; None means to give up what has not begun."""
    threading.Thread(target=_end_with_driver, daemon=True).start()
    prepare(given)
    todo: deque[Work] = deque()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the driver has ended
        connection.send((READY, None, None))
        while True:
            while not todo or connection.poll():
                message = connection.recv()
                if message is not None:
                    todo.append(message)
                    continue
                for work in todo:
                    connection.send((GIVEN_UP, work.ticket, None))
                todo.clear()
            work = todo.popleft()
            try:
                answer = (DONE, work.ticket, work.function(work.request))
            except Exception as error:  # the caller's to understand
                answer = (FAILED, work.ticket, error)
            connection.send(answer)


def _end_with_driver() -> None:
    """In mid-trial a worker would not notice that its driver was killed."""
    driver = parent_process()
    assert driver is not None
    driver.join()
    os._exit(1)


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    sent: deque[Work] = field(default_factory=deque)  # the first one is running


class Pool:
    """A number of worker processes; see `Executor`."""

    def __init__(self, slots: int, prepare: Preparation = begin) -> None:
        self.slots, self._prepare = slots, prepare
        self._workers: list[_Worker] = []
        self._selector = DefaultSelector()
        self._queue: list[tuple[int, int, Work]] = []  # a heap by rank, then by submission
        self._serial = count()
        self._done: list[tuple[Hashable, Any]] = []
        self._deaths: dict[Hashable, int] = {}
        self._stillborn = 0  # workers that died before they were ready, since the last that was
        self._cancelled = False  # since the last submission

    def __enter__(self) -> Self:
        try:
            for _ in range(self.slots):
                self._workers.append(self._started())
        except BaseException:  # a signal, or no room for so many
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for worker in self._workers:
            worker.process.kill()
            worker.connection.close()
        for worker in self._workers:
            worker.process.join()
        self._workers = []

    def pids(self) -> list[int]:
        """Process numbers of the workers."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def warm(self) -> None:
        """Wait until a worker is ready."""
        while not any(worker.ready for worker in self._workers):
            self._listen(None)

    def submit(self, work: Work) -> None:
        """Queue work."""
        self._cancelled = False
        self._push(work)
        self._feed()

    def under_way(self) -> int:
        """Pieces of work neither collected nor given up."""
        return len(self._queue) + len(self._done) + sum(len(worker.sent) for worker in self._workers)

    def cancel(self) -> None:
        """Give up what has not begun."""
        self._cancelled = True
        self._queue.clear()
        for worker in self._workers:
            with contextlib.suppress(OSError):  # it has died, which `_listen` will hear of
                worker.connection.send(None)

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """What is done."""
        deadline = None if timeout is None else monotonic() + timeout
        while not self._done and self.under_way():
            left = None if deadline is None else max(0.0, deadline - monotonic())
            self._listen(left)
            if left == 0.0:
                break
        done, self._done = self._done, []
        return done

    def _listen(self, timeout: float | None) -> None:
        """Take in what the workers say, and give them more to do."""
        for key, _ in self._selector.select(timeout):
            worker: _Worker = key.data
            try:
                self._hear(worker, *worker.connection.recv())
            except (EOFError, OSError):
                self._workers[self._workers.index(worker)] = self._replaced(worker)
        self._feed()

    def _hear(self, worker: _Worker, what: str, ticket: Hashable, value: Any) -> None:
        if what == READY:
            worker.ready, self._stillborn = True, 0
            return
        work = worker.sent.popleft()
        assert work.ticket == ticket, "a worker answers in order"
        if what == FAILED:
            raise value
        if what == DONE:
            self._deaths.pop(ticket, None)
            self._done.append((ticket, value))

    def _feed(self) -> None:
        """Hand out work: to each worker one piece, then to each a second."""
        for load in range(AHEAD):
            for worker in self._workers:
                if self._queue and worker.ready and len(worker.sent) == load:
                    with contextlib.suppress(OSError):  # it has died, which `_listen` will hear of
                        worker.connection.send(self._queue[0][2])
                    worker.sent.append(heappop(self._queue)[2])

    def _push(self, work: Work) -> None:
        heappush(self._queue, (work.rank, next(self._serial), work))

    def _replaced(self, dead: _Worker) -> _Worker:
        """A new worker for one that died, whose work is queued again.

        Raises:
            RunFailed: it was not the first to die of that.
        """
        dead.process.kill()
        dead.process.join()
        self._selector.unregister(dead.connection)
        dead.connection.close()
        if not self._cancelled:
            for work in dead.sent:
                self._push(work)
        if dead.sent:
            culprit = dead.sent[0]
            self._deaths[culprit.ticket] = deaths = self._deaths.get(culprit.ticket, 0) + 1
            if deaths > RETRIES:
                raise RunFailed(
                    f"a worker died {deaths} times on the same trial; the journal is intact. Trial: {culprit.request}"
                )
        elif not dead.ready:
            self._stillborn += 1
            if self._stillborn > RETRIES:
                raise RunFailed("the worker processes cannot start; in a script, search under `if __name__ == '__main__':`")
        return self._started()

    def _started(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._prepare, given_packs()), daemon=True)
        with deaf():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._selector.register(ours, EVENT_READ, worker)
        return worker


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C and TERM, which are sent to whole groups: they are the driver's to obey."""
    resource_tracker.ensure_running()  # its own start would unblock them again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
