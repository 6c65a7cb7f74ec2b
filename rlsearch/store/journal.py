"""The journal of a run: every proposal one row, trials append-only, one writer, committed in index order.

The rows are all a resume needs: the state of a search is a pure function of space, seed and rows so far.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock, Timeout

from rlsearch.errors import RunError
from rlsearch.trial import TrialResult, TrialRow

FILE = "journal.sqlite"
DRAFT = f".{FILE}"
LOCK = "run.lock"
APPLICATION = 0x726C7372  # "rlsr"
SCHEMA = 1

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE proposals (
  number INTEGER PRIMARY KEY,  -- index in the search
  genome TEXT NOT NULL,
  parents TEXT NOT NULL,       -- indices, as a JSON list
  origin TEXT NOT NULL,        -- mutation, or random, start, enumerate, extend
  fate TEXT NOT NULL,          -- trained, duplicate, equivalent, rejected, disagree
  reason TEXT NOT NULL,
  key TEXT NOT NULL,           -- structural key of the canonical form
  class INTEGER NOT NULL,      -- index of the class's first proposal, -1 if rejected
  size INTEGER NOT NULL        -- ops of the canonical form
);
CREATE TABLE trials (
  proposal INTEGER NOT NULL, rung INTEGER NOT NULL, place INTEGER NOT NULL, env TEXT NOT NULL, seed INTEGER NOT NULL,
  steps INTEGER NOT NULL, curve BLOB NOT NULL, episodes INTEGER NOT NULL, mean_return REAL, diverged_at INTEGER NOT NULL,
  seconds REAL NOT NULL,
  PRIMARY KEY (proposal, rung, place, seed)
);
CREATE TABLE confirmations (
  loss TEXT NOT NULL,          -- '#' and a class, or a known loss's name
  rung INTEGER NOT NULL, place INTEGER NOT NULL, env TEXT NOT NULL, seed INTEGER NOT NULL,
  steps INTEGER NOT NULL, curve BLOB NOT NULL, episodes INTEGER NOT NULL, mean_return REAL, diverged_at INTEGER NOT NULL,
  seconds REAL NOT NULL,
  PRIMARY KEY (loss, place, seed)
);
"""


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


class Journal:
    """An open journal; a context manager that holds the run's lock when it writes."""

    def __init__(self, folder: Path, write: bool = False) -> None:
        """Open an existing journal.

        Raises:
            RunError: there is none, it is not ours, damaged, of another version, or another process writes to it.
        """
        self.folder, self.path = folder, folder / FILE
        self._lock = FileLock(folder / LOCK) if write else None
        if not self.path.is_file():
            raise RunError(f"'{folder}' holds no run (no {FILE}); type `rlsearch search SPACE` to start one")
        try:
            if self._lock:
                self._lock.acquire(timeout=0)
            # What cannot be written needs no lock against writers, and SQLite could not make the files for one.
            mode = "rw" if write else "ro" if os.access(folder, os.W_OK) else "ro&immutable=1"
            self._base = sqlite3.connect(f"file:{_quoted(self.path)}?mode={mode}", uri=True)
            self._base.execute("PRAGMA synchronous = NORMAL")
            application = self._base.execute("PRAGMA application_id").fetchone()[0]
            version = self._base.execute("PRAGMA user_version").fetchone()[0]
        except Timeout:
            raise RunError(f"another process works on the run in '{folder}'; wait for it or end it") from None
        except (sqlite3.DatabaseError, OSError) as error:
            self.close()
            raise RunError(f"'{self.path}' cannot be read as a run's journal: {error}; choose another folder") from None
        if application != APPLICATION:
            self.close()
            raise RunError(f"'{self.path}' is a database of some other program, not a run of rlsearch; choose another folder")
        if version != SCHEMA:
            self.close()
            raise RunError(f"'{self.path}' has schema {version}, this rlsearch reads {SCHEMA}; use the version that wrote it")

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
                    f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; PRAGMA journal_mode = WAL; "
                    + _TABLES
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
        """Everything that is one value for the whole run."""
        return {name: json.loads(value) for name, value in self._read("SELECT name, value FROM facts")}

    def proposals(self) -> Iterator[ProposalRow]:
        """Every proposal, in index order."""
        yield from map(ProposalRow._make, self._read("SELECT * FROM proposals ORDER BY number"))

    def count(self) -> int:
        """How many proposals there are; they are 0 .. count - 1."""
        return int(next(self._read("SELECT count(*) FROM proposals"))[0])

    def trials(self) -> dict[int, list[TrialRow]]:
        """Trials by proposal, in the order in which they ran."""
        out: dict[int, list[TrialRow]] = {}
        for proposal, *rest in self._read("SELECT * FROM trials ORDER BY proposal, rung, seed, place"):
            out.setdefault(proposal, []).append(_row(rest))
        return out

    def confirmations(self) -> dict[str, list[TrialRow]]:
        """Confirmation trials by loss: '#' and a class, or a known loss's name."""
        out: dict[str, list[TrialRow]] = {}
        for loss, *rest in self._read("SELECT * FROM confirmations ORDER BY loss, seed, place"):
            out.setdefault(loss, []).append(_row(rest))
        return out

    def _read(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._base.execute(query)
        except sqlite3.DatabaseError as error:
            raise RunError(f"'{self.path}' is damaged: {error}; restore it from a copy") from None

    # Writing.

    def add(self, row: ProposalRow, trials: Sequence[TrialRow], facts: dict[str, Any]) -> None:
        """Append a proposal with its trials, all or nothing."""
        with self._base:
            self._base.execute("INSERT INTO proposals VALUES (?,?,?,?,?,?,?,?,?)", row)
            self._base.executemany(
                "INSERT INTO trials VALUES (?,?,?,?,?,?,?,?,?,?,?)", [(row.number, *_values(trial)) for trial in trials]
            )
            self._set(facts)

    def add_confirmation(self, loss: str, trial: TrialRow) -> None:
        """Append one confirmation trial."""
        with self._base:
            self._base.execute("INSERT INTO confirmations VALUES (?,?,?,?,?,?,?,?,?,?,?)", (loss, *_values(trial)))

    def clear_confirmations(self) -> None:
        """Forget the confirmation: a search that goes on confirms anew."""
        with self._base:
            self._base.execute("DELETE FROM confirmations")

    def note(self, **facts: Any) -> None:
        """Set facts."""
        with self._base:
            self._set(facts)

    def _set(self, facts: dict[str, Any]) -> None:
        self._base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", _texts(facts))


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
    return (*row[:5], curve, result.episodes, result.mean_return, result.diverged_at, result.seconds)


def _row(values: Sequence[Any]) -> TrialRow:
    rung, place, env, seed, steps, curve, episodes, mean_return, diverged_at, seconds = values
    numbers = tuple(np.frombuffer(curve).tolist())
    mean = float("nan") if mean_return is None else mean_return
    return TrialRow(rung, place, env, seed, steps, TrialResult(numbers, episodes, mean, diverged_at, seconds))
