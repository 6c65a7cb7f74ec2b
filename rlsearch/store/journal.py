"""The journal of a run: every proposal one row, trials append-only, one writer, committed in index order.

The rows are all a resume needs: the state of a search is a pure function of space, seed and rows so far.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.recording import RecordedBatch
from rlsearch.evaluation.trial import Phase, TrialRow
from rlsearch.evaluation.twins import Twin
from rlsearch.evolve.split import Split
from rlsearch.store.database import DAMAGED, FILE, as_line, as_texts, open_database
from rlsearch.store.lock import become_writer
from rlsearch.store.trial_columns import (
    RECORDING_COLUMNS,
    TRIAL_COLUMNS,
    from_columns,
    recording_from_columns,
    recordings_to_columns,
    to_columns,
)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as a row of the journal.

    Attributes:
        index: its place in the search.
        genome: text form.
        parents: indices of proposals, as a JSON list.
        class_index: index of its class's first proposal, -1 if rejected.
        population: None where schema 1 wrote it.

    The others are as in `rlsearch.evolve.evolution.Proposal`.
    """

    index: int
    genome: str
    parents: str
    origin: str
    status: str
    reason: str
    key: str
    class_index: int
    size: int
    population: str | None


_PROPOSAL = ("proposal", *(field.name for field in fields(ProposalRow)[1:]))  # columns; `index` is a word of SQL
_SPLIT = (*(field.name for field in fields(Split)[:-1]), '"where"')  # `where` is one, too


