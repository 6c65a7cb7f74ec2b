"""Handling of Ctrl-C and TERM while a search runs: the first asks it to end soon, the second ends it at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rlsearch.runs.budget import Stop

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@contextmanager
def obeying(stop: Stop, tell: Callable[[], None]) -> Iterator[Callable[[], int]]:
    """Handle signals: the first asks `stop` and calls `tell`; for the second one the earlier handlers hold.

    Gives the exit code that belongs to the signal.
    """
    before = {number: signal.getsignal(number) for number in CODES}
    met: list[int] = []

    def obey(number: int, _: FrameType | None) -> None:
        met.append(number)
        stop.asked = True
        for each, handler in before.items():
            signal.signal(each, handler)
        tell()

    for number in CODES:
        signal.signal(number, obey)
    try:
        yield lambda: CODES[signal.Signals(met[0])]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
