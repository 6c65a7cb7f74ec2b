"""A call in a child process, for what may do anything: a user's own environments and ops.

An endless loop, a crash of compiled code or `os._exit` ends the child, and is one line to whoever asked. As the caller only
waits, it hears signals at any moment.
"""

import math
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from rlsearch.errors import RlsearchError, RunFailed
from rlsearch.executor.clock import LOOK_S, RunningClock
from rlsearch.executor.local_worker import end_with_driver
from rlsearch.executor.start import end_process, refuse_in_worker, start_process
from rlsearch.executor.worker import PackSources, init_worker, pack_sources, portable
from rlsearch.registry.pack import one_line

Tell = Callable[[str, float], None]  # what begins now, in words, and the seconds that it may take
Request = TypeVar("Request")
Value = TypeVar("Value")

TELLS, RETURNS, RAISES = range(3)


def call_in_child(
    function: Callable[[Request, Tell], Value], request: Request, *, memory_share: float = 1.0, daemon: bool = True
) -> Value:
    """The value of `function(request, tell)`, called in a process of its own, which has ended when this returns or raises.

    Args:
        function: a function of a module; it says by `tell` what it does next. Until it does, its time is not limited.
        request, and the value: picklable.
        memory_share: of this machine's memory, that the child may take.
        daemon: the child cannot start processes.

    Raises:
        RlsearchError: the function's own.
        RunFailed: it raised something else, took longer than it said, or its process ended; one line with what it was at.
    """
    refuse_in_worker()
    what, limit_s, clock = "starting a process", math.inf, RunningClock()
    left_s = limit_s
    connection, process = start_process(_serve, pack_sources(), memory_share, function, request, daemon=daemon)
    try:
        while True:
            if not connection.poll(LOOK_S):
                left_s -= clock.passed_s()
                if left_s <= 0.0:
                    raise RunFailed(f"{what} did not end within {limit_s:g} s")
                continue
            kind, value = connection.recv()
            if kind == RETURNS:
                return value  # type: ignore[no-any-return]
            if kind == RAISES:
                raise value if isinstance(value, RlsearchError) else RunFailed(f"{what} failed: {one_line(value)}")
            what, limit_s = value
            left_s = limit_s
            clock.passed_s()  # before that
    except (EOFError, OSError):
        raise RunFailed(f"{what} ended its process, {end_process(process)}") from None
    finally:
        process.kill()
        process.join()
        connection.close()


def tell_nobody(_: str, __: float) -> None:
    """Say nothing."""


def _serve(
    connection: Connection,
    sources: PackSources,
    memory_share: float,
    function: Callable[[Any, Tell], Any],
    request: Any,
) -> None:
    end_with_driver()
    _limit_memory(memory_share)

    def tell(what: str, limit_s: float) -> None:
        connection.send((TELLS, (what, limit_s)))

    try:
        init_worker(sources, _do_nothing)
        answer = RETURNS, function(request, tell)
    except Exception as error:  # the caller's to understand
        answer = RAISES, portable(error)
    connection.send(answer)


def _limit_memory(share: float) -> None:
    """Have what asks for more memory fail in this process, before the machine runs out of it and ends any process."""
    if share < 1.0:
        most = int(share * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _do_nothing() -> None:
    """Prepare nothing."""
