"""Removal of runs: all that is theirs goes, all else stays, and nobody's work is taken away."""

import subprocess
import sys
from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.store.database import FILE
from rlsearch.store.journal import Journal
from rlsearch.store.removal import discard_unbegun, is_unbegun, remove_run
from tests.store.test_listing import HOLD
from tests.support.tiny_runs import DQN, by_hand, flat, tiny

TRIALS = [flat(0, 0, 0, 0.5)]


def made(folder: Path, rows: int = 0, named: bool = False, **facts) -> Path:
    with by_hand(folder, tiny(), [(DQN, TRIALS)] * rows, {"dqn": TRIALS} if named else {}) as journal:
        journal.set_metadata(**facts)
    return folder


def test_all_of_a_run_goes(tmp_path: Path) -> None:
    folder = made(tmp_path / "run", rows=2)
    (folder / "primitives").mkdir()
    (folder / "primitives" / "mine.py").write_text("")
    (folder / f"{FILE}-wal").write_bytes(b"x")
    assert remove_run(folder) == () and not folder.exists()


def test_what_is_not_the_runs_stays(tmp_path: Path) -> None:
    folder = made(tmp_path / "run", rows=2)
    (folder / "notes.txt").write_text("years of work")
    (folder / "plots").mkdir()
    assert remove_run(folder) == ("notes.txt", "plots")
    assert sorted(entry.name for entry in folder.iterdir()) == ["notes.txt", "plots"]


def test_a_link_to_a_run_and_one_in_it(tmp_path: Path) -> None:
    made(tmp_path / "real")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "ops.py").write_text("")
    (tmp_path / "real" / "primitives").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert remove_run(tmp_path / "link") == ()
    assert [*(tmp_path / "real").iterdir()] == [] and (tmp_path / "elsewhere" / "ops.py").exists()


def test_what_another_process_writes_to_is_not_removed(tmp_path: Path) -> None:
    folder = made(tmp_path / "run")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        assert not is_unbegun(folder)
        discard_unbegun(folder)
        with pytest.raises(RunError, match="another process works on the run"):
            remove_run(folder)
        assert (folder / FILE).exists()
        holder.communicate("")
    assert is_unbegun(folder)


@pytest.mark.parametrize(
    ("facts", "unbegun"), [({}, True), ({"rows": 1}, False), ({"named": True}, False), ({"finished": True}, False)]
)
def test_a_run_has_begun_once_anything_is_in_its_journal(facts, unbegun: bool, tmp_path: Path) -> None:
    folder = made(tmp_path / "run", **facts)
    assert is_unbegun(folder) == unbegun
    discard_unbegun(folder)
    assert folder.exists() != unbegun
    if not unbegun:
        with Journal(folder) as journal:
            assert journal.is_empty() == ("finished" in facts)


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 999])
def test_what_is_no_run_is_not_discarded(content: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    if content is not None:
        (tmp_path / "folder" / FILE).write_bytes(content)
    discard_unbegun(tmp_path / "folder")
    assert (tmp_path / "folder").exists() and not is_unbegun(tmp_path / "folder")
