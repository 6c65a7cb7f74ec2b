"""The journal: made whole or not at all, one writer, many readers, one clear error for everything else."""

import math
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.trial import CONFIRM
from rlsearch.store.journal import DRAFT, FILE, LOCK, Journal, ProposalRow, Timing
from tests.support.tiny_runs import flat

FACTS = {"seed": 3, "search_seconds": 0.0, "starts": ["loss = 1"], "share": 0.25, "nested": {"a": None}}
ROW = ProposalRow(0, "loss = q_sa**2", "[3, 4]", "graft", "rejected", "gradient is zero", "00ff", -1, 4, "")


@pytest.fixture
def folder(tmp_path):
    Journal.create(tmp_path / "run", FACTS)
    return tmp_path / "run"


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder, save a lock that nobody holds and what SQLite leaves beside a database it has read."""
    found = {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}
    return {
        path: data
        for path, data in found.items()
        if not path.endswith((LOCK, "-shm")) and not (path.endswith("-wal") and data == b"")
    }


def refused(folder: Path, match: str, write: bool = False) -> None:
    """Opening and reading fails with one line, and changes nothing."""
    before = contents(folder.parent)
    with pytest.raises(RunError, match=match) as error, Journal(folder, write) as journal:
        list(journal.proposals())
    assert "\n" not in str(error.value) and str(folder) in str(error.value)
    assert contents(folder.parent) == before


def test_a_new_journal_holds_its_facts(folder):
    with Journal(folder) as journal:
        assert journal.facts() == FACTS
        assert journal.count() == 0 == len(list(journal.proposals()))
        assert journal.trials() == {} == journal.confirmations()
    assert list(contents(folder)) == [str(folder / FILE)]


def test_rows_come_back(folder):
    rows = [flat(0, 0, 0, 0.5), flat(1, 0, 0, -0.25, mean_return=math.nan, diverged_at=17), flat(1, 1, 0, 1 / 3)]
    with Journal(folder, write=True) as journal:
        journal.add(ROW, rows, Timing(0.25, 1.5))
        journal.add(ROW._replace(number=1, population="+0"), ())
        journal.add_named("#0", [rows[1]._replace(rung=CONFIRM)])
        journal.add_named("dqn", rows[:1])
        journal.note(finished=True)
    with Journal(folder) as journal:
        assert list(journal.proposals()) == [ROW, ROW._replace(number=1, population="+0")]
        assert list(journal.timings()) == [(0.25, 1.5), (0.0, 0.0)]
        assert journal.count() == 2
        assert repr(journal.trials()) == repr({0: rows})  # by text: NaN is never equal to itself
        assert math.isnan(journal.trials()[0][1].result.mean_return)
        assert repr(journal.confirmations()) == repr({"#0": [rows[1]._replace(rung=CONFIRM)]})
        assert repr(journal.baselines()) == repr({"dqn": rows[:1]})
        assert journal.facts() == FACTS | {"search_seconds": 1.5, "finished": True}
    with Journal(folder, write=True) as journal:
        journal.clear_confirmations()
        assert journal.confirmations() == {} != journal.trials()
        assert list(journal.baselines()) == ["dqn"]


def test_a_proposal_enters_with_all_its_trials_or_not_at_all(folder):
    with Journal(folder, write=True) as journal:
        with pytest.raises(RunFailed, match=r"cannot be written: UNIQUE constraint failed.*; what it holds is intact"):
            journal.add(ROW, [flat(0, 0, 0, 0.5), flat(0, 0, 0, 0.5)])
        assert journal.count() == 0 and journal.trials() == {}


def test_trials_come_in_the_order_in_which_they_ran(folder):
    ran = [flat(rung, place, seed, 0.0) for rung in range(2) for seed in range(3) for place in range(2)]
    with Journal(folder, write=True) as journal:
        for number in (1, 0):
            journal.add(ROW._replace(number=number), ran[::-1])
        assert list(journal.trials()) == [0, 1]
        assert [(t.rung, t.seed, t.place) for t in journal.trials()[1]] == [(t.rung, t.seed, t.place) for t in ran]


def test_a_folder_that_holds_anything_is_not_taken(tmp_path, folder):
    before = contents(tmp_path)
    with pytest.raises(RunError, match="already holds a run; type `rlsearch resume"):
        Journal.create(folder, {})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years")
    (tmp_path / "file").write_text("x")
    before |= contents(tmp_path)
    for name, match in (("mine", "is not empty and holds no run"), ("file", "cannot be written"), ("file/in", "cannot be")):
        with pytest.raises(RunError, match=match):
            Journal.create(tmp_path / name, {})
    assert contents(tmp_path) == before


def test_an_empty_folder_and_the_leavings_of_a_killed_start_are_taken(tmp_path):
    (tmp_path / DRAFT).write_text("half a data")
    Journal.create(tmp_path, FACTS)
    with Journal(tmp_path) as journal:
        assert journal.facts() == FACTS
    assert not (tmp_path / DRAFT).exists()


def test_of_many_that_start_in_one_folder_one_succeeds(tmp_path):
    outcomes: list[str] = []

    def create(number: int) -> None:
        try:
            Journal.create(tmp_path / "run", {"winner": number})
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
        assert set(journal.facts()) == {"search_seconds", "winner"}


def test_what_is_no_run_is_refused(tmp_path, folder):
    refused(tmp_path / "nowhere", "holds no run")
    refused(tmp_path, "holds no run", write=True)

    def holding(name: str, data: bytes) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(data)
        return tmp_path / name

    with Journal(folder, write=True) as journal:
        for number in range(200):
            journal.add(ROW._replace(number=number), [flat(0, 0, 0, 0.5)])
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
        refused(newer, "has schema 99, this rlsearch reads 2; use the version that wrote it", write)


def test_there_is_one_writer(folder):
    with Journal(folder, write=True):
        refused(folder, "another process works on the run", write=True)
        script = (
            "import sys; from pathlib import Path; from rlsearch.store.journal import Journal; Journal(Path(sys.argv[1]), True)"
        )
        other = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
        assert "RunError: another process works on the run" in other.stderr
    with Journal(folder, write=True) as journal:  # the lock was given back
        journal.note(seed=5)


def test_a_failed_opening_gives_the_lock_back(tmp_path):
    (tmp_path / FILE).write_bytes(b"")
    for _ in range(2):
        refused(tmp_path, "of some other program", write=True)


def test_readers_see_what_is_committed_while_a_writer_writes(folder):
    with Journal(folder, write=True) as writer, Journal(folder) as early:
        for number in range(50):
            writer.add(ROW._replace(number=number), [flat(0, 0, 0, 0.5)], Timing(0.0, float(number)))
            with Journal(folder) as reader:
                assert reader.count() == early.count() == number + 1 == len(reader.trials())
                assert reader.facts()["search_seconds"] == number
        with pytest.raises(RunFailed, match="readonly"):
            early.note(seed=-1)


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from rlsearch.errors import RunError
from rlsearch.store.journal import Journal
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
folder = Path(sys.argv[1])
with Journal(folder / "run") as journal:
    print(journal.count(), journal.facts()["seed"])
for attempt in (lambda: Journal(folder / "run", write=True), lambda: Journal.create(folder / "new", {})):
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


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trials SET curve = x'00'",
        "UPDATE trials SET curve = 'text'",
        "UPDATE facts SET value = '{' WHERE name = 'nested'",
        "UPDATE facts SET value = x'ff' WHERE name = 'nested'",
    ],
)
def test_values_that_nobody_wrote_are_said_to_be_damage(folder, damage):
    with Journal(folder, write=True) as journal:
        journal.add(ROW, [flat(0, 0, 0, 0.5)])
    with sqlite3.connect(folder / FILE) as base:
        base.execute(damage)
    base.close()
    with Journal(folder) as journal, pytest.raises(RunError, match=r"is damaged: (fact nested|a trial of 0) cannot be read"):
        journal.trials()
        journal.facts()
