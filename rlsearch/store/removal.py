"""Removal of a run: the files that rlsearch wrote, and its folder if nothing else is in it."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import Timeout

from rlsearch.errors import RunError
from rlsearch.space.writing import SPACE
from rlsearch.store.database import DRAFT, FILE
from rlsearch.store.journal import Journal
from rlsearch.store.lock import LOCK, become_writer, has_writer
from rlsearch.store.packs import FOLDER

# The journal last, by which a run is known, and its lock, which is held meanwhile.
BESIDE = (SPACE, "resolved.yaml", "stamp.json", "report.html", FOLDER)
JOURNAL = tuple(f"{name}{tail}" for name in (DRAFT, FILE) for tail in ("-wal", "-shm", "-journal", ""))


def remove_run(folder: Path, check: Callable[[], None] | None = None) -> tuple[str, ...]:
    """Remove a run that no process writes to; returns the names of what is not its own, which stays.

    Args:
        folder: the run's.
        check: called when nobody can write to it any more; if it raises, nothing is removed.

    Raises:
        RunError: a process writes to it, or it cannot be removed.
    """
    try:
        lock = become_writer(folder)
        try:
            if check is not None:
                check()
            for name in (*BESIDE, *JOURNAL, LOCK):
                _remove(folder / name)
        finally:
            lock.release()
        left = tuple(sorted(entry.name for entry in folder.iterdir()))
        if not left:
            with suppress(OSError):  # it is where something is mounted, or a link
                folder.rmdir()
    except Timeout:
        raise RunError(f"another process works on the run in '{folder}'; wait for it or end it") from None
    except OSError as error:
        raise RunError(f"the run in '{folder}' cannot be removed: {error.strerror}") from None
    return left


def is_unbegun(folder: Path) -> bool:
    """True if this is a run in whose journal nothing is, and no process works on it."""
    if not (folder / FILE).is_file():
        return False
    try:
        with Journal(folder) as journal:
            return journal.is_empty() and not journal.metadata().get("finished") and not has_writer(folder)
    except RunError:  # it is damaged
        return False


def discard_unbegun(folder: Path) -> None:
    """Remove a run in whose journal nothing is, if there is one and it can be: it would block the next start."""
    if is_unbegun(folder):
        with suppress(RunError):
            remove_run(folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
