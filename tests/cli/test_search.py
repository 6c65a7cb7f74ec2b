"""A search from the command line: what it says, stopping it, going on, and the folders it leaves alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.store.journal import Journal
from tests.cli.conftest import PROPOSALS, SPACE, Said, launch


def test_what_a_search_says(searched: tuple[Path, Said]) -> None:
    folder, said = searched
    assert said.code == 0 and said.err == ""
    assert said.out.startswith("searching tiny in run with 1 worker\n")
    assert re.search(r"^pick( \*)? +[0-9a-f]{8} ", said.out, re.MULTILINE)
    assert re.search(r"^dqn +9 +\S+ .*\d\.\d{3} \[", said.out, re.MULTILINE)
    assert f"{PROPOSALS} proposals" in said.out and "report: run/report.html" in said.out
    assert (folder / "report.html").read_text().startswith("<!")
    assert not re.search("\x1b|\r|nan", said.out)
    for line in (
        "resume run --proposals 60",
        "export run@best --to python -o loss.py",
        "report run -o",
        "compare dqn run@best",
    ):
        assert f"rlsearch {line}" in said.out


def test_resume_is_as_if_never_stopped(finished_run: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    short = ("search", "tiny.yaml", "--proposals", "12", "--workers", "2", "--out", "mine", "--json")
    assert launch(*short, folder=tmp_path).json["proposals"] == 12
    said = launch("resume", "mine", "--proposals", str(PROPOSALS), "--workers", "1", "--json", folder=tmp_path)
    assert said.code == 0 and said.json["proposals"] == PROPOSALS and "resuming tiny" in said.err
    with Journal(finished_run) as whole, Journal(tmp_path / "mine") as halves:
        assert list(whole.proposals()) == list(halves.proposals())
        scores = [[[row.result.curve for row in rows] for rows in journal.trials().values()] for journal in (whole, halves)]
    assert scores[0] == scores[1]
    again = launch("resume", "mine", "--proposals", str(PROPOSALS), folder=tmp_path)
    assert again.code == 2 and "--proposals is a total" in again.err
    again = launch("resume", "mine", "--minutes", "0.001", folder=tmp_path)
    assert again.code == 2 and "--minutes is a total" in again.err


@pytest.mark.slow
def test_a_confirmation_is_left_out_and_made_up_for(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    words = ("search", "tiny.yaml", "--proposals", "12", "--workers", "1", "--out", "mine", "--no-confirm", "--json")
    without = launch(*words, folder=tmp_path).json
    assert without["confirmation"] == {"planned": 0, "met": 0, "choosing": 0, "reporting": 0, "losses": 0}
    assert any("--no-confirm" in caveat for caveat in without["caveats"])
    assert "confirmed  not asked for" in launch("check", "mine", folder=tmp_path).out
    again = launch("resume", "mine", "--no-confirm", folder=tmp_path)
    assert again.code == 2 and "--proposals is a total" in again.err
    found = launch("resume", "mine", "--confirm-seeds", "3", "--workers", "1", "--json", folder=tmp_path).json
    assert (found["proposals"], found["confirmation"]["met"]) == (12, 3) and found["top"][0]["confirmed"]["seeds"] == 2
    assert "confirmed  3 of 3 fresh seeds" in launch("check", "mine", folder=tmp_path).out


def test_json_is_the_result(finished_run: Path, say) -> None:
    document = say("top", str(finished_run), "--json").json
    assert document["schema"] == 1 and document["finished"] and document["proposals"] == PROPOSALS
    assert [entry["pick"] for entry in document["top"]].count(True) == 1
    assert {"mean", "low", "high", "seeds", "choosing"} == set(document["baselines"]["dqn"]["confirmed"])


def test_a_folder_that_holds_a_run_is_refused(finished_run: Path, say) -> None:
    before = (finished_run / "journal.sqlite").read_bytes()
    said = say("search", "quickstart", "--out", str(finished_run))
    assert said.code == 2 and "already holds a run" in said.err and "resume" in said.err
    assert (finished_run / "journal.sqlite").read_bytes() == before


def test_without_out_the_folder_is_new(say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the space and the seed, then .2, .3; the search itself is left out."""
    from rlsearch.cli import run_search as running

    folders: list[Path] = []
    monkeypatch.setattr(running, "search_and_report", lambda folder, *_: folders.append(folder))
    for _ in range(3):
        assert say("search", "quickstart", "--seed", "7").code == 0
    assert [str(folder) for folder in folders] == [f"results/runs/quickstart-7{tail}" for tail in ("", ".2", ".3")]


