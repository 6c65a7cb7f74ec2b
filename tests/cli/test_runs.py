"""`rlsearch runs`: a line for each run, whatever lies beside them."""

import os
from pathlib import Path

from rlsearch.store.journal import FILE, Journal
from tests.cli.test_cli import loaded
from tests.support.tiny_runs import DQN, by_hand, flat, tiny


def made(folder: Path, **facts) -> Path:
    with by_hand(folder, tiny(), [(DQN, [flat(0, 0, 0, 0.5)])], {}) as journal:
        journal.set_metadata(**facts)
    return folder


def test_no_runs_yet(say, tmp_path: Path) -> None:
    for _ in range(2):
        said = say("runs")
        assert said.code == 0 and said.out.startswith("no runs in results/runs; type `rlsearch search ")
        assert say("runs", "--json").json["runs"] == []
        (tmp_path / "results" / "runs").mkdir(parents=True, exist_ok=True)


def test_each_run_is_a_line_and_a_record(say, tmp_path: Path) -> None:
    root = tmp_path / "results" / "runs"
    os.utime(made(root / "old", finished=True, search_seconds=90.0, seed=7) / FILE, (1e9, 1e9))
    made(root / "new", strategy="random")
    said = say("runs")
    head, *lines = said.out.splitlines()
    assert said.code == 0 and said.err == "" and head.split()[:3] == ["run", "state", "space"]
    assert lines[0].split()[:6] == ["new", "not", "finished", "tiny", "1", "random"]
    assert lines[1].split()[:7] == ["old", "finished", "tiny", "7", "evolution", "1", "1.5"]
    assert lines[1].endswith("2001-09-09 01:46")
    new, old = say("runs", "--json").json["runs"]
    assert (new["name"], new["state"], new["proposals"], new["why"]) == ("new", "not finished", 1, "")
    with Journal(root / "old") as journal:
        facts = journal.metadata()
    assert {key: old[key] for key in ("space", "seed", "strategy", "search_seconds")} == {
        key: facts[key] for key in ("space", "seed", "strategy", "search_seconds")
    }
    assert old["written"] == "2001-09-09T01:46:40+00:00" and old["bytes"] >= (root / "old" / FILE).stat().st_size
    assert say("runs", str(root)).out == say("runs").out


def test_names_that_are_no_text_and_damage_are_told(say, tmp_path: Path) -> None:
    names = [b"two\nlines", b"\xff\xfe"]
    for name in names:
        (Path(os.fsdecode(bytes(tmp_path / "mine") + b"/" + name))).mkdir(parents=True)
    (tmp_path / "mine" / "foreign").mkdir()
    (tmp_path / "mine" / "foreign" / FILE).write_text("no database")
    said = say("runs", "mine")
    assert said.code == 0 and len(said.out.splitlines()) == 4
    assert r"two\nlines" in said.out and r"\udcff\udcfe" in said.out and "file is not a database" in said.out
    assert {run["state"] for run in say("runs", "mine", "--json").json["runs"]} == {"damaged"}


def test_a_folder_of_runs_is_wanted(say, tmp_path: Path) -> None:
    made(tmp_path / "run")
    for root, message in (("nowhere", "cannot be read"), ("run", "is a run; type the folder that holds it")):
        said = say("runs", root)
        assert said.code == 2 and said.out == "" and message in said.err and said.err.count("\n") == 1


def test_listing_loads_nothing_that_trains(tmp_path: Path) -> None:
    made(tmp_path / "run")
    found = loaded(f"from rlsearch.cli import run; run(['runs', {str(tmp_path)!r}])")
    assert not {"torch", "numba", "sympy", "scipy"} & set(found)
