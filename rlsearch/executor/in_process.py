"""An executor without processes: work is done in the driver's own, piece by piece, whenever it is waited for."""

import math
from collections.abc import Hashable
from heapq import heappop, heappush
from itertools import count
from typing import Any, Self

from rlsearch.executor.protocol import Prepare, Resource, Work, refuse_unoffered
from rlsearch.executor.worker import unprepared


class InProcess:
    """This process, for notebooks, debuggers and other people's pools; see `Executor`.

    What hangs here hangs for good, and a limit of time is not kept: whoever stands at a breakpoint takes their time.
    """

    slots, offers, isolated = 1, frozenset({Resource.CORE}), False

    def __init__(self, prepare: Prepare) -> None:
        self._prepare: Prepare | None = prepare
        self._queue: list[tuple[int, int, Work]] = []  # a heap by priority, then by submission
        self._serial = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.clear()

    def wait_until_ready(self) -> None:
        """Run `prepare`, once."""
        if self._prepare is not None:
            try:
                self._prepare()
            except Exception as error:  # whatever it does
                raise unprepared(error) from error
            self._prepare = None

    def submit(self, work: Work) -> None:
        """Queue work."""
        refuse_unoffered(work, self.offers, "this process", "type --executor ray, which hands GPUs out")
        heappush(self._queue, (work.priority, next(self._serial), work))

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """Do one piece of work, unless the timeout is 0; its key and value."""
        if not self._queue or timeout == 0.0:
            return []
        self.wait_until_ready()
        work = heappop(self._queue)[2]
        return [(work.key, work.function(work.request))]

    def cancel(self, _: float = math.inf, /) -> None:
        """Give up what was submitted: nothing has begun."""
        self._queue.clear()

    def pending(self) -> int:
        """The number of pieces of work neither done nor given up."""
        return len(self._queue)
