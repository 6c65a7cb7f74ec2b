"""What a run survives, seen from the command line: signals, a full disk, damaged and foreign files, a second process."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rlsearch.store.journal import FILE, Journal
from tests.cli.conftest import SPACE, launch

LONG = SPACE.replace("steps: 1000", "steps: 200000")  # about two seconds a trial


def begun(folder: Path, space: str, *words: str) -> subprocess.Popen[str]:
    """A search in a group of its own, as a terminal begins it."""
    (folder / "tiny.yaml").write_text(space)
    return subprocess.Popen(
        [sys.executable, "-m", "rlsearch", "search", "tiny.yaml", "--workers", "1", "--out", "run", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def heard(process: subprocess.Popen[str], words: str) -> str:
    """What it says up to a line that holds the words."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    pytest.fail(f"it never said {words!r}:\n{said}")


def count(folder: Path) -> int:
    with Journal(folder / "run") as journal:
        return journal.count()


def test_the_first_request_finishes_what_runs_and_the_second_stops_at_once(tmp_path: Path) -> None:
    process = begun(tmp_path, LONG.replace("pass: 0.2", "pass: 0"), "--minutes", "30")
    heard(process, "expected to allow")
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    heard(process, "stopping: trials under way that are finished within 2 s are written; once more, and it stops at once")
    os.killpg(process.pid, signal.SIGINT)
    pressed = time.monotonic()
    said, _ = process.communicate(timeout=10)
    assert time.monotonic() - pressed < 2
    assert process.returncode == 130 and "Traceback" not in said
    assert "stopped before anything was searched" in said and not (tmp_path / "run").exists()


@pytest.mark.parametrize(("first", "second", "code"), [("SIGTERM", "SIGINT", 130), ("SIGINT", "SIGTERM", 143)])
def test_the_code_of_a_run_that_is_stopped_at_once_is_the_second_signals(first, second, code, tmp_path: Path) -> None:
    process = begun(tmp_path, LONG, "--minutes", "30")
    heard(process, "expected to allow")
    os.killpg(process.pid, getattr(signal, first))
    heard(process, "stopping")
    os.killpg(process.pid, getattr(signal, second))
    process.communicate(timeout=10)
    assert process.returncode == code


def test_a_stopped_run_says_so_and_goes_on(tmp_path: Path) -> None:
    process = begun(tmp_path, SPACE, "--proposals", "60")
    said = heard(process, "expected to take")
    while count(tmp_path) < 5:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGTERM)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 143 and "stopping: " in said
    held = count(tmp_path)
    assert 5 <= held < 60
    shutil.copytree(tmp_path / "run", tmp_path / "copy")
    assert launch("resume", "run", "--json", folder=tmp_path).json["proposals"] == 60
    whole = launch("search", "tiny.yaml", "--proposals", "60", "--out", "whole", "--json", folder=tmp_path)
    resumed = launch("top", "run", "--json", folder=tmp_path)
    assert resumed.json["top"] == whole.json["top"]


