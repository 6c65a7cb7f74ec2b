"""Handling of Ctrl-C and TERM: they end a command at any moment; a search is first asked to end soon."""

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rlsearch.runs.budget import Stop

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
PATIENCE_S = 2.0  # that the main thread may take to hear a signal
HEARD = b"\0"  # what it says then; no signal has this number


class Terminated(BaseException):
    """SIGTERM as an exception, on its way through the `finally` clauses."""


def handle_signals() -> None:
    """Have Ctrl-C and TERM end this command, also one in the middle of compiled code.

    Python runs handlers in its main thread, between two of its own instructions: compiled code that never ends would never
    be left. So another thread is told of a signal as well, by the interpreter, and ends the process if the first one is deaf.
    """
    told, tells = socket.socketpair()
    tells.setblocking(False)
    signal.set_wakeup_fd(tells.detach())  # kept open as long as the process lives
    threading.Thread(target=_end_if_unheard, args=(told,), daemon=True).start()
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGINT, _interrupt)  # also where shells have scripts' background jobs ignore it


def _end_if_unheard(told: socket.socket) -> None:
    while True:
        told.settimeout(None)
        number = told.recv(1)[0]
        if number not in {*CODES}:
            continue
        told.settimeout(PATIENCE_S)
        try:
            while told.recv(1) != HEARD:
                pass
        except TimeoutError:
            with contextlib.suppress(OSError):
                print("\nrlsearch: ended in the middle of compiled code", file=sys.stderr, flush=True)
            os._exit(CODES[signal.Signals(number)])


def _hear() -> None:
    """Say that the main thread has heard a signal, if somebody wants to know."""
    listener = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(listener)
    if listener != -1:
        with contextlib.suppress(OSError):
            os.write(listener, HEARD)


def _interrupt(_: int, __: FrameType | None) -> None:
    _hear()
    raise KeyboardInterrupt


def _terminate(_: int, __: FrameType | None) -> None:
    _hear()
    raise Terminated


@contextmanager
def obeying(stop: Stop, tell: Callable[[], None]) -> Iterator[Callable[[], int]]:
    """Handle signals: the first asks `stop` and calls `tell`; for the second one the earlier handlers hold.

    As long as nobody heeds `stop`, they hold for the first one. Gives the exit code that belongs to the signal.
    """
    before = {number: signal.getsignal(number) for number in CODES}
    met: list[int] = []

    def obey(number: int, _: FrameType | None) -> None:
        _hear()
        met.append(number)
        for each, handler in before.items():
            signal.signal(each, handler)
        if not stop.heeded:
            signal.raise_signal(number)
            return
        stop.asked = True
        tell()

    for number in CODES:
        signal.signal(number, obey)
    try:
        yield lambda: CODES[signal.Signals(met[0])]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
