"""The SQLite file of a run: created whole or not at all, told from those of other programs, migrated."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any

from filelock import Timeout

from rlsearch.errors import RunError, as_word
from rlsearch.store.lock import LOCK, become_writer, no_writer
from rlsearch.store.migrations import MIGRATIONS
from rlsearch.store.schema import APPLICATION, TABLES, VERSION

FILE = "journal.sqlite"
DRAFT = f".{FILE}"
DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)  # SQLite's message may hold what it met, and that be no text


def create_database(folder: Path, metadata: dict[str, Any]) -> None:
    """Write the database of a new run, without rows.

    Raises:
        RunError: the folder holds a run or something else, or cannot be written; then it is as it was.
    """
    try:
        _check_vacant(folder)
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _make_database(folder, metadata)
        finally:
            if made and not (folder / FILE).exists():
                with suppress(OSError):  # somebody else begins a run there
                    folder.rmdir()
    except Timeout:
        raise RunError(f"another process makes a run in '{folder}'; choose another --out") from None
    except (OSError, sqlite3.DatabaseError) as error:
        why = getattr(error, "strerror", None) or error
        raise RunError(f"'{folder}' cannot be written: {why}; choose another --out") from None


def _make_database(folder: Path, metadata: dict[str, Any]) -> None:
    """Write the database as the folder's writer; if that fails, nothing of it stays."""
    lock = become_writer(folder)
    try:
        _check_vacant(folder)
        _write_database(folder, metadata)
    except BaseException:
        for leftover in (*folder.glob(f"{DRAFT}*"), folder / LOCK):
            leftover.unlink(missing_ok=True)
        raise
    finally:
        lock.release()


def _write_database(folder: Path, metadata: dict[str, Any]) -> None:
    draft = folder / DRAFT
    draft.unlink(missing_ok=True)  # of a process that was killed here
    with closing(sqlite3.connect(draft)) as base:
        base.executescript(
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; PRAGMA journal_mode = WAL; {TABLES}"
        )
        base.executemany("INSERT INTO metadata VALUES (?, ?)", as_texts(metadata))
        base.commit()
    draft.replace(folder / FILE)


def _check_vacant(folder: Path) -> None:
    if (folder / FILE).exists():
        raise RunError(
            f"'{folder}' already holds a run; type `rlsearch resume {as_word(folder)}` to continue it, or another --out"
        )
    if folder.exists() and any(entry.name not in (LOCK, DRAFT) for entry in folder.iterdir()):
        raise RunError(f"'{folder}' is not empty and holds no run; choose another --out")


def open_database(folder: Path, write: bool) -> sqlite3.Connection:
    """Connect to a run's database; one of an earlier version is brought up to date, if its folder can be written.

    Args:
        folder: the run's.
        write: this process is the run's writer.

    Raises:
        RunError: it is some other program's, or of a version that this one does not read.
        BlockingIOError: it is of an earlier version, and another process is the run's writer.
        OSError, sqlite3.DatabaseError, UnicodeDecodeError: it cannot be read.
    """
    # What cannot be written needs no lock against writers, and SQLite could not make the files for one.
    mode = "rw" if write else "ro" if os.access(folder, os.W_OK) else "ro&immutable=1"
    base = _connect(folder, mode)
    version = _version(base)
    if version < VERSION and (write or os.access(folder, os.W_OK)):
        base.close()
        with nullcontext() if write else no_writer(folder), closing(_connect(folder, "rw")) as old:
            _migrate(old)
        base = _connect(folder, mode)
        version = _version(base)
    if version != VERSION:
        base.close()
        remedy = "use the version that wrote it" if version > VERSION else "copy the folder to where it can be written"
        raise RunError(f"'{folder / FILE}' has schema {version}, this rlsearch reads {VERSION}; {remedy}")
    return base


def _connect(folder: Path, mode: str) -> sqlite3.Connection:
    path = folder / FILE
    base = sqlite3.connect(f"file:{_quote(path)}?mode={mode}", uri=True)
    try:
        base.execute("PRAGMA synchronous = NORMAL")
        if base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise RunError(f"'{path}' is a database of some other program, not a run of rlsearch; choose another folder")
    except BaseException:
        base.close()
        raise
    return base


def _version(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def _migrate(base: sqlite3.Connection) -> None:
    """Migrate the tables of an earlier version, all or nothing; of several processes that try, one does."""
    base.execute("BEGIN IMMEDIATE")
    while (version := _version(base)) in MIGRATIONS:
        for statement in _statements(MIGRATIONS[version]):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {version + 1}")
    base.commit()


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit before the first."""
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def as_texts(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """Metadata as rows of their table."""
    return [(name, json.dumps(value)) for name, value in metadata.items()]


def as_line(error: Exception) -> str:
    """SQLite's message, on one line."""
    return str(error) if str(error).isprintable() else ascii(str(error))


def _quote(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
