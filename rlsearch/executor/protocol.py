"""What a search asks of the place where its trials run, and the promises that come with it.

Work may come back in any order; nothing that a search writes depends on that order, on the number of slots or on deaths.
Nothing durable is kept here: what was not collected is lost with the executor, and is simply done again.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from rlsearch.executor.worker import GivenPacks

RETRIES = 3  # of work whose worker died
LOOK = 0.2  # seconds that whoever waits for work should wait before looking at the clock, or for a request to stop

Preparation = Callable[[GivenPacks], None]  # what a worker does before its first work


class Work(NamedTuple):
    """A function of its request alone, both picklable, and the ticket by which its value is known.

    `rank`: of all that waits, the lowest begins first; equals in the order of their submission.
    """

    ticket: Hashable
    function: Callable[[Any], Any]
    request: Any
    rank: int = 0


class Executor(Protocol):
    """Runs work somewhere else; a context manager.

    Attributes:
        slots: how many pieces of work run at once.
    """

    @property
    def slots(self) -> int:
        """How many pieces of work run at once."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End everything at once, whatever runs."""

    def warm(self) -> None:
        """Wait until a worker is ready.

        Raises:
            RunFailed: none can start.
        """

    def submit(self, work: Work) -> None:
        """Queue work, by its rank."""

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """Tickets and values of what is done: at least one, or none if nothing is under way or after `timeout` seconds.

        Raises:
            RunFailed: some work killed its worker RETRIES + 1 times, or there is nothing left to run on.
            Exception: the work's own.
        """

    def cancel(self) -> None:
        """Give up what has not begun; what has is finished and collected."""

    def under_way(self) -> int:
        """How many pieces of work were submitted and neither collected nor given up."""


def carry_out(executor: Executor, work: Iterable[Work]) -> Iterator[tuple[Hashable, Any]]:
    """Submit everything, then tickets and values as they are done."""
    for piece in work:
        executor.submit(piece)
    while executor.under_way():
        yield from executor.collect()
