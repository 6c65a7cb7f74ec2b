"""The executor protocol: work, what it needs, and the promises of whatever runs it.

`rlsearch.executor.contract.ExecutorContract` plays every promise against an implementation.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from rlsearch.errors import RunError

RETRIES = 3  # of work whose worker died
POLL_S = 0.2  # how long whoever waits for work should wait before looking at the clock, or for a request to stop

Prepare = Callable[[], None]  # run once by each worker process; picklable


class Resource(Enum):
    """A resource that a piece of work has for itself while it runs; a slot is a core today."""

    CORE = "core"
    GPU = "GPU"  # and a core that feeds it


class Work(NamedTuple):
    """A piece of work: a function of its request alone, both picklable.

    Attributes:
        key: the value comes back under it; no two pieces that are pending have the same.
        function, request: what is run.
        priority: of all that waits, the lowest begins first; equals in the order of their submission.
        needs: what it has for itself while it runs.
        limit_s: seconds that it may run.
    """

    key: Hashable
    function: Callable[[Any], Any]
    request: Any
    priority: int = 0
    needs: Resource = Resource.CORE
    limit_s: float = math.inf


class TimedOut(NamedTuple):
    """The value of work that was ended because it ran longer than its limit."""

    limit_s: float


class Executor(Protocol):
    """A context manager that runs work, in worker processes or (`isolated` is false) in the driver's own.

    Each worker process takes the driver's op packs into use and runs `prepare`, which the executor was made with, once
    and before its first work.

    Every piece of work that was submitted comes back exactly once, under its key, unless it is given up. Work may come back
    in any order: nothing that a search writes depends on that order, on the number of slots or on deaths.

    A death costs nothing but time. Work whose worker died, or whose machine was lost, is run again, up to RETRIES times;
    work that runs beside it is not blamed.

    Work that runs longer than its limit is ended with its worker process, and comes back as TimedOut; work that waits beside
    it is done by another one. The time is that of a clock, counted generously: a driver that was stopped meanwhile does not
    count it.

    Without worker processes a piece of work is done when something is waited for, whatever it takes: a death is the
    driver's, no limit is kept, and what hangs cannot be ended.

    Nothing durable is kept: what was not collected is lost with the executor, and is simply done again by another one.
    """

    @property
    def slots(self) -> int:
        """The number of pieces of work that run at once: no more, and so many while enough of them wait."""

    @property
    def offers(self) -> frozenset[Resource]:
        """The resources that work may need."""

    @property
    def isolated(self) -> bool:
        """True if work runs in processes of its own, which can die, and be ended, without the driver."""

    def __enter__(self) -> Self:
        """Start the workers."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End everything at once, whatever runs."""

    def wait_until_ready(self) -> None:
        """Wait until a worker has run `prepare`.

        Raises:
            RunError, RunFailed: none can.
        """

    def submit(self, work: Work) -> None:
        """Queue work.

        Of all that waits, the lowest priority begins first, and equals in the order of their submission. So that no worker
        idles, up to `2 * slots` pieces are handed out ahead; what is submitted later does not overtake these.

        Raises:
            RunError: it needs what this executor does not offer; it is not queued.
        """

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """The keys and values of what is done: at least one, or none if nothing is pending or after `timeout` seconds.

        Without worker processes one piece is done first, unless the timeout is 0.

        Raises:
            RunFailed: some work killed its worker RETRIES + 1 times, which names it, or there is nothing left to run on.
            Exception: the work's own.
        """

    def cancel(self, grace_s: float = math.inf, /) -> None:
        """Give up what was not handed out; what has begun is finished and collected. Further work may be submitted.

        Args:
            grace_s: seconds after which what has begun is given up as well, and ended; of several calls, the earliest end.
        """

    def pending(self) -> int:
        """The number of pieces of work that were submitted and neither collected nor given up."""


def run_all(executor: Executor, work: Iterable[Work]) -> Iterator[tuple[Hashable, Any]]:
    """Submit everything; yield keys and values as they are done, TimedOut for what exceeded its limit."""
    for piece in work:
        executor.submit(piece)
    while executor.pending():
        yield from executor.collect()


def refuse_unoffered(work: Work, offers: frozenset[Resource], offered_by: str, remedy: str) -> None:
    """Refuse work that an executor cannot run.

    Args:
        offered_by: the executor, in words.
        remedy: what to type instead.

    Raises:
        RunError: the work needs what is not offered.
    """
    if work.needs not in offers:
        offered = " and a ".join(resource.value for resource in Resource if resource in offers)
        raise RunError(f"this work needs a {work.needs.value}; {offered_by} offers a {offered} to each piece; {remedy}")
