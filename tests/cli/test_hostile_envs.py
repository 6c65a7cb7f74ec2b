"""Environments that hang or crash: said in one line, and a search ends them, keeps its budget and goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from rlsearch.store.journal import FILE, Journal
from tests.cli.conftest import SPACE, launch
from tests.support import hostile_envs

WORDS = {
    "crashes": "seed 0: 'state' is written beyond its ends: index 1099511627776 is out of bounds",
    "exits": "seed 0: drawing the task ended its process, with exit code 3",
    "exits_when_imported": "importing exits_when_imported:CARD ended its process, with exit code 3",
    "takes_all_memory": "environment 'takes_all_memory:CARD': drawing it fails with MemoryError: Unable to allocate",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a module for each of them."""
    for name, text in vars(hostile_envs).items():
        if (name.isupper() and "CARD" in text) or name.startswith("EXITS"):
            (tmp_path / f"{name.lower()}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_space(folder, env, limit_s):
    """A space whose first rung is in an environment of one's own."""
    rung = f"  - {{envs: [{{env: '{env}:CARD'}}], seeds: 2, steps: 200}}\n"
    text = SPACE.replace("rungs:\n", f"trial_limit_s: {limit_s}\nrungs:\n{rung}").replace("steps: 3000", "steps: 300")
    (folder / "mine.yaml").write_text(text.replace("pass: 0.2", "pass: 0.9").replace("seeds: 4", "seeds: 2"))


def begun(*words):
    command = [sys.executable, "-m", "rlsearch", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


@pytest.mark.parametrize("name", WORDS)
def test_check_says_what_an_environment_did_to_its_process(name, folder, say, monkeypatch):
    monkeypatch.chdir(folder)
    said = say("check", f"{name}:CARD")
    assert (said.code, said.out) == (4, "") and said.err.startswith(WORDS[name]) and said.err.count("\n") == 1
    if name == "exits":
        document = say("check", f"{name}:CARD", "--json")
        assert document.code == 4 and document.json["problems"] == [WORDS[name]]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_check_of_one_that_hangs_hears_signals(number, code, folder):
    process = begun("check", "hangs:CARD")
    time.sleep(6)  # it is being played, or on a slow machine still loaded
    os.killpg(process.pid, number)
    pressed = time.monotonic()
    said, _ = process.communicate(timeout=20)
    assert process.returncode == code and "Traceback" not in said and time.monotonic() - pressed < 5


@pytest.mark.slow
def test_check_of_one_that_hangs_says_so(folder):
    said = launch("check", "hangs:CARD", folder=folder)
    words = "seed 0: playing step by step, with guards around the arrays did not end within 60 s\n"
    assert (said.code, said.out, said.err) == (4, "", words)


@pytest.mark.slow
@pytest.mark.parametrize("words", [("search", "mine.yaml", "--out", "run"), ("compare", "dqn", "--envs", "hangs:CARD")])
def test_without_a_limit_of_its_own_one_that_hangs_is_refused(words, folder):
    write_space(folder, "hangs", 9)
    (folder / "mine.yaml").write_text((folder / "mine.yaml").read_text().replace("trial_limit_s: 9\n", ""))
    said = launch(*words, "--workers", "1", folder=folder)
    assert said.code == 2 and said.err.count("\n") == 1
    assert "in hangs:CARD did not end within 60 s; `rlsearch check hangs:CARD`" in said.err


def rows(folder):
    """Everything but clocks; and the trials that were cut."""
    with sqlite3.connect(folder / FILE) as base:
        names = "phase, rung, env, seed_index, curve, episodes, cut_after_s"
        found = [
            base.execute("SELECT proposal, genome, parents, status, population FROM proposals ORDER BY proposal").fetchall(),
            base.execute(f"SELECT proposal, {names} FROM trials").fetchall(),
            base.execute(f"SELECT loss, {names} FROM named_trials").fetchall(),
        ]
        cut = base.execute("SELECT proposal, rung, env, seed_index FROM trials WHERE cut_after_s IS NOT NULL").fetchall()
    base.close()
    return found, cut


@pytest.mark.slow
def test_a_search_goes_on_beside_trials_that_hang(folder):
    """Each is cut and said to be, known losses' as well; `resume` and `check` take it from the journal."""
    write_space(folder, "hangs_for_some_seeds", 1.0)
    for proposals in ("3", "5"):
        verb = ("resume", "run") if proposals == "5" else ("search", "mine.yaml", "--out", "run")
        said = launch(*verb, "--proposals", proposals, "--workers", "2", folder=folder)
        assert said.code == 0, said.err
    found, cut = rows(folder / "run")
    assert cut and {(rung, env, seed) for _, rung, env, seed in cut} == {(0, "hangs_for_some_seeds:CARD", 1)}
    assert {row[0] for row in found[1]} == {row[0] for row in cut}, "a loss whose trial hangs is not trained in another way"
    assert f"{len(cut)} of the search's trials were cut by their time limit" in said.out
    assert launch("search", "mine.yaml", "--out", "whole", "--proposals", "5", "--workers", "1", folder=folder).code == 0
    assert rows(folder / "whole") == (found, cut)
    checked = launch("check", "run", folder=folder)
    assert checked.code == 0 and "trained again: the same, bit for bit" in checked.out, checked.err
    assert f"  cut        {len(cut) + 1} trials by a time limit: taken as the journal says\n" in checked.out
    top = launch("top", "run", "--json", folder=folder).json
    assert top["outcomes"]["timeout"] == len(cut)


@pytest.mark.slow
def test_a_budget_of_minutes_is_kept_whatever_hangs(folder):
    write_space(folder, "hangs", 1000)
    process = begun("search", "mine.yaml", "--out", "run", "--minutes", "0.05", "--workers", "2")
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    with Journal(folder / "run") as journal:
        metadata = journal.metadata()
    assert metadata["finished"] is True and metadata["total_seconds"] < 3 + 5 + 10


@pytest.mark.slow
def test_one_request_stops_a_search_that_hangs(folder):
    write_space(folder, "hangs", 1000)
    process = begun("search", "mine.yaml", "--out", "run", "--minutes", "30", "--workers", "1")
    for line in process.stdout:
        if "expected to allow" in line:
            break
    time.sleep(1)
    os.killpg(process.pid, signal.SIGTERM)
    pressed = time.monotonic()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 143 and "stopped before anything was searched" in said
    assert time.monotonic() - pressed < 10


def test_compare_counts_a_run_that_hangs_as_nothing(folder):
    words = ("compare", "dqn", "--envs", "hangs:CARD", "--seeds", "2", "--steps", "100", "--trial-limit", "1")
    said = launch(*words, "--workers", "2", "--json", folder=folder)
    assert said.code == 0, said.err
    assert [(row["cut_after_s"], row["area"], row["final"]) for row in said.json["rows"]] == [(1.0, 0.0, 0.0)] * 2
