"""The lock of a run: one process writes to it, from first to last; asking who does disturbs nobody."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "run.lock"
RETRY_S = 0.005


def become_writer(folder: Path) -> FileLock:
    """Take the lock of a run, to be released by whoever took it.

    Raises:
        Timeout: another process is the run's writer.
        OSError: the folder cannot be written.
    """
    lock = FileLock(folder / LOCK)
    while True:
        try:
            lock.acquire(timeout=0)
            return lock
        except Timeout as refused:
            try:
                with no_writer(folder):  # it was somebody who looks, and does not take long
                    pass
            except OSError:
                raise refused from None
        time.sleep(RETRY_S)


@contextmanager
def no_writer(folder: Path) -> Iterator[None]:
    """Keep other processes from becoming the writer meanwhile; many may look at once.

    Raises:
        BlockingIOError: there is a writer.
        OSError: one may not ask.
    """
    descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def has_writer(folder: Path) -> bool:
    """True if some process is the run's writer; if one may not ask, it counts as nobody's."""
    if not (folder / LOCK).exists():
        return False
    try:
        with no_writer(folder):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False
