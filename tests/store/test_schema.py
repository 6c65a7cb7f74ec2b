"""Journals of earlier versions are brought up to date, and read as they were."""

import gzip
import sqlite3
from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.runs.run import read_run
from rlsearch.store.journal import FILE, Journal
from rlsearch.store.schema import MIGRATIONS, VERSION

OLD = Path(__file__).with_name("schema_1.sqlite.gz")  # a run of 40 proposals with confirmation, made by the code of its time


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_bytes(gzip.decompress(OLD.read_bytes()))
    return tmp_path


def shape(base):
    """Every table's columns and declaration, comments and layout aside."""
    tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: [tuple(column) for column in base.execute(f"PRAGMA table_info({name})")] for (name,) in tables}


def test_there_is_a_way_from_every_version():
    assert sorted(MIGRATIONS) == list(range(1, VERSION))


@pytest.mark.parametrize("write", [False, True])
def test_a_run_of_schema_1_is_read_as_it_was(folder, write):
    with sqlite3.connect(folder / FILE) as base:
        proposals = base.execute("SELECT * FROM proposals ORDER BY number").fetchall()
        trials = base.execute("SELECT * FROM trials ORDER BY proposal, rung, seed, place").fetchall()
        confirmed = base.execute("SELECT loss, curve FROM confirmations ORDER BY loss, seed, place").fetchall()
    base.close()
    with Journal(folder, write) as journal:
        assert [tuple(row[:-1]) for row in journal.proposals()] == proposals
        assert {row.population for row in journal.proposals()} == {None}
        found = [(number, row) for number, rows in journal.trials().items() for row in rows]
        assert len(found) == len(trials) > 10
        for (number, row), old in zip(found, trials, strict=True):
            assert (number, *row[:5]) == old[:6]
            assert row.result.episodes == old[7] and row.result.seconds == old[10] and row.result.culprit == ""
        assert sum(map(len, journal.confirmations().values())) == len(confirmed) > 10
        assert journal.baselines() == {}
        assert journal.facts()["finished"] is True and journal.facts()["search_seconds"] > 0
        assert journal.problems() == []
        assert read_run(journal)[0].baselines
        version = journal._base.execute("PRAGMA user_version").fetchone()[0]
        assert version == VERSION


def test_what_it_becomes_is_what_a_new_journal_is(folder, tmp_path):
    Journal.create(tmp_path / "new", {})
    with Journal(folder) as old, Journal(tmp_path / "new") as new:
        assert shape(old._base) == shape(new._base)


def test_a_failed_migration_changes_nothing(folder, monkeypatch):
    before = (folder / FILE).read_bytes()
    monkeypatch.setitem(MIGRATIONS, 1, MIGRATIONS[1] + "INSERT INTO nowhere VALUES (1);")
    with pytest.raises(RunError, match="cannot be read as a run's journal: no such table"):
        Journal(folder)
    assert (folder / FILE).read_bytes() == before


def test_while_another_process_writes_it_is_left_alone(folder):
    with Journal(folder, write=True):
        with pytest.raises(RunError, match="another process works on"):
            Journal(folder, write=True)
        with Journal(folder) as reader:  # the writer has brought it up to date
            assert reader.count() == 40
