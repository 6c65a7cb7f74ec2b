"""The runs in a folder, each in one record, whatever is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rlsearch.errors import RunError
from rlsearch.store.journal import FILE, LOCK, Journal

SHARED = f"{FILE}-shm"  # comes with whoever reads, so it is not counted


@dataclass(frozen=True)
class Listed:
    """A run, or a folder that should be one.

    Attributes:
        state: `finished`, `not finished`, `running` (another process works on it), or `damaged`, also if it is no run at all.
        why: it is damaged; the rest is then empty.
        size: of all its files, in bytes.
        written: when the journal last was.
    """

    folder: Path
    state: str
    why: str
    size: int
    written: datetime
    space: str = ""
    strategy: str = ""
    seed: int | None = None
    proposals: int | None = None
    search_seconds: float | None = None


def listed(root: Path) -> list[Listed]:
    """Every folder in `root` as a run, the last written first.

    Raises:
        RunError: `root` cannot be read, or is a run itself.
    """
    try:
        if (root / FILE).exists():
            raise RunError(f"'{root}' is a run; type the folder that holds it, or `rlsearch top {root}`")
        folders = [entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
    except OSError as error:
        raise RunError(f"the folder '{root}' cannot be read: {error.strerror}; type a folder that holds runs") from None
    return sorted(map(_run, sorted(folders)), key=lambda run: run.written, reverse=True)


def _run(folder: Path) -> Listed:
    written = _written(folder)
    size = sum(_sizes(folder))
    try:
        with Journal(folder) as journal:
            facts = journal.facts()
            state = "finished" if facts["finished"] else "running" if _held(folder) else "not finished"
            return Listed(
                folder,
                state,
                "",
                size,
                written,
                str(facts["space"]),
                str(facts["strategy"]),
                int(facts["seed"]),
                journal.count(),
                float(facts["search_seconds"]),
            )
    except KeyError as error:
        why = f"its journal has no '{error.args[0]}'"
    except (RunError, OSError, ValueError, TypeError) as error:
        why = str(error)
    return Listed(folder, "damaged", why, size, written)


def _held(folder: Path) -> bool:
    """Whether another process holds the run; where we may not ask, it counts as nobody's."""
    lock = FileLock(folder / LOCK)
    try:
        if not (folder / LOCK).exists():
            return False
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def _written(folder: Path) -> datetime:
    """Of a journal with its write-ahead log; of the folder where there is none."""
    times: list[float] = []
    for path in (folder / FILE, folder / f"{FILE}-wal"):
        try:
            status = path.stat()
        except OSError:
            continue
        if status.st_size:  # readers leave an empty log behind
            times.append(status.st_mtime)
    return datetime.fromtimestamp(max(times, default=folder.stat().st_mtime), UTC)


def _sizes(folder: Path) -> Iterator[int]:
    try:
        for entry in folder.iterdir():
            if entry.is_symlink() or entry.name == SHARED:
                continue
            yield from _sizes(entry) if entry.is_dir() else [entry.stat().st_size]
    except OSError:  # gone meanwhile, or not ours to read
        return
