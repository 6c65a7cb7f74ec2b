"""A list of the runs in a folder, each as one record, whatever is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rlsearch.errors import RunError, as_word
from rlsearch.store.database import FILE
from rlsearch.store.journal import Journal
from rlsearch.store.lock import has_writer

SHARED = f"{FILE}-shm"  # comes with whoever reads, so it is not counted


@dataclass(frozen=True)
class RunSummary:
    """A run, or a folder whose journal cannot be read.

    Attributes:
        state: `finished`, `not finished`, `running` (another process works on it), or `damaged`.
        why: it is damaged; the rest is then empty.
        size: of all its files, in bytes.
        written: when the journal last was.
        classes: that were trained.
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
    classes: int | None = None
    search_seconds: float | None = None


def list_runs(root: Path) -> list[RunSummary]:
    """Every run in `root`, the last written first; other folders are left out. None is locked meanwhile.

    Raises:
        RunError: `root` cannot be read, or is a run itself.
    """
    try:
        if (root / FILE).exists():
            raise RunError(f"'{root}' is a run; type the folder that holds it, or `rlsearch top {as_word(root)}`")
        folders = [entry for entry in root.iterdir() if not entry.name.startswith(".") and _has_journal(entry)]
    except OSError as error:
        raise RunError(f"the folder '{root}' cannot be read: {error.strerror}; type a folder that holds runs") from None
    return sorted(map(_summary, sorted(folders)), key=lambda run: run.written, reverse=True)


def holds_runs(folder: Path) -> bool:
    """True if there is a run in this folder; it need not be a folder."""
    try:
        return any(_has_journal(entry) for entry in folder.iterdir())
    except OSError:
        return False


def _has_journal(folder: Path) -> bool:
    try:
        return (folder / FILE).exists()
    except OSError:  # not ours to look into
        return False


def _summary(folder: Path) -> RunSummary:
    written = last_written(folder)
    size = sum(_sizes(folder))
    try:
        with Journal(folder) as journal:
            metadata = journal.metadata()
            state = "finished" if metadata["finished"] else "running" if has_writer(folder) else "not finished"
            return RunSummary(
                folder,
                state,
                "",
                size,
                written,
                str(metadata["space"]),
                str(metadata["strategy"]),
                int(metadata["seed"]),
                journal.count(),
                journal.count_classes(),
                float(metadata["search_seconds"]),
            )
    except KeyError as error:
        why = f"its journal has no '{error.args[0]}'"
    except (RunError, OSError, ValueError, TypeError) as error:
        why = str(error)
    return RunSummary(folder, "damaged", why, size, written)


def last_written(folder: Path) -> datetime:
    """The time at which a journal with its write-ahead log was written; of the folder if there is none."""
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
