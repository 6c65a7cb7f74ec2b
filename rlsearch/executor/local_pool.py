"""An executor of worker processes on this machine: two pieces of work each, replaced when they die or are ended."""

import contextlib
import math
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any, Self

from rlsearch.errors import RunFailed
from rlsearch.executor.clock import LOOK_S, RunningClock
from rlsearch.executor.local_worker import DONE, FAILED, READY, UNPREPARED, serve
from rlsearch.executor.protocol import RETRIES, Prepare, Resource, TimedOut, Work, refuse_unoffered
from rlsearch.executor.start import end_process, start_process
from rlsearch.executor.worker import pack_sources, unprepared

PIECES_PER_WORKER = 2  # one runs, the next waits there, so that the worker never does


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    sent: deque[Work] = field(default_factory=deque)  # the first one is running
    left_s: float = math.inf  # that it may still run
    given_up: int = 0  # of `sent`, the first ones, that are not done again


class LocalPool:
    """A number of worker processes; see `Executor`."""

    offers, isolated = frozenset({Resource.CORE}), True

    def __init__(self, slots: int, prepare: Prepare) -> None:
        self.slots, self._prepare = slots, prepare
        self._workers: list[_Worker] = []
        self._selector = DefaultSelector()
        self._queue: list[tuple[int, int, Work]] = []  # a heap by priority, then by submission
        self._serial = count()
        self._done: list[tuple[Hashable, Any]] = []
        self._deaths: dict[Hashable, int] = {}
        self._failed_starts = 0  # workers that died before they were ready, since the last that was
        self._clock = RunningClock()

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
        self._push(work)
        self._count_time()
        self._dispatch()

    def pending(self) -> int:
        """The number of pieces of work neither collected nor given up."""
        return len(self._queue) + len(self._done) + sum(len(worker.sent) for worker in self._workers)

    def cancel(self, grace_s: float = math.inf, /) -> None:
        """Give up what has not begun, and after a grace what has."""
        self._queue.clear()
        for worker in self._workers:
            if worker.sent:
                worker.left_s = min(worker.left_s, grace_s)
            if worker.given_up < len(worker.sent):
                worker.given_up = len(worker.sent)
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
        """Read the workers' messages, end what runs for too long, and give them more to do."""
        heard = self._selector.select(LOOK_S if timeout is None else min(timeout, LOOK_S))
        self._count_time()
        for key, _ in heard:
            worker: _Worker = key.data
            try:
                self._on_message(worker, *worker.connection.recv())
            except (EOFError, OSError):
                self._workers[self._workers.index(worker)] = self._replace(worker)
        self._end_overdue()
        self._dispatch()

    def _on_message(self, worker: _Worker, kind: str, key: Hashable, value: Any) -> None:
        if kind == READY:
            worker.ready, self._failed_starts = True, 0
            return
        if kind == UNPREPARED:
            raise unprepared(value)
        work = worker.sent.popleft()
        assert work.key == key, "a worker answers in order"
        worker.given_up = max(0, worker.given_up - 1)
        worker.left_s = worker.sent[0].limit_s if worker.sent else math.inf
        if kind == FAILED:
            raise value
        if kind == DONE:
            self._deaths.pop(key, None)
            self._done.append((key, value))

    def _count_time(self) -> None:
        """Take what has passed off the time that running work has left."""
        passed_s = self._clock.passed_s()
        for worker in self._workers:
            worker.left_s -= passed_s

    def _end_overdue(self) -> None:
        """End workers whose work has run for too long, and has not just been done."""
        for number, worker in enumerate(self._workers):
            if worker.sent and worker.left_s <= 0.0 and not worker.connection.poll():
                end_process(worker.process, wait_s=0.0)
                if not worker.given_up:
                    work = worker.sent.popleft()
                    self._deaths.pop(work.key, None)
                    self._done.append((work.key, TimedOut(work.limit_s)))
                self._workers[number] = self._restart(worker)

    def _dispatch(self) -> None:
        """Hand out work: to each worker one piece, then to each a second."""
        for load in range(PIECES_PER_WORKER):
            for worker in self._workers:
                if self._queue and worker.ready and len(worker.sent) == load:
                    with contextlib.suppress(OSError):  # it has died, which `_poll` will hear of
                        worker.connection.send(self._queue[0][2])
                    worker.sent.append(heappop(self._queue)[2])
                    if load == 0:
                        worker.left_s = worker.sent[0].limit_s

    def _push(self, work: Work) -> None:
        heappush(self._queue, (work.priority, next(self._serial), work))

    def _replace(self, dead: _Worker) -> _Worker:
        """Start a worker for one that died, whose work is queued again.

        Raises:
            RunFailed: it was not the first to die of that.
        """
        how = end_process(dead.process)
        if dead.sent and not dead.given_up:
            culprit = dead.sent[0]
            self._deaths[culprit.key] = deaths = self._deaths.get(culprit.key, 0) + 1
            if deaths > RETRIES:
                self._discard(dead)
                raise RunFailed(
                    f"a worker died {deaths} times on the same trial, the last time {how}; the journal is intact. "
                    f"Trial: {culprit.request}"
                )
        elif not dead.ready:
            self._failed_starts += 1
            if self._failed_starts > RETRIES:
                self._discard(dead)
                raise RunFailed(f"the worker processes cannot start: {self._failed_starts} ended before any work, {how}")
        return self._restart(dead)

    def _restart(self, dead: _Worker) -> _Worker:
        """Start a worker for one that has ended; its work is queued again, unless it was given up."""
        self._discard(dead)
        for work in islice(dead.sent, dead.given_up, None):
            self._push(work)
        return self._start_worker()

    def _discard(self, dead: _Worker) -> None:
        """Listen no longer to a worker that has ended."""
        self._selector.unregister(dead.connection)
        dead.connection.close()

    def _start_worker(self) -> _Worker:
        connection, process = start_process(serve, pack_sources(), self._prepare)
        worker = _Worker(process, connection)
        self._selector.register(connection, EVENT_READ, worker)
        return worker
