"""A probe that errs: the run finds it out on what it recorded, divides the class, and trains what was never trained."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from rlsearch.analysis.ranking import ranking
from rlsearch.errors import RunError
from rlsearch.evaluation.trial import Phase
from rlsearch.evaluation.twins import Twin
from rlsearch.evolve import guard
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import TimedOut
from rlsearch.runs.audit import audit_run
from rlsearch.runs.budget import Budget
from rlsearch.runs.run import Options, create_run, open_run
from rlsearch.runs.search_loop import run_search
from rlsearch.store.database import FILE
from rlsearch.store.integrity import examine
from rlsearch.store.journal import Journal
from tests.support.false_merges import CHECK_EVERY, SPACE, STARTS, install, write_driver
from tests.support.tiny_runs import PREPARE, Here, go_on, proposed, rows, search

PROPOSALS = 40
FALSE, TRUE, TWICE = range(3)  # the start losses: the first is no dqn where the reward is 0, the others are


@pytest.fixture(autouse=True)
def erring(monkeypatch):
    """A probe without rewards of 0."""
    install(monkeypatch.setattr)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run, searched in this process; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    with pytest.MonkeyPatch.context() as patch:
        install(patch.setattr)
        search(folder, SPACE, PROPOSALS, starts=STARTS)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    """A copy to be changed."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FILE).write_bytes((whole / FILE).read_bytes())
    return tmp_path / "run"


def test_a_false_merge_is_found_divided_and_trained(whole):
    with Journal(whole) as journal:
        made, splits, trials = list(journal.proposals()), journal.splits(Phase.RUNG), journal.trials()
    assert [(row.status, row.class_index) for row in made[:3]] == [("trained", 0), ("equivalent", 0), ("equivalent", 0)]
    first = splits[CHECK_EVERY - 1]
    assert [(split.member, split.class_index, split.new_class) for split in first[:2]] == [(1, 0, 1), (2, 0, 1)]
    assert first[0].where == "where the reward is 0" and first[0].difference > 0.5
    assert first[0].words == "class 0: #1 trains differently where the reward is 0; divided"
    repair = made[len(STARTS)]  # the first that is made after the check, start losses apart
    assert (repair.origin, repair.parents, repair.status, repair.class_index) == ("split", "[1]", "trained", 1)
    assert repair.key == made[1].key and 1 not in trials and len(trials[repair.index]) >= 1
    assert {made[split.member].status for those in splits.values() for split in those} <= {"equivalent", "duplicate"}


def test_later_forms_are_told_apart_by_what_was_recorded(whole):
    """Of new forms and of those that were met before."""
    with Journal(whole) as journal:
        made = list(journal.proposals())
    assert CHECK_EVERY + SPACE.evolution.in_flight <= len(STARTS) - 4
    last = [(row.status, row.class_index) for row in made[len(STARTS) - 4 : len(STARTS)]]
    assert last == [("equivalent", FALSE), ("equivalent", TRUE), ("duplicate", TRUE), ("duplicate", FALSE)]


def test_what_is_shown_counts_forms_where_they_belong(whole):
    with open_run(whole) as run:
        found = ranking(run.journal, run.space)
        by_class = {entry.index: entry for entry in found.top}
    assert by_class[TRUE].selected.score.mean > by_class[FALSE].selected.score.mean
    assert by_class[TRUE].relation.startswith("same gradient as dqn")
    told = [note for note in found.notes if "found to train differently: class 0: #1 trains differently" in note]
    assert len(told) == 1


def test_the_members_of_what_is_confirmed_were_trained_beside_it(whole):
    with Journal(whole) as journal:
        twins = [twin for twin in journal.twins() if twin.class_index == TRUE]
    assert {twin.member for twin in twins} >= {TWICE} and {twin.env for twin in twins} == {"Catch", "LayeredMDP"}
    assert not any(twin.differs for twin in twins) and all(twin.noise < 0.01 for twin in twins)


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_rows_do_not_depend_on_the_number_of_workers(workers, whole, tmp_path):
    with LocalPool(workers, PREPARE) as pool:
        assert search(tmp_path / "run", SPACE, PROPOSALS, pool, starts=STARTS) == rows(whole)


@pytest.mark.parametrize("sessions", [(CHECK_EVERY - 1,), (CHECK_EVERY, CHECK_EVERY + 1), (20, 30)])
def test_sessions_do_not_matter(sessions, whole, tmp_path):
    """Also where one ends between detection and repair, or finds at its end what the next finds on its way."""
    search(tmp_path / "run", SPACE, sessions[0], starts=STARTS)
    for proposals in (*sessions[1:], PROPOSALS):
        found = go_on(tmp_path / "run", proposals)
    assert found == rows(whole)


