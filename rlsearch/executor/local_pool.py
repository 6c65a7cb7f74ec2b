"""An executor of worker processes on this machine: started by spawn, two pieces of work each, replaced when they die."""

import contextlib
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any, Self

from rlsearch.errors import RunFailed
from rlsearch.executor.local_worker import DONE, FAILED, READY, serve
from rlsearch.executor.protocol import RETRIES, Prepare, Resource, Work, refuse_unoffered
from rlsearch.executor.signals import signals_blocked
from rlsearch.executor.worker import pack_sources

PIECES_PER_WORKER = 2  # one runs, the next waits there, so that the worker never does


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    sent: deque[Work] = field(default_factory=deque)  # the first one is running


class LocalPool:
    """A number of worker processes; see `Executor`."""

    offers = frozenset({Resource.CORE})

    def __init__(self, slots: int, prepare: Prepare) -> None:
        self.slots, self._prepare = slots, prepare
        self._workers: list[_Worker] = []
        self._selector = DefaultSelector()
        self._queue: list[tuple[int, int, Work]] = []  # a heap by priority, then by submission
        self._serial = count()
        self._done: list[tuple[Hashable, Any]] = []
        self._deaths: dict[Hashable, int] = {}
        self._failed_starts = 0  # workers that died before they were ready, since the last that was
        self._cancelled = False  # since the last submission

    def __enter__(self) -> Self:
        try:
            for _ in range(self.slots):
                self._workers.append(self._start_worker())
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
        """The process numbers of the workers."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def wait_until_ready(self) -> None:
        """Wait until a worker has run `prepare`."""
        while not any(worker.ready for worker in self._workers):
            self._poll(None)

    def submit(self, work: Work) -> None:
        """Queue work."""
        refuse_unoffered(work, self.offers, "a worker process of this machine", "type --executor ray, which hands GPUs out")
        self._cancelled = False
        self._push(work)
        self._dispatch()

    def pending(self) -> int:
        """The number of pieces of work neither collected nor given up."""
        return len(self._queue) + len(self._done) + sum(len(worker.sent) for worker in self._workers)

    def cancel(self) -> None:
        """Give up what has not begun."""
        self._cancelled = True
        self._queue.clear()
        for worker in self._workers:
            with contextlib.suppress(OSError):  # it has died, which `_poll` will hear of
                worker.connection.send(None)

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """The keys and values of work that is done."""
        deadline = None if timeout is None else monotonic() + timeout
        while not self._done and self.pending():
            left = None if deadline is None else max(0.0, deadline - monotonic())
            self._poll(left)
            if left == 0.0:
                break
        done, self._done = self._done, []
        return done

    def _poll(self, timeout: float | None) -> None:
        """Read the workers' messages, and give them more to do."""
        for key, _ in self._selector.select(timeout):
            worker: _Worker = key.data
            try:
                self._on_message(worker, *worker.connection.recv())
            except (EOFError, OSError):
                self._workers[self._workers.index(worker)] = self._replace(worker)
        self._dispatch()

    def _on_message(self, worker: _Worker, kind: str, key: Hashable, value: Any) -> None:
        if kind == READY:
            worker.ready, self._failed_starts = True, 0
            return
        work = worker.sent.popleft()
        assert work.key == key, "a worker answers in order"
        if kind == FAILED:
            raise value
        if kind == DONE:
            self._deaths.pop(key, None)
            self._done.append((key, value))

    def _dispatch(self) -> None:
        """Hand out work: to each worker one piece, then to each a second."""
        for load in range(PIECES_PER_WORKER):
            for worker in self._workers:
                if self._queue and worker.ready and len(worker.sent) == load:
                    with contextlib.suppress(OSError):  # it has died, which `_poll` will hear of
                        worker.connection.send(self._queue[0][2])
                    worker.sent.append(heappop(self._queue)[2])

    def _push(self, work: Work) -> None:
        heappush(self._queue, (work.priority, next(self._serial), work))

    def _replace(self, dead: _Worker) -> _Worker:
        """Start a worker for one that died, whose work is queued again.

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
            self._deaths[culprit.key] = deaths = self._deaths.get(culprit.key, 0) + 1
            if deaths > RETRIES:
                raise RunFailed(
                    f"a worker died {deaths} times on the same trial; the journal is intact. Trial: {culprit.request}"
                )
        elif not dead.ready:
            self._failed_starts += 1
            if self._failed_starts > RETRIES:
                raise RunFailed("the worker processes cannot start; in a script, search under `if __name__ == '__main__':`")
        return self._start_worker()

    def _start_worker(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, pack_sources(), self._prepare), daemon=True)
        with signals_blocked():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._selector.register(ours, EVENT_READ, worker)
        return worker
