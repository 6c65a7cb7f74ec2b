"""Journals of earlier versions are brought up to date, and read as they were."""

import gzip
import math
import sqlite3
import threading
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from rlsearch.errors import RunError
from rlsearch.evaluation.trial import NO_RUNG, Phase
from rlsearch.runs.run import read_run
from rlsearch.store import database
from rlsearch.store.database import FILE, create_database
from rlsearch.store.journal import Journal
from rlsearch.store.lock import become_writer
from rlsearch.store.migrations import MIGRATIONS
from rlsearch.store.schema import VERSION

# Each a run of 40 proposals with confirmation, made by the code of its time.
OLD = {version: Path(__file__).with_name(f"schema_{version}.sqlite.gz") for version in (1, 2, 3)}
RESULT = "curve, episodes, mean_return, diverged_at, seconds"
PLACE = {1: "rung, place, env, seed, steps", 2: "rung, place, env, seed, steps", 3: "rung, env_index, env, seed_index, steps"}
ORDER = {1: "rung, seed, place", 2: "rung, seed, place", 3: "rung, seed_index, env_index"}
CONFIRMED = {
    1: "confirmations WHERE rung = 1000",
    2: "named_trials WHERE rung = 1000",
    3: "named_trials WHERE phase = 'confirm'",
}


@pytest.fixture(params=OLD)
def version(request):
    return request.param


@pytest.fixture
def folder(version, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FILE).write_bytes(gzip.decompress(OLD[version].read_bytes()))
    return tmp_path / "run"


def shape(folder):
    """Every table's columns and keys, comments and layout aside."""
    with sqlite3.connect(folder / FILE) as base:
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found = {name: base.execute(f"PRAGMA table_info({name})").fetchall() for (name,) in tables}
        keys = {name: base.execute(f"PRAGMA foreign_key_list({name})").fetchall() for (name,) in tables}
    base.close()
    return found, keys


def asked(folder, *queries):
    with sqlite3.connect(folder / FILE) as base:
        found = [base.execute(query).fetchall() for query in queries]
    base.close()
    return found


def columns(row):
    """A trial as schemas 1 to 3 had it, from its rung on."""
    result = row.result
    mean_return = None if math.isnan(result.mean_return) else result.mean_return
    curve = np.array(result.curve).tobytes()
    where = (row.rung, row.env_index, row.env, row.seed_index, row.steps)
    return (*where, curve, result.episodes, mean_return, result.diverged_at, result.seconds)


def test_there_is_a_way_from_every_version():
    assert sorted(MIGRATIONS) == sorted(OLD) == list(range(1, VERSION))


@pytest.mark.parametrize("write", [False, True])
def test_an_old_run_is_read_as_it_was(version, folder, write):
    proposals, trials, confirmed = asked(
        folder,
        f"SELECT * FROM proposals ORDER BY {'number' if version < 3 else 'proposal'}",
        f"SELECT proposal, {PLACE[version]}, {RESULT} FROM trials ORDER BY proposal, {ORDER[version]}",
        f"SELECT loss, {PLACE[version]}, {RESULT} FROM {CONFIRMED[version]} ORDER BY loss, {ORDER[version]}",
    )
    with Journal(folder, write) as journal:
        kept = 9 if version == 1 else 10
        assert [astuple(row)[:kept] for row in journal.proposals()] == [row[:kept] for row in proposals]
        assert version > 1 or {row.population for row in journal.proposals()} == {None}
        found = [(index, *columns(row)) for index, rows in journal.trials().items() for row in rows]
        assert found == trials and len(found) > 10
        assert {row.phase for rows in journal.trials().values() for row in rows} == {Phase.RUNG}
        fresh = [(loss, row) for loss, rows in journal.confirmations().items() for row in rows]
        assert {(row.phase, row.rung) for _, row in fresh} == {(Phase.CONFIRM, NO_RUNG)}
        rung = 1000 if version < 3 else NO_RUNG
        assert [(loss, *columns(row._replace(rung=rung))) for loss, row in fresh] == confirmed and len(fresh) > 10
        assert {row.result.cut_after_s for _, row in fresh} == {None}
        assert journal.splits(*Phase) == {} and journal.twins() == []
        assert {row.result.recordings for rows in journal.trials().values() for row in rows} == {()}
        assert journal.metadata()["finished"] is True and journal.metadata()["search_seconds"] > 0
        assert journal.problems() == []
        assert read_run(journal)[0].baselines
    assert asked(folder, "PRAGMA user_version") == [[(VERSION,)]]


def test_known_losses_on_the_rungs_stay_apart_from_the_confirmation(tmp_path):
    """Since schema 2."""
    (tmp_path / FILE).write_bytes(gzip.decompress(OLD[2].read_bytes()))
    (before,) = asked(tmp_path, "SELECT rung, place, env, seed FROM named_trials WHERE rung != 1000 ORDER BY 1, 4, 2")
    with Journal(tmp_path) as journal:
        (rows,) = journal.baselines().values()
        assert [(row.rung, row.env_index, row.env, row.seed_index) for row in rows] == before and len(before) == 5
        assert {row.phase for row in rows} == {Phase.RUNG}
        assert all(timing.seconds > 0 for timing in journal.timings())


def test_what_it_becomes_is_what_a_new_journal_is(folder, tmp_path):
    create_database(tmp_path / "new", {})
    Journal(folder).close()
    assert shape(folder) == shape(tmp_path / "new")


def test_a_failed_migration_changes_nothing(folder, monkeypatch):
    before = (folder / FILE).read_bytes()
    last = max(MIGRATIONS)
    monkeypatch.setitem(MIGRATIONS, last, MIGRATIONS[last] + "INSERT INTO nowhere VALUES (1);")
    with pytest.raises(RunError, match="cannot be read as a run's journal: no such table"):
        Journal(folder)
    assert (folder / FILE).read_bytes() == before


def test_while_another_process_writes_it_is_left_alone(folder):
    lock = become_writer(folder)  # of the version that wrote it
    before = (folder / FILE).read_bytes()
    with pytest.raises(RunError, match="another process works on"):
        Journal(folder)
    assert (folder / FILE).read_bytes() == before
    lock.release()
    with Journal(folder, write=True):
        with pytest.raises(RunError, match="another process works on"):
            Journal(folder, write=True)
        with Journal(folder) as reader:  # the writer has brought it up to date
            assert reader.count() == 40


def test_of_many_that_read_it_at_once_one_brings_it_up_to_date(folder):
    counts = []

    def read():
        with Journal(folder) as journal:
            counts.append(journal.count())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [40] * 8


def test_a_search_that_begins_while_it_is_brought_up_to_date_waits(folder, monkeypatch):
    """A reader is at it: whoever wants to write is not refused."""
    migrate, begun, may_end = database._migrate, threading.Event(), threading.Event()

    def slowly(base):
        begun.set()
        may_end.wait(10)
        migrate(base)

    monkeypatch.setattr(database, "_migrate", slowly)
    reader = threading.Thread(target=lambda: Journal(folder).close())
    reader.start()
    begun.wait(10)
    threading.Timer(0.2, may_end.set).start()
    with Journal(folder, write=True) as journal:
        assert may_end.is_set() and journal.count() == 40
    reader.join()


def test_a_folder_that_cannot_be_written_says_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(database.os, "access", lambda *_: False)
    with pytest.raises(RunError, match=rf"has schema \d, this rlsearch reads {VERSION}; copy the folder to where it can be"):
        Journal(folder)