def test_a_search_from_a_run_says_which_losses(finished_run: Path, say, monkeypatch: pytest.MonkeyPatch) -> None:
    """And writes them down; the search itself is left out."""
    from rlsearch.cli import run_search as running

    monkeypatch.setattr(running, "search_and_report", lambda *_: None)
    said = say("search", "quickstart", "--from", str(finished_run), "--from", "q(online, s)[a]^2", "--out", "mine")
    assert said.code == 0 and re.fullmatch(
        rf"starting from \d+ loss(es)? of other runs: {re.escape(str(finished_run))}@.*\n", said.out
    )
    with Journal(Path("mine")) as journal:
        origins = journal.metadata()["origins"]
    keys = {entry["hash"] for entry in say("top", str(finished_run), "--json").json["front"]}
    assert keys <= {origin.rpartition("@")[2] for origin in origins} and origins[-1] == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [(RunFailed("no workers"), 1), (RunError("no cluster"), 2), (KeyboardInterrupt(), 130), (OSError(28, "full"), 1)],
)
@pytest.mark.parametrize("out", [None, "mine"])
def test_a_start_that_fails_leaves_nothing(error, code: int, out, say, tmp_path: Path, monkeypatch) -> None:
    """Of whatever kind, so that the right start is not blocked."""
    from rlsearch.runs import session

    def fail(*_: object) -> None:
        raise error

    (tmp_path / "tiny.yaml").write_text(SPACE)
    monkeypatch.setattr(session, "start_executor", fail)
    words = ("search", "tiny.yaml", "--proposals", "3", *(("--out", out) if out else ()))
    said = say(*words)
    assert said.code == code and "Traceback" not in said.err and said.err.count("\n") == (0 if code == 130 else 1)
    assert [path.name for path in tmp_path.rglob("*") if path.name not in ("tiny.yaml", "results", "runs")] == []
    assert "everything so far" not in said.out and ("stopped before anything was searched" in said.out) == (code == 130)
    assert say(*words).code == code


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping(number: signal.Signals, code: int, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    words = f"{sys.executable} -m rlsearch search tiny.yaml --minutes 5 --workers 1 --out mine"
    ignoring = ["bash", "-c", f"trap '' INT; exec {words}"]  # as shells do with a script's background jobs
    process = subprocess.Popen(
        ignoring,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and rows(tmp_path / "mine") < 5:
        time.sleep(0.1)
    os.killpg(process.pid, number)  # as a terminal does: the workers get it too
    out, err = process.communicate(timeout=20)
    assert process.returncode == code and err == ""
    assert "stopped; everything so far is in mine" in out and "rlsearch resume mine\n" in out
    held = rows(tmp_path / "mine")
    assert held >= 5
    said = launch("resume", "mine", "--proposals", str(held + 2), "--workers", "1", "--json", folder=tmp_path)
    assert said.code == 0 and json.loads(said.out)["proposals"] == held + 2


def rows(folder: Path) -> int:
    """Proposals in a journal, of which there may be none yet."""
    if not (folder / "journal.sqlite").exists():
        return 0
    with Journal(folder) as journal:
        return journal.count()


@pytest.mark.slow
def test_a_search_goes_on_where_only_the_cache_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a read-only container: one line, and the workers share the folder that is found."""
    for variable, value in (("RLSEARCH_CACHE", "/dev/null/x"), ("HOME", "/dev/null"), ("TMPDIR", str(tmp_path))):
        monkeypatch.setenv(variable, value)
    (tmp_path / "tiny.yaml").write_text(SPACE)
    said = launch("search", "tiny.yaml", "--proposals", "4", "--workers", "2", "--out", "run", folder=tmp_path)
    assert said.code == 0 and said.err.count("\n") == 1 and "set RLSEARCH_CACHE to a folder" in said.err
    assert len([*tmp_path.glob("rlsearch-*")]) == 1 and rows(tmp_path / "run") == 4


@pytest.mark.slow
def test_cold_kernels_are_announced_and_then_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RLSEARCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "tiny.yaml").write_text(SPACE)
    said = [
        launch("search", "tiny.yaml", "--proposals", "2", "--workers", "1", "--out", out, folder=tmp_path) for out in ("a", "b")
    ]
    assert [one.code for one in said] == [0, 0]
    assert ["compiling numba kernels" in one.out for one in said] == [True, False]
