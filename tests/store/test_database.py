"""A run's database: made whole or not at all, and one clear error for whatever is none."""

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.store.database import DRAFT, FILE, create_database
from rlsearch.store.journal import Journal
from rlsearch.store.lock import LOCK
from rlsearch.store.schema import VERSION
from tests.support.journals import METADATA, ROW, contents, refused
from tests.support.tiny_runs import flat


def test_a_folder_that_holds_anything_is_not_taken(tmp_path, folder):
    before = contents(tmp_path)
    with pytest.raises(RunError, match="already holds a run; type `rlsearch resume"):
        create_database(folder, {})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years")
    (tmp_path / "file").write_text("x")
    before |= contents(tmp_path)
    for name, match in (("mine", "is not empty and holds no run"), ("file", "cannot be written"), ("file/in", "cannot be")):
        with pytest.raises(RunError, match=match):
            create_database(tmp_path / name, {})
    assert contents(tmp_path) == before


def test_an_empty_folder_and_the_leavings_of_a_killed_start_are_taken(tmp_path):
    (tmp_path / DRAFT).write_text("half a data")
    create_database(tmp_path, METADATA)
    with Journal(tmp_path) as journal:
        assert journal.metadata() == METADATA
    assert not (tmp_path / DRAFT).exists()


def test_of_many_that_start_in_one_folder_one_succeeds(tmp_path):
    outcomes: list[str] = []

    def create(number: int) -> None:
        try:
            create_database(tmp_path / "run", {"winner": number})
            outcomes.append("made")
        except RunError:
            outcomes.append("refused")

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["refused"] * 7
    with Journal(tmp_path / "run") as journal:
        assert set(journal.metadata()) == {"search_seconds", "winner"}


def test_what_is_no_run_is_refused(tmp_path, folder):
    refused(tmp_path / "nowhere", "holds no run")
    refused(tmp_path, "holds no run", write=True)

    def holding(name: str, data: bytes) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(data)
        return tmp_path / name

    with Journal(folder, write=True) as journal:
        for number in range(200):
            journal.add(replace(ROW, index=number), [flat(0, 0, 0, 0.5)])
    whole = (folder / FILE).read_bytes()
    foreign = sqlite3.connect(tmp_path / "foreign.sqlite")
    foreign.execute("CREATE TABLE songs (title TEXT)")
    foreign.commit()
    foreign.close()
    for write in (False, True):
        refused(holding(f"empty{write}", b""), "of some other program", write)
        refused(holding(f"garbage{write}", b"not a database" * 1000), "cannot be read as a run's journal", write)
        refused(holding(f"truncated{write}", whole[: len(whole) // 3]), "damaged|cannot be read", write)
        foreign_folder = holding(f"foreign{write}", (tmp_path / "foreign.sqlite").read_bytes())
        refused(foreign_folder, "of some other program", write)
        newer = holding(f"newer{write}", whole)
        base = sqlite3.connect(newer / FILE)
        base.execute("PRAGMA journal_mode = DELETE")
        base.execute("PRAGMA user_version = 99")
        base.close()
        refused(newer, f"has schema 99, this rlsearch reads {VERSION}; use the version that wrote it", write)


def test_a_failed_opening_gives_the_lock_back(tmp_path):
    (tmp_path / FILE).write_bytes(b"")
    for _ in range(2):
        refused(tmp_path, "of some other program", write=True)


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from rlsearch.errors import RunError
from rlsearch.store.database import create_database
from rlsearch.store.journal import Journal
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
folder = Path(sys.argv[1])
with Journal(folder / "run") as journal:
    print(journal.count(), journal.metadata()["seed"])
for attempt in (lambda: Journal(folder / "run", write=True), lambda: create_database(folder / "new", {})):
    try:
        attempt()
    except RunError as error:
        print(error)
"""


def test_a_folder_that_cannot_be_written_can_be_read(tmp_path, folder):
    """As another user where the tests run as root, whom permissions do not stop."""
    with Journal(folder, write=True) as journal:
        journal.add(ROW, [])
    (folder / LOCK).unlink(missing_ok=True)
    above = [path for path in (tmp_path, *tmp_path.parents) if path.stat().st_uid == os.geteuid() and path.name]
    modes = {path: path.stat().st_mode for path in (folder, *above)}
    try:
        for path in above:
            path.chmod(modes[path] | 0o555)
        folder.chmod(0o555)
        tmp_path.chmod(0o555)
        before = contents(tmp_path)
        done = subprocess.run(
            [sys.executable, "-c", UNPRIVILEGED, str(tmp_path)], capture_output=True, text=True, cwd="/", check=False
        )
        assert contents(tmp_path) == before
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.splitlines()
    assert first == "1 3"
    assert "cannot be read as a run's journal: " in second and "enied" in second
    assert "cannot be written: " in third and "choose another --out" in third
