"""`rlsearch check RUN`, and what is said of things that do not exist: problems are 4, a wrong request is 2."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rlsearch.store.journal import FILE, Journal
from tests.cli.conftest import SPACE, Said


@pytest.fixture
def a_run(finished_run: Path, tmp_path: Path) -> Path:
    """A copy to be changed, where runs are."""
    return Path(shutil.copytree(finished_run, tmp_path / "results" / "runs" / "mine"))


def test_a_run_that_was_searched_has_no_problems(a_run: Path, say: Callable[..., Said]) -> None:
    with Journal(a_run) as journal:
        count = journal.count()
    for name in ("mine", "results/runs/mine", str(a_run), "results/runs/mine/"):
        said = say("check", name)
        assert said.code == 0 and said.err == ""
        assert "mine: a run without problems\n" in said.out and f" {count} of {count} looked at" in said.out
    document = say("check", "mine", "--json").json
    assert (document["kind"], document["problems"]) == ("run", [])
    assert f"{count} proposals made again, with the trials that each was due: the same" in said.out
    assert "3 trained again: the same, bit for bit" in said.out


def test_each_problem_is_a_line_with_what_to_do(a_run: Path, say: Callable[..., Said]) -> None:
    with sqlite3.connect(a_run / FILE) as base:
        base.execute("UPDATE proposals SET key = '00' || key WHERE proposal = 2")
        base.execute("UPDATE proposals SET class_index = 29 WHERE proposal = 0")
    base.close()
    (a_run / "space.yaml").write_text("mine")
    said = say("check", "mine")
    assert (said.code, said.out) == (4, "") and len(said.err.splitlines()) == 3
    assert all("; " in line for line in said.err.splitlines())
    document = say("check", "mine", "--json")
    assert document.code == 4 and document.json["problems"] == said.err.splitlines()


SOME = "(SELECT proposal FROM trials WHERE rung = 1 LIMIT 1)"
TAMPERED = {
    "UPDATE trials SET area = 0.99 WHERE rung = 1": "is damaged: a trial of",
    f"DELETE FROM trials WHERE proposal = {SOME}": "are not those that it was due",
    f"DELETE FROM trials WHERE rung = 1 AND seed_index = 1 AND proposal = {SOME}": "are not those that it was due",
    "UPDATE trials SET seed_index = 77 WHERE rung = 0 AND proposal = 0": "trials of proposal 0 are not those",
    "UPDATE trials SET steps = steps + 1": "trials of proposal 0 are not those",
    "UPDATE proposals SET origin = 'foo' WHERE proposal = 20": "proposal 20 is not what its space and seed give here",
    "UPDATE proposals SET parents = '[9999]' WHERE proposal = 20": "proposal 20 is not",
    "UPDATE proposals SET population = '' WHERE proposal = 20": "proposal 20 is not",
    "UPDATE metadata SET value = '7' WHERE name = 'seed'": "the journal was changed",
    "UPDATE trials SET diverged_at = 3 WHERE rung = 0": "are not those that it was due",  # what it recorded came later
    "UPDATE trials SET episodes = episodes + 1 WHERE rung = 0": "trained again, does not give what the journal says",
    "DELETE FROM named_trials": "trials of 'dqn' are not those that it was due",
    "UPDATE named_trials SET env = 'Catch' WHERE rung = 0": "trials of 'dqn' are not those",
}


@pytest.mark.parametrize("change", TAMPERED)
def test_what_was_changed_by_hand_is_found(change: str, a_run: Path, say: Callable[..., Said]) -> None:
    with sqlite3.connect(a_run / FILE) as base:
        assert base.execute(change).rowcount > 0
    base.close()
    said = say("check", "mine")
    assert said.code == 4 and TAMPERED[change] in said.err and "; " in said.err


def test_a_comment_in_the_copy_of_the_space_changes_nothing(a_run: Path, say: Callable[..., Said]) -> None:
    copy = a_run / "space.yaml"
    copy.write_text("# mine\n" + copy.read_text())
    assert say("check", "mine").code == 0
    copy.write_text(copy.read_text().replace("population: 10", "population: 11"))
    said = say("check", "mine")
    assert said.code == 4 and "evolution.population was 10, is 11" in said.err


@pytest.mark.parametrize(
    ("kept", "problem"),
    [(20_000, "cannot be read as"), (50, "cannot be read as"), (0, "of some other program")],
)
def test_what_is_left_of_a_run_has_problems(kept: int, problem: str, a_run: Path, say: Callable[..., Said]) -> None:
    (a_run / FILE).write_bytes((a_run / FILE).read_bytes()[:kept])
    said = say("check", "mine")
    assert said.code == 4 and said.out == "" and problem in said.err and "Traceback" not in said.err


ABSENT = {
    "nonsense": "neither a search space, a known loss, a run nor an environment",
    "mime": "did you mean 'mine'?",
    "CartPole-v2": "did you mean 'CartPole-v1'?",
    "nothing.yaml": "no search space 'nothing.yaml'",
    "nothing.py": "there is no op pack 'nothing.py'",
    "nothing.loss": "there is no file 'nothing.loss'",
    "runs/nothing": "unknown loss 'runs/nothing'",
    "nothing@best": "there is no run 'nothing'",
    "mine@zz": "no loss in 'results/runs/mine' begins with 'zz'",
    "results": "'results' holds no run",
    f"results/runs/mine/{FILE}": "is a file; a run is the folder",
    "no_module_of_mine:CARD": "No module named 'no_module_of_mine'",
    "rlsearch.nothing:CARD": "No module named 'rlsearch.nothing'",
    "rlsearch.envs.example:NOTHING": "has no attribute 'NOTHING'",
    "": "unknown loss ''",
}


@pytest.mark.parametrize("what", ABSENT)
def test_what_does_not_exist_is_a_wrong_request(what: str, a_run: Path, say: Callable[..., Said]) -> None:
    for more in ((), ("--json",)):
        said = say("check", what, *more)
        assert (said.code, said.out) == (2, "") and ABSENT[what] in said.err
        assert said.err.startswith("rlsearch: ") and said.err.count("\n") == 1


WRONG = {
    "wrong.yaml": SPACE + "popluation: 3\n",
    "wrong.py": "OPS = ()",
    "wrong.loss": "loss = tahn(r)",
    "wrong_import.py": "import no_module_of_mine",
    "wrong_card.py": "CARD = 3",
}


@pytest.mark.parametrize("what", ["wrong.yaml", "wrong.py", "wrong.loss", "wrong_card:CARD", "wrong_import:CARD"])
def test_what_exists_and_is_wrong_has_problems(
    what: str, say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in WRONG.items():
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    said = say("check", what)
    assert (said.code, said.out) == (4, "") and said.err