@pytest.mark.parametrize("moment", [pytest.param("before", marks=pytest.mark.slow), "after"])
def test_a_kill_between_detection_and_repair_changes_nothing(moment, whole, tmp_path):
    create_run(SPACE, Options(seed=1, starts=STARTS), tmp_path / "run")
    words = [sys.executable, str(write_driver(tmp_path)), str(tmp_path / "run"), str(PROPOSALS), moment]
    driver = subprocess.Popen(words, start_new_session=True)
    try:
        assert driver.wait() == -signal.SIGKILL
    finally:
        os.killpg(driver.pid, signal.SIGKILL)  # its workers
    held = proposed(rows(tmp_path / "run"))
    assert len(held) == CHECK_EVERY - (moment == "before")
    assert [bool(splits) for *_, splits in held] == [index == CHECK_EVERY - 1 for index in range(len(held))]
    assert go_on(tmp_path / "run", PROPOSALS) == rows(whole)


class WithoutTwins(Here):
    """Workers in which twins take longer than they may."""

    def collect(self, timeout=None):
        return [
            (key, TimedOut(2.5) if isinstance(value, tuple) and value and isinstance(value[0], Twin) else value)
            for key, value in super().collect(timeout)
        ]


def test_twins_that_hang_are_left_out_and_said(whole, tmp_path):
    said = []
    create_run(SPACE, Options(seed=1, starts=STARTS), tmp_path / "run")
    with open_run(tmp_path / "run", write=True) as run:
        assert run_search(run, Budget(proposals=PROPOSALS), WithoutTwins(), on_message=said.append)
    with Journal(tmp_path / "run") as journal, Journal(whole) as complete:
        assert not journal.twins() and journal.confirmations().keys() == complete.confirmations().keys()
    assert "members of a class were not trained beside it in Catch: that took more than 2.5 s" in said
    with open_run(tmp_path / "run") as run:
        assert audit_run(run).proposed == PROPOSALS


def test_a_split_is_said_once(tmp_path):
    said = []
    create_run(SPACE, Options(seed=1, starts=STARTS), tmp_path / "run")
    for proposals in (CHECK_EVERY, 2 * CHECK_EVERY):
        with open_run(tmp_path / "run", write=True) as run:
            run_search(run, Budget(proposals=proposals), Here(), on_message=said.append)
    assert said.count("class 0: #1 trains differently where the reward is 0; divided") == 1


def test_the_audit_finds_every_split_again(whole):
    with Journal(whole) as journal:
        assert examine(journal).problems == ()
    with open_run(whole) as run:
        assert audit_run(run).proposed == PROPOSALS


def test_at_the_end_all_members_of_what_is_confirmed_are_looked_at(tmp_path, monkeypatch):
    """Here nothing is looked at before; what is found then is no part of a search that goes on."""
    monkeypatch.setattr(guard, "CHECK_EVERY", 1000)
    search(tmp_path / "run", SPACE, 22, starts=STARTS)
    with Journal(tmp_path / "run") as journal:
        assert journal.splits(Phase.RUNG) == {} and journal.count() == 22
        (found,) = journal.splits(Phase.CONFIRM).values()
        assert {(split.found_at, split.member, split.class_index, split.new_class) for split in found} >= {(21, 1, 0, 1)}
    with open_run(tmp_path / "run") as run:
        audit_run(run)
    with sqlite3.connect(tmp_path / "run" / FILE) as base:
        base.execute("DELETE FROM splits WHERE member = 2")
    base.close()
    with open_run(tmp_path / "run") as run, pytest.raises(RunError, match="the forms that left their class at its end are not"):
        audit_run(run)
    assert go_on(tmp_path / "run", 25) == search(tmp_path / "whole", SPACE, 25, starts=STARTS)


CHANGED = {
    "DELETE FROM splits WHERE phase = 'rung' AND member = 2": "the forms that left their class after proposal 7",
    "UPDATE splits SET difference = difference * 1.01 WHERE phase = 'rung' AND member = 1": "the forms that left",
    "UPDATE splits SET \"where\" = 'nowhere' WHERE phase = 'rung' AND member = 1": "the forms that left",
    "UPDATE splits SET new_class = 2 WHERE phase = 'rung' AND member = 1": "the forms that left",
    "INSERT INTO splits SELECT phase, found_at, 99, 5, 3, 5, 1.0, '' FROM splits WHERE place = 0": "the forms that left",
    "DELETE FROM recordings": "trials of 'dqn' are not those that it was due",
    "DELETE FROM recordings WHERE typeof(owner) = 'integer'": r"trials of proposal \d+ are not those",
    "UPDATE recordings SET step = step + 1 WHERE typeof(owner) = 'integer'": r"trials of proposal \d+ are not those",
}


@pytest.mark.parametrize("change", CHANGED)
def test_what_was_changed_by_hand_is_refused(change, copy):
    with sqlite3.connect(copy / FILE) as base:
        assert base.execute(change).rowcount > 0
    base.close()
    with open_run(copy) as run, pytest.raises(RunError, match=CHANGED[change]):
        audit_run(run)
    if "recordings" not in change:
        with pytest.raises(RunError, match=CHANGED[change]):
            go_on(copy, 2 * PROPOSALS)
