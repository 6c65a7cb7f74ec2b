"""The journal of a run: every proposal one row, trials append-only, one writer, committed in index order.

The rows are all a resume needs: the state of a search is a pure function of space, seed and rows so far.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock, Timeout

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.trial import BINS, CONFIRM, TrialResult, TrialRow
from rlsearch.store.schema import APPLICATION, MIGRATIONS, TABLES, VERSION

FILE = "journal.sqlite"
DRAFT = f".{FILE}"
LOCK = "run.lock"


class ProposalRow(NamedTuple):
    """A proposal as it stands in the journal."""

    number: int
    genome: str
    parents: str
    origin: str
    fate: str
    reason: str
    key: str
    class_: int
    size: int
    population: str | None


class Timing(NamedTuple):
    """Seconds that the driver took to make and screen a proposal, and seconds of search when it was written."""

    screening: float = 0.0
    seconds: float = 0.0


class Journal:
    """An open journal; a context manager that holds the run's lock when it writes."""

    def __init__(self, folder: Path, write: bool = False) -> None:
        """Open an existing journal.

        Raises:
            RunError: there is none, it is not ours, damaged, of another version, or another process writes to it.
        """
        self.folder, self.path = folder, folder / FILE
        self._lock: FileLock | None = None
        if not self.path.is_file():
            raise RunError(f"'{folder}' holds no run (no {FILE}); type `rlsearch search SPACE` to start one")
        try:
            version = self._open(write)
            if version < VERSION and (write or os.access(folder, os.W_OK)):
                self.close()
                version = self._migrated(write)
        except Timeout:
            self.close()
            raise RunError(f"another process works on the run in '{folder}'; wait for it or end it") from None
        except (*_DAMAGED, OSError) as error:
            self.close()
            raise RunError(f"'{self.path}' cannot be read as a run's journal: {_said(error)}; choose another folder") from None
        if version != VERSION:
            self.close()
            remedy = "use the version that wrote it" if version > VERSION else "copy the folder to where it can be written"
            raise RunError(f"'{self.path}' has schema {version}, this rlsearch reads {VERSION}; {remedy}")

    def _open(self, write: bool) -> int:
        """Take the lock of a writer, and connect; the schema's version."""
        if write:
            self._lock = FileLock(self.folder / LOCK)
            self._lock.acquire(timeout=0)
        # What cannot be written needs no lock against writers, and SQLite could not make the files for one.
        mode = "rw" if write else "ro" if os.access(self.folder, os.W_OK) else "ro&immutable=1"
        self._base = sqlite3.connect(f"file:{_quoted(self.path)}?mode={mode}", uri=True)
        self._base.execute("PRAGMA synchronous = NORMAL")
        application = self._base.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION:
            self.close()
            raise RunError(f"'{self.path}' is a database of some other program, not a run of rlsearch; choose another folder")
        return int(self._base.execute("PRAGMA user_version").fetchone()[0])

    def _migrated(self, write: bool) -> int:
        """Bring the journal of an earlier version up to date, all or nothing, and open it again."""
        version = self._open(write=True)
        while version in MIGRATIONS:
            self._base.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[version]} PRAGMA user_version = {version + 1}; COMMIT;")
            version += 1
        if write:
            return version
        self.close()
        return self._open(write)

    @staticmethod
    def create(folder: Path, facts: dict[str, Any]) -> None:
        """Write an empty journal.

        Raises:
            RunError: the folder holds a run or something else, or cannot be written.
        """
        try:
            _check_vacant(folder)
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / LOCK, timeout=0):
                _check_vacant(folder)
                draft = folder / DRAFT
                draft.unlink(missing_ok=True)  # of a process that was killed here
                base = sqlite3.connect(draft)
                base.executescript(
                    f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; PRAGMA journal_mode = WAL; "
                    + TABLES
                )
                base.executemany("INSERT INTO facts VALUES (?, ?)", _texts(facts))
                base.commit()
                base.close()
                draft.replace(folder / FILE)
        except Timeout:
            raise RunError(f"another process makes a run in '{folder}'; choose another --out") from None
        except (OSError, sqlite3.DatabaseError) as error:
            raise RunError(f"'{folder}' cannot be written: {error}; choose another --out") from None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back."""
        if hasattr(self, "_base"):
            self._base.close()
        if self._lock:
            self._lock.release()

    # Reading.

    def facts(self) -> dict[str, Any]:
        """Everything that is one value for the whole run; `search_seconds` at least up to the last proposal."""
        facts: dict[str, Any] = {}
        for name, value in self._read("SELECT name, value FROM facts"):
            with self._sound(f"fact {name}"):
                facts[name] = json.loads(value)
        last = next(self._read("SELECT ifnull(max(seconds), 0) FROM proposals"))[0]
        return facts | {"search_seconds": max(last, facts.get("search_seconds", 0.0))}

    def proposals(self) -> Iterator[ProposalRow]:
        """Every proposal, in index order."""
        columns = "number, genome, parents, origin, fate, reason, key, class, size, population"
        yield from map(ProposalRow._make, self._read(f"SELECT {columns} FROM proposals ORDER BY number"))

    def timings(self) -> Iterator[Timing]:
        """What each proposal took, in index order; 0 where it was not measured."""
        query = "SELECT ifnull(screening, 0), ifnull(seconds, 0) FROM proposals ORDER BY number"
        yield from map(Timing._make, self._read(query))

    def count(self) -> int:
        """How many proposals there are; they are 0 .. count - 1."""
        return int(next(self._read("SELECT count(*) FROM proposals"))[0])

    def trials(self) -> dict[int, list[TrialRow]]:
        """Trials by proposal, in order of rung, seed and place."""
        return self._trials("trials", "proposal", "1")

    def confirmations(self) -> dict[str, list[TrialRow]]:
        """Confirmation trials by loss: '#' and a class, or a known loss's name."""
        return self._trials("named_trials", "loss", f"rung = {CONFIRM}")

    def baselines(self) -> dict[str, list[TrialRow]]:
        """Trials of known losses on the rungs, by name."""
        return self._trials("named_trials", "loss", f"rung != {CONFIRM}")

    def _trials(self, table: str, key: str, which: str) -> dict[Any, list[TrialRow]]:
        out: dict[Any, list[TrialRow]] = {}
        columns = (
            f"{key}, rung, place, env, seed, steps, curve, area, final, episodes, mean_return, diverged_at, seconds, culprit"
        )
        for owner, *rest in self._read(f"SELECT {columns} FROM {table} WHERE {which} ORDER BY {key}, rung, seed, place"):
            with self._sound(f"a trial of {owner}"):
                out.setdefault(owner, []).append(_row(rest))
        return out

    @contextmanager
    def _sound(self, what: str) -> Iterator[None]:
        """A value that SQLite read without complaint may still be none that was written."""
        try:
            yield
        except (TypeError, ValueError):
            raise RunError(f"'{self.path}' is damaged: {what} cannot be read; restore it from a copy") from None

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever a writer adds meanwhile."""
        self._base.execute("BEGIN")
        try:
            yield
        finally:
            self._base.rollback()

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file; nothing where it is whole."""
        found = [str(row[0]) for row in self._read("PRAGMA integrity_check")]
        orphans = [f"table {table} refers to a row that is not there" for table, *_ in self._read("PRAGMA foreign_key_check")]
        return [*(problem for problem in found if problem != "ok"), *orphans]

    def _read(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from map(tuple, self._base.execute(query))  # itself it would be closed, maybe after the database
        except _DAMAGED as error:
            raise RunError(f"'{self.path}' is damaged: {_said(error)}; restore it from a copy") from None

    # Writing.

    def add(self, row: ProposalRow, trials: Sequence[TrialRow], timing: Timing | None = None) -> None:
        """Append a proposal with its trials, all or nothing.

        Raises:
            RunFailed: it cannot be written, as of everything below; what was written before is intact.
        """
        with self._writing():
            self._base.execute(f"INSERT INTO proposals VALUES ({', '.join('?' * 12)})", (*row, *(timing or Timing())))
            self._base.executemany(_INSERT.format("trials"), [(row.number, *_values(trial)) for trial in trials])

    def add_named(self, loss: str, trials: Sequence[TrialRow]) -> None:
        """Append trials of a known loss, or of the confirmation, all or nothing."""
        with self._writing():
            self._base.executemany(_INSERT.format("named_trials"), [(loss, *_values(trial)) for trial in trials])

    def clear_confirmations(self) -> None:
        """Forget the confirmation: a search that goes on confirms anew."""
        with self._writing():
            self._base.execute("DELETE FROM named_trials WHERE rung = ?", (CONFIRM,))

    def note(self, **facts: Any) -> None:
        """Set facts."""
        with self._writing():
            self._base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", _texts(facts))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction."""
        try:
            with self._base:
                yield
        except sqlite3.Error as error:
            raise RunFailed(f"the journal in '{self.folder}' cannot be written: {error}; what it holds is intact") from None


_INSERT = f"INSERT INTO {{}} VALUES ({', '.join('?' * 14)})"


_DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)  # SQLite's message may hold what it met, and that be no text


