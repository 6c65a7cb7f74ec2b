"""Start of a process of this machine, its end, and how it ended in words."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from rlsearch.errors import RunError
from rlsearch.executor.signals import signals_blocked

OURS = "rlsearch worker"  # name of the processes that are started here
END_S = 1.0  # that a process which has closed its pipe may take to end


def start_process(target: Callable[..., None], *args: Any, daemon: bool = True) -> tuple[Connection, BaseProcess]:
    """Start a fresh Python that calls `target(connection, *args)`; returns our end of the connection, and the process.

    A daemon cannot start processes itself.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *args), daemon=daemon, name=OURS)
    try:
        with signals_blocked(), _main_hidden():
            process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return ours, process


def refuse_in_worker() -> None:
    """Refuse to be a driver in a process that was started here.

    Raises:
        RunError: this is one; it would start workers, and these again.
    """
    if current_process().name == OURS:
        raise RunError(
            "a worker of a search imports a module that itself begins one, as the file of an environment or of ops; "
            "write that search there under `if __name__ == '__main__':`"
        )


@contextlib.contextmanager
def _main_hidden() -> Iterator[None]:
    """Keep processes that are started meanwhile from running the main script once more.

    What they do needs nothing of it, it may begin a search, and it may be no file: `python - <<EOF`.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def end_process(process: BaseProcess, wait_s: float = END_S) -> str:
    """End a process, unless it ends by itself within `wait_s`; returns how it ended, in words."""
    process.join(wait_s)
    process.kill()
    process.join()
    return ending(process.exitcode)


def ending(exit_code: int | None) -> str:
    """How a process with this exit code ended, in words: `killed by SIGSEGV`, `with exit code 3`."""
    if exit_code is None or exit_code >= 0:
        return f"with exit code {exit_code}"
    name = signal.Signals(-exit_code).name if -exit_code in {*signal.Signals} else f"signal {-exit_code}"
    return f"killed by {name}" + (", as happens where memory runs out" if name == "SIGKILL" else "")