def limited(most: int) -> None:
    """No file may grow beyond so many bytes: what a full disk looks like to a program."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def test_a_full_disk_loses_nothing_that_was_written(finished_run: Path, tmp_path: Path) -> None:
    """`finished_run` has compiled the kernels, which need room as well."""
    (tmp_path / "tiny.yaml").write_text(SPACE)
    words = ["search", "tiny.yaml", "--proposals", "200", "--workers", "1", "--out", "run"]
    full = subprocess.run(
        [sys.executable, "-m", "rlsearch", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: limited(180_000),
    )
    assert full.returncode == 1, full.stderr
    assert "the journal in 'run' cannot be written: " in full.stderr and "what it holds is intact" in full.stderr
    assert "Traceback" not in full.stderr
    held = count(tmp_path)
    assert 0 < held < 200
    assert launch("resume", "run", "--proposals", "200", folder=tmp_path).code == 0
    assert launch("search", *words[1:-1], "whole", folder=tmp_path).code == 0
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def rows(folder: Path) -> list[object]:
    """Everything but clocks."""
    with sqlite3.connect(folder / FILE) as base:
        proposals = "proposal, genome, parents, origin, status, reason, key, class_index, size, population"
        trials = (
            "phase, rung, env_index, env, seed_index, steps, curve, area, final, episodes, mean_return, diverged_at, culprit"
        )
        found = [
            base.execute(f"SELECT {proposals} FROM proposals ORDER BY proposal").fetchall(),
            base.execute(f"SELECT proposal, {trials} FROM trials").fetchall(),
            base.execute(f"SELECT loss, {trials} FROM named_trials").fetchall(),
        ]
    base.close()
    assert all(found)
    return found


def test_minutes_are_kept_with_long_trials(tmp_path: Path) -> None:
    """Within 5 s and one trial, also where a class takes longer than the whole budget: nothing is known then."""
    process = begun(tmp_path, LONG.replace("pass: 0.2", "pass: 0"), "--minutes", "0.1", "--json")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    with Journal(tmp_path / "run") as journal:
        facts = journal.metadata()
        trials = [
            row.result.seconds for kind in (journal.trials(), journal.baselines()) for rows in kind.values() for row in rows
        ]
    assert facts["finished"] is True
    assert facts["total_seconds"] < 6 + 5 + max(trials, default=3)


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    process = begun(tmp_path, SPACE, "--minutes", "5")
    heard(process, "expected to allow")
    while count(tmp_path) < 1:
        time.sleep(0.02)
    second = launch("resume", "run", "--minutes", "9", folder=tmp_path)
    assert second.code == 2 and second.err.count("\n") == 1
    assert "another process works on the run in 'run'; wait for it or end it" in second.err
    assert launch("top", "run", folder=tmp_path).code == 0  # reading is free
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143


@pytest.mark.parametrize("command", ["resume", "top", "report"])
@pytest.mark.parametrize("damage", ["truncated", "foreign", "emptied", "garbled"])
def test_damaged_files_are_said_in_one_line(command, damage, finished_run: Path, say, tmp_path: Path) -> None:
    shutil.copytree(finished_run, tmp_path / "run")
    file = tmp_path / "run" / FILE
    data = file.read_bytes()
    if damage == "foreign":
        file.unlink()
        with sqlite3.connect(file) as base:
            base.execute("CREATE TABLE songs (title TEXT)")
        base.close()
    else:
        broken = {"truncated": data[: len(data) // 2], "emptied": b"", "garbled": data[:4096] + b"x" * (len(data) - 4096)}
        file.write_bytes(broken[damage])
    said = say(command, "run", *(["--proposals", "99"] if command == "resume" else []))
    assert said.code == 2 and said.out == "" and said.err.count("\n") == 1 and "run" in said.err


def test_a_dry_run_writes_nothing_and_says_everything(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    said = launch("search", "tiny.yaml", "--dry-run", "--workers", "1", "--proposals", "500", folder=tmp_path)
    assert said.code == 0, said.err
    for words in ("population: 10", "programs of up to 4 free lines", "ms a trial", "500 proposals are expected to take"):
        assert words in said.out
    as_json = launch("search", "tiny.yaml", "--dry-run", "--workers", "1", "--json", folder=tmp_path)
    document = as_json.json
    assert document["resolved"]["evolution"]["in_flight"] == 8 and document["size"]["programs"] > 10**4
    assert len(document["losses"]) == 3 and document["estimate"]["proposals"] > 0
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"]


def test_the_end_of_a_run_shows_what_was_expected(searched) -> None:
    folder, said = searched
    assert "30 proposals are expected to take" in said.out
    assert "; it took " in " ".join(said.out.split())
    with Journal(folder) as journal:
        assert json.loads(json.dumps(journal.metadata()["estimate"]))["budget"] == {"minutes": None, "proposals": 30}
