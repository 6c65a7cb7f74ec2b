"""Runs in a folder: each state is told apart, numbers are the journal's, and nothing that lies there is a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.store.database import FILE
from rlsearch.store.journal import Journal
from rlsearch.store.listing import RunSummary, holds_runs, list_runs
from tests.support.tiny_runs import DQN, by_hand, flat, tiny

HOLD = (
    "import sys; from pathlib import Path; from rlsearch.store.journal import Journal; "
    "journal = Journal(Path(sys.argv[1]), write=True); print('held', flush=True); sys.stdin.read()"
)


def run(folder: Path, proposals: int = 1, **metadata) -> Path:
    with by_hand(folder, tiny(), [(DQN, [flat(0, 0, 0, 0.5)])] * proposals, {}) as journal:
        journal.set_metadata(**metadata)
    return folder


def only(root: Path) -> RunSummary:
    (found,) = list_runs(root)
    return found


def test_a_run_is_what_its_journal_says(tmp_path):
    folder = run(tmp_path / "mine", proposals=3, seed=7, strategy="random", search_seconds=90.5, finished=True)
    found = only(tmp_path)
    assert (found.folder, found.state, found.why) == (folder, "finished", "")
    assert (found.space, found.seed, found.strategy, found.proposals, found.search_seconds) == ("tiny", 7, "random", 3, 90.5)


def test_a_run_that_another_process_works_on_is_running(tmp_path):
    folder = run(tmp_path / "mine")
    assert only(tmp_path).state == "not finished"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        assert only(tmp_path).state == "running"
        holder.communicate("")
    assert only(tmp_path).state == "not finished"
    with Journal(folder, write=True):  # asking has not kept the lock
        pass


def test_damage_is_a_line_and_an_ordinary_folder_is_none(tmp_path):
    whole = (run(tmp_path / "whole") / FILE).read_bytes()
    contents = {"garbage": b"x" * 5000, "nothing": b"", "truncated": whole[: len(whole) // 2]}
    for name, content in contents.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(content)
    with Journal(run(tmp_path / "nameless"), write=True) as journal:
        journal.set_metadata(seed="seven")
    (tmp_path / "a file").write_text("no folder")
    for name in ("empty", ".hidden", "thesis"):
        (tmp_path / name).mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    found = {entry.folder.name: entry for entry in list_runs(tmp_path)}
    assert set(found) == {*contents, "whole", "nameless"}
    damaged = {name: entry.why for name, entry in found.items() if entry.state == "damaged"}
    assert set(damaged) == {*contents, "nameless"}
    assert all(why and "\n" not in why for why in damaged.values())
    assert "of some other program" in damaged["nothing"]


def test_a_folder_that_holds_runs(tmp_path):
    run(tmp_path / "runs" / "mine")
    assert [holds_runs(place) for place in (tmp_path / "runs", tmp_path, tmp_path / "nowhere")] == [True, False, False]


def test_the_last_written_comes_first(tmp_path):
    for age, name in enumerate("bca"):
        os.utime(run(tmp_path / name) / FILE, (1e9 - age, 1e9 - age))
    assert [entry.folder.name for entry in list_runs(tmp_path)] == ["b", "c", "a"]
    assert list_runs(tmp_path)[0].written.timestamp() == 1e9


def test_the_size_is_that_of_all_files(tmp_path):
    folder = run(tmp_path / "mine")
    before = only(tmp_path).size
    (folder / "primitives").mkdir()
    (folder / "primitives" / "ops.py").write_bytes(b"x" * 1234)
    (folder / "elsewhere").symlink_to("/")
    assert only(tmp_path).size == before + 1234 >= (folder / FILE).stat().st_size + 1234


def test_a_folder_of_runs_is_asked_for(tmp_path):
    with pytest.raises(RunError, match="'nowhere' cannot be read: No such file or directory; type a folder"):
        list_runs(Path("nowhere"))
    with pytest.raises(RunError, match=r"is a run; type the folder that holds it, or `rlsearch top .*mine`"):
        list_runs(run(tmp_path / "mine"))