class Timing(NamedTuple):
    """The seconds that the driver took to make and screen a proposal, and the seconds of search when it was written."""

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
            if write:
                self._lock = become_writer(folder)
            self._base = open_database(folder, write)
        except (Timeout, BlockingIOError):
            self.close()
            raise RunError(f"another process works on the run in '{folder}'; wait for it or end it") from None
        except (*DAMAGED, OSError) as error:
            self.close()
            raise RunError(
                f"'{self.path}' cannot be read as a run's journal: {as_line(error)}; choose another folder"
            ) from None
        except BaseException:
            self.close()
            raise

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

    def metadata(self) -> dict[str, Any]:
        """Every value that the whole run has once; `search_seconds` at least up to the last proposal."""
        found: dict[str, Any] = {}
        for name, value in self._read("SELECT name, value FROM metadata"):
            with self._as_damage(f"fact {name}"):
                found[name] = json.loads(value)
        last = next(self._read("SELECT ifnull(max(seconds), 0) FROM proposals"))[0]
        return found | {"search_seconds": max(last, found.get("search_seconds", 0.0))}

    def proposals(self) -> Iterator[ProposalRow]:
        """Every proposal, in index order."""
        for columns in self._read(f"SELECT {', '.join(_PROPOSAL)} FROM proposals ORDER BY proposal"):
            yield ProposalRow(*columns)

    def proposal(self, index: int) -> ProposalRow | None:
        """The proposal of that index, if there is one."""
        found = self._read(f"SELECT {', '.join(_PROPOSAL)} FROM proposals WHERE proposal = {index:d}")
        return next((ProposalRow(*columns) for columns in found), None)

    def timings(self) -> Iterator[Timing]:
        """The seconds that each proposal took, in index order; 0 where they were not measured."""
        query = "SELECT ifnull(screening, 0), ifnull(seconds, 0) FROM proposals ORDER BY proposal"
        yield from map(Timing._make, self._read(query))

    def count(self) -> int:
        """The number of proposals; they are 0 .. count - 1."""
        return int(next(self._read("SELECT count(*) FROM proposals"))[0])

    def count_classes(self) -> int:
        """The number of classes, each of which was trained."""
        return int(next(self._read("SELECT count(*) FROM proposals WHERE status = 'trained'"))[0])

    def is_empty(self) -> bool:
        """True if it has neither proposals nor trials of known losses."""
        tables = ("proposals", "named_trials")
        return not any(next(self._read(f"SELECT EXISTS (SELECT 1 FROM {table})"))[0] for table in tables)

    def trials(self) -> dict[int, list[TrialRow]]:
        """Trials by proposal, in order of rung, seed and environment."""
        return self._trials("trials", "proposal", Phase.RUNG)

    def confirmations(self) -> dict[str, list[TrialRow]]:
        """Confirmation trials by loss: '#' and a class, or a known loss's name."""
        return self._trials("named_trials", "loss", Phase.CONFIRM)

    def baselines(self) -> dict[str, list[TrialRow]]:
        """Trials of known losses on the rungs, by name."""
        return self._trials("named_trials", "loss", Phase.RUNG)

    def _trials(self, table: str, key: str, phase: Phase) -> dict[Any, list[TrialRow]]:
        query = (
            f"SELECT {key}, {', '.join(TRIAL_COLUMNS)} FROM {table} WHERE phase = '{phase}' "
            f"ORDER BY {key}, rung, seed_index, env_index"
        )
        recordings = self._recordings() if phase == Phase.RUNG else {}
        out: dict[Any, list[TrialRow]] = {}
        for owner, *columns in self._read(query):
            with self._as_damage(f"a trial of {owner}"):
                row = from_columns(columns)
                recorded = tuple(recordings.get((owner, row.rung, row.env_index, row.seed_index), ()))
                out.setdefault(owner, []).append(row._replace(result=row.result._replace(recordings=recorded)))
        return out

    def _recordings(self) -> dict[tuple[Any, ...], list[RecordedBatch]]:
        """What trials on the rungs recorded, in order of steps, by owner, rung, environment and seed."""
        query = f"SELECT owner, {', '.join(RECORDING_COLUMNS)} FROM recordings ORDER BY owner, step"
        out: dict[tuple[Any, ...], list[RecordedBatch]] = {}
        for owner, *columns in self._read(query):
            with self._as_damage(f"what a trial of {owner} recorded"):
                trial, recorded = recording_from_columns(columns)
                out.setdefault((owner, *trial), []).append(recorded)
        return out

    def splits(self, *phases: Phase) -> dict[int, list[Split]]:
        """The forms that left their class in some phases, in their order, by the proposal after which that was found."""
        out: dict[int, list[Split]] = {}
        for phase in phases:
            query = f"SELECT {', '.join(_SPLIT)} FROM splits WHERE phase = '{phase}' ORDER BY found_at, place"
            for columns in self._read(query):
                split = Split(*columns)
                out.setdefault(split.found_at, []).append(split)
        return out

    def twins(self) -> list[Twin]:
        """The forms that were trained beside their class's own."""
        return list(
            map(Twin._make, self._read(f"SELECT {', '.join(Twin._fields)} FROM twins ORDER BY class_index, member, env"))
        )

    @contextmanager
    def _as_damage(self, what: str) -> Iterator[None]:
        """Report a value that SQLite read without complaint, but that was never written like that, as damage."""
        try:
            yield
        except (TypeError, ValueError):
            raise RunError(f"'{self.path}' is damaged: {what} cannot be read; restore it from a copy") from None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read a consistent snapshot inside, whatever a writer adds meanwhile."""
        self._base.execute("BEGIN")
        try:
            yield
        finally:
            self._base.rollback()

    def problems(self) -> list[str]:
        """The faults that SQLite finds in the file; none if it is whole."""
        found = [str(row[0]) for row in self._read("PRAGMA integrity_check")]
        orphans = [f"table {table} refers to a row that is not there" for table, *_ in self._read("PRAGMA foreign_key_check")]
        return [*(problem for problem in found if problem != "ok"), *orphans]

    def _read(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from map(tuple, self._base.execute(query))  # itself it would be closed, maybe after the database
        except DAMAGED as error:
            raise RunError(f"'{self.path}' is damaged: {as_line(error)}; restore it from a copy") from None

    # Writing.

    def add(
        self, row: ProposalRow, trials: Sequence[TrialRow], timing: Timing | None = None, splits: Sequence[Split] = ()
    ) -> None:
        """Append a proposal with its trials, and the splits that were found when it was applied, all or nothing.

        Raises:
            RunFailed: it cannot be written, as of everything below; what was written before is intact.
        """
        with self._writing():
            self._insert("proposals", (*_PROPOSAL, *Timing._fields), [(*astuple(row), *(timing or Timing()))])
            self._add_trials("trials", "proposal", row.index, trials)
            self._add_splits(Phase.RUNG, splits)

    def add_named(self, loss: str, trials: Sequence[TrialRow]) -> None:
        """Append trials of a known loss, or of the confirmation, all or nothing."""
        with self._writing():
            self._add_trials("named_trials", "loss", loss, trials)

    def add_finals(self, phase: Phase, splits: Sequence[Split], twins: Sequence[Twin] = ()) -> None:
        """Append what was found at the end of a search about the classes that are confirmed, all or nothing."""
        with self._writing():
            self._add_splits(phase, splits)
            self._insert("twins", Twin._fields, twins)

    def _add_trials(self, table: str, key: str, owner: int | str, trials: Sequence[TrialRow]) -> None:
        self._insert(table, (key, *TRIAL_COLUMNS), [(owner, *to_columns(trial)) for trial in trials])
        batches = [(owner, *batch) for trial in trials for batch in recordings_to_columns(trial)]
        self._insert("recordings", ("owner", *RECORDING_COLUMNS), batches)

    def _add_splits(self, phase: Phase, splits: Sequence[Split]) -> None:
        rows = [(phase, place, *astuple(split)) for place, split in enumerate(splits)]
        self._insert("splits", ("phase", "place", *_SPLIT), rows)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._base.executemany(insert, rows)

    def clear_confirmations(self) -> None:
        """Forget what was found at the end of a search: one that goes on comes to another end, and confirms anew."""
        with self._writing():
            self._base.execute("DELETE FROM named_trials WHERE phase = ?", (Phase.CONFIRM,))
            self._base.execute("DELETE FROM splits WHERE phase != ?", (Phase.RUNG,))
            self._base.execute("DELETE FROM twins")

    def set_metadata(self, **values: Any) -> None:
        """Set values that the whole run has once."""
        with self._writing():
            self._base.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", as_texts(values))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Open a transaction."""
        try:
            with self._base:
                yield
        except sqlite3.Error as error:
            raise RunFailed(f"the journal in '{self.folder}' cannot be written: {error}; what it holds is intact") from None
