"""`rlsearch runs`: a line for each run, whatever lies beside them."""

import io
import os
from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.runs.run import Options, create_run
from rlsearch.store import pruning
from rlsearch.store.journal import FILE, Journal, ProposalRow
from rlsearch.store.listing import list_runs
from rlsearch.store.pruning import find_prunable, prune_run
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
    for name in (*names, b"foreign"):
        folder = Path(os.fsdecode(bytes(tmp_path / "mine") + b"/" + name))
        folder.mkdir(parents=True)
        (folder / FILE).write_text("no database")
    (tmp_path / "mine" / "an ordinary folder").mkdir()
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


def test_ordinary_folders_are_no_runs(say, tmp_path: Path) -> None:
    (tmp_path / "photos" / "2024").mkdir(parents=True)
    said = say("runs", "photos")
    assert said.code == 0 and said.out.startswith("no runs in photos; type `rlsearch search")
    made(tmp_path / "my results" / "runs" / "one")
    assert say("runs", "my results").out == "no runs in my results; type `rlsearch runs 'my results/runs'`\n"


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Runs of every kind, and folders that are none."""
    root = tmp_path / "root"
    for name in ("unbegun", "spare"):
        create_run(tiny(), Options(), root / name)
    made(root / "good", finished=True)
    made(root / "going on")
    os.utime(made(root / "old") / FILE, (1e9, 1e9))
    create_run(tiny(), Options(), root / "vain")
    with Journal(root / "vain", write=True) as journal:
        journal.add(ProposalRow(0, "", "[]", "random", "rejected", "", "", -1, 1, ""), ())
        journal.set_metadata(finished=True)
    (root / "damaged").mkdir()
    (root / "damaged" / FILE).write_text("no database")
    (root / "thesis").mkdir()
    return root


def names(root: Path) -> set[str]:
    return {entry.name for entry in root.iterdir()}


EMPTY = {"unbegun", "spare", "vain"}


def test_what_would_be_pruned_is_listed(say, several: Path) -> None:
    before = names(several)
    said = say("runs", str(several), "--prune", "--dry-run")
    assert said.code == 0 and said.err == "" and names(several) == before
    assert {line.split()[0] for line in said.out.splitlines()[1:4]} == EMPTY
    assert "nothing was proposed" in said.out and "nothing could be trained" in said.out and "\n3 runs, " in said.out
    found = say("runs", str(several), "--prune", "--dry-run", "--older-than", "30", "--json").json
    assert {Path(run["folder"]).name for run in found["pruned"]} == EMPTY | {"old"} and found["dry_run"]
    assert not any(run["removed"] for run in found["pruned"]) and names(several) == before


def test_pruning_removes_what_it_lists(say, several: Path) -> None:
    (several / "spare" / "notes.txt").write_text("years of work")
    before = names(several)
    said = say("runs", str(several), "--prune", "--yes")
    assert said.code == 0 and "removed 3 runs, " in said.out and names(several) == before - EMPTY | {"spare"}
    assert "stays, as it holds what is not the run's: notes.txt" in said.err and (several / "spare" / "notes.txt").exists()
    assert say("runs", str(several), "--prune", "--yes").out == f"nothing to remove in {several}\n"
    found = say("runs", str(several), "--prune", "--yes", "--older-than", "1", "--json").json
    assert [run["removed"] for run in found["pruned"]] == [True] and not (several / "old").exists()
    assert {"good", "going on", "damaged", "thesis"} <= names(several)


@pytest.mark.parametrize(("typed", "gone"), [("y\n", True), ("\n", False), ("n\n", False)])
def test_somebody_is_asked_first(typed: str, gone: bool, say, several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = io.StringIO(typed)
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", keyboard)
    said = say("runs", str(several), "--prune")
    assert said.code == 0 and "Remove 3 runs?" in said.err and (several / "vain").exists() != gone


def test_where_nobody_can_be_asked_nothing_is_removed(say, several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(several)
    for words in ((), ("--json",)):
        said = say("runs", str(several), "--prune", *words)
        assert said.code == 2 and "type --yes" in said.err and said.out == "" and names(several) == before
    said = say("runs", "--yes")
    assert said.code == 2 and "go with --prune" in said.err and said.err.count("\n") == 1
    assert say("runs", "--prune").out == "nothing to remove in results/runs\n"


def test_a_run_that_changes_meanwhile_stays(say, several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the list and the answer."""
    found = {entry.run.folder.name: entry.run for entry in find_prunable(list_runs(several))}
    with Journal(several / "spare", write=True) as journal:
        with pytest.raises(RunError, match="another process works on the run"):
            prune_run(found["spare"])
        journal.add(ProposalRow(0, "", "[]", "random", "rejected", "", "", -1, 1, ""), ())
    os.utime(several / "spare" / FILE, (2e9, 2e9))
    with pytest.raises(RunError, match="was written to meanwhile"):
        prune_run(found["spare"])
    monkeypatch.setattr(
        pruning, "find_prunable", lambda *_: [pruning.Prunable(found["spare"], "x"), pruning.Prunable(found["vain"], "y")]
    )
    said = say("runs", str(several), "--prune", "--yes")
    assert said.code == 1 and "removed 1 run, " in said.out and "written to meanwhile" in said.err
    assert (several / "spare" / FILE).exists() and not (several / "vain").exists()
