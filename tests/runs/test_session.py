"""A session: its budget, what it writes down and says, and its lock, held from the first moment to the last."""

import subprocess
import sys
from dataclasses import asdict

import pytest

import rlsearch
from rlsearch.errors import RunError, SpaceError
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs import session as sessions
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.run import Options, create_run, open_run
from rlsearch.runs.session import create, resolve_budget, run_session
from rlsearch.store.journal import Journal
from rlsearch.store.lock import has_writer
from tests.support.tiny_runs import Here, search, tiny


class Ready(Here):
    """Workers of this process, which are ready at once."""

    isolated = True

    def wait_until_ready(self):
        pass


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Nothing is compiled ahead, and no process started."""
    monkeypatch.setattr(sessions, "ensure_compiled", lambda *_: None)
    monkeypatch.setattr(ExecutorConfig, "make_executor", lambda *_: Ready())


@pytest.fixture
def folder(tmp_path):
    create_run(tiny(), Options(seed=1), tmp_path / "run")
    return tmp_path / "run"


def refusal(folder):
    """What a second process is told that wants to go on with a run."""
    script = "import sys, rlsearch; rlsearch.Run(sys.argv[1]).resume(proposals=9)"
    second = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
    return second.stderr.splitlines()[-1]


# Budgets.


def with_metadata(folder, proposals=0, **metadata):
    if proposals:
        search(folder, tiny(), proposals)
    else:
        create_run(tiny(), Options(seed=1), folder)
    with Journal(folder, write=True) as journal:
        journal.set_metadata(**metadata)
    return folder


@pytest.mark.parametrize(
    ("spent", "asked", "found"),
    [
        ({}, Budget(minutes=3), Budget(minutes=3)),
        ({"budget": {"minutes": None, "proposals": 5}}, Budget(minutes=3), Budget(minutes=3)),
        ({"budget": {"minutes": None, "proposals": 5}}, None, Budget(proposals=5)),
        ({"budget": {"minutes": 2.5, "proposals": None}, "search_seconds": 149}, None, Budget(minutes=2.5)),
        ({}, None, "how long"),
        ({"search_seconds": 60.0}, Budget(minutes=1), "has spent its minutes: 1.0 of search"),
        ({"search_seconds": 50.0, "finished": True}, Budget(minutes=1), "has spent its minutes: 0.8 of search"),
        ({"search_seconds": 50.0, "finished": False}, Budget(minutes=1), Budget(minutes=1)),
    ],
)
def test_a_budget_is_what_was_asked_for_or_what_the_session_before_had(spent, asked, found, tmp_path):
    with open_run(with_metadata(tmp_path / "run", **spent)) as run:
        if isinstance(found, Budget):
            assert resolve_budget(run, asked) == found
        else:
            with pytest.raises(RunError, match=found) as error:
                resolve_budget(run, asked)
            assert "type " in str(error.value) and str(tmp_path / "run") in str(error.value)


@pytest.mark.parametrize(("finished", "refused"), [(True, [5, 10]), (False, [5])])
def test_proposals_are_a_total(finished, refused, tmp_path):
    with open_run(with_metadata(tmp_path / "run", 10, finished=finished)) as run:
        for total in (5, 10, 11):
            if total in refused:
                with pytest.raises(RunError, match=rf"has made 10 proposals and --proposals is a total, of {total}; .* 20`"):
                    resolve_budget(run, Budget(proposals=total))
            else:
                assert resolve_budget(run, Budget(proposals=total)).proposals == total


# What is written and said.


def test_a_session_leaves_what_it_was(folder):
    said, told = [], []
    with open_run(folder, write=True) as run:
        assert run_session(run, Budget(proposals=6), ExecutorConfig(), told.append, said.append) is True
        first = run.journal.metadata()
        assert run_session(run, Budget(proposals=8), ExecutorConfig(), None, said.append) is True
        second = run.journal.metadata()
    assert first["budget"] == asdict(Budget(proposals=6)) and second["budget"] == asdict(Budget(proposals=8))
    assert [begun["proposals"] for begun in second["sessions"]] == [0, 6] and second["workers"] == 1
    assert first["sessions"] == second["sessions"][:1] and first["estimate"] == second["estimate"]
    assert first["finished"] is second["finished"] is True
    assert said[0].startswith("6 proposals are expected to take ")
    assert said[1:] == ["going through the 6 proposals that the journal holds ..."]
    assert [progress.proposals for progress in told[:6]] == [1, 2, 3, 4, 5, 6] and told[-1].phase == "confirm"


def test_another_machine_is_said(folder):
    said = []
    with open_run(folder, write=True) as run:
        run.journal.set_metadata(stamp=run.journal.metadata()["stamp"] | {"cpu": "Abacus 1"})
        run_session(run, Budget(proposals=3), ExecutorConfig(), on_message=said.append)
    assert said[0].startswith(
        "note: this run was begun elsewhere, and its numbers may differ in the last digits: processor was Ab"
    )


def test_a_session_that_is_asked_to_stop_has_not_come_to_its_end(folder):
    stop = Stop()

    def watch(progress):
        stop.asked = progress.proposals >= 4

    with open_run(folder, write=True) as run:
        assert run_session(run, Budget(proposals=20), ExecutorConfig(), watch, stop=stop) is False
        assert run.journal.metadata()["finished"] is False and 4 <= run.journal.count() < 20


def test_nothing_is_made_of_what_cannot_be_searched(tmp_path, monkeypatch):
    (tmp_path / "tiny.yaml").write_text(tiny().text)
    with pytest.raises(SpaceError, match="no search space"):
        create("tyni", Options(), tmp_path / "run")
    with pytest.raises(rlsearch.errors.LossError, match="no gradient"):
        create(str(tmp_path / "tiny.yaml"), Options(starts=("loss = r",)), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    monkeypatch.chdir(tmp_path)
    assert create("tiny.yaml", Options(seed=4), None).as_posix() == "results/runs/tiny-4"


# The lock.


def test_the_lock_is_held_from_the_first_moment_to_the_last(folder, monkeypatch):
    """While kernels compile, workers start, the search runs and is confirmed: a second process is refused."""
    moments = []

    def look(moment):
        moments.append(moment)
        assert has_writer(folder)
        with pytest.raises(RunError, match="another process works on the run"):
            Journal(folder, write=True)

    def start(*_):
        look("started")
        assert "another process works on the run" in refusal(folder)
        return Ready()

    monkeypatch.setattr(sessions, "ensure_compiled", lambda *_: look("compiled"))
    monkeypatch.setattr(ExecutorConfig, "make_executor", start)
    monkeypatch.setattr(Ready, "wait_until_ready", lambda _: look("ready"))
    with open_run(folder, write=True) as run:
        look("opened")
        run_session(
            run,
            resolve_budget(run, Budget(proposals=6)),
            ExecutorConfig(),
            lambda told: look(told.phase),
            lambda _: look("said"),
        )
        look("ended")
    assert list(dict.fromkeys(moments)) == ["opened", "compiled", "started", "ready", "said", "search", "confirm", "ended"]
    assert not has_writer(folder)


def test_a_journal_is_opened_to_be_written_once_in_a_session(tmp_path, monkeypatch):
    opened, init = [], Journal.__init__

    def counted(journal, folder, write=False):
        opened.append(write)
        init(journal, folder, write)

    (tmp_path / "tiny.yaml").write_text(tiny().text)
    monkeypatch.setattr(Journal, "__init__", counted)
    run = rlsearch.search(str(tmp_path / "tiny.yaml"), proposals=3, out=tmp_path / "run")
    assert opened == [True]
    run.resume(proposals=4)
    assert opened == [True, True]


def test_a_session_that_fails_gives_the_lock_back(folder, monkeypatch):
    def fail(*_):
        raise RunError("no room")

    monkeypatch.setattr(sessions, "ensure_compiled", fail)
    with pytest.raises(RunError, match="no room"), open_run(folder, write=True) as run:
        run_session(run, Budget(proposals=3), ExecutorConfig())
    assert not has_writer(folder)