def _said(error: Exception) -> str:
    """What SQLite says, on one line."""
    return str(error) if str(error).isprintable() else ascii(str(error))


def _check_vacant(folder: Path) -> None:
    if (folder / FILE).exists():
        raise RunError(f"'{folder}' already holds a run; type `rlsearch resume {folder}` to continue it, or another --out")
    if folder.exists() and any(entry.name not in (LOCK, DRAFT) for entry in folder.iterdir()):
        raise RunError(f"'{folder}' is not empty and holds no run; choose another --out")


def _texts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value)) for name, value in facts.items()]


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _values(row: TrialRow) -> tuple[Any, ...]:
    result = row.result
    curve = np.array(result.curve, np.float64).tobytes()
    return (*row[:5], curve, result.area, result.final, *result[1:4], result.culprit, result.seconds)


def _row(values: Sequence[Any]) -> TrialRow:
    rung, place, env, seed, steps, curve, area, final, episodes, mean_return, diverged_at, seconds, culprit = values
    numbers = tuple(np.frombuffer(curve, np.float64, BINS).tolist())
    mean = float("nan") if mean_return is None else mean_return
    result = TrialResult(numbers, episodes, mean, diverged_at, seconds, culprit)
    if area is not None and (area, final) != (result.area, result.final):
        raise ValueError("the means are not the curve's")
    return TrialRow(rung, place, env, seed, steps, result)
