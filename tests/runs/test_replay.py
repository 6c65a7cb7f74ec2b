"""Replaying a journal: to the state that a search had, row by row, and whatever is not the same is refused."""

import sqlite3
from dataclasses import replace

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.runs.replay import check_baselines, replay
from rlsearch.runs.run import open_run
from rlsearch.runs.search_state import SearchState, row_of
from rlsearch.store.database import FILE
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import go_on, rows, search, tiny

PROPOSALS = 40
IN_FLIGHT = tiny().evolution.in_flight


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    search(folder, tiny(start=["dqn"]), PROPOSALS)
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    """A copy to be changed."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FILE).write_bytes((whole / FILE).read_bytes())
    return tmp_path / "run"


def replayed(folder, **how):
    with open_run(folder) as run:
        state = SearchState(run.space, run.options)
        return state, replay(run, state, **how)


def change(folder, statement):
    with sqlite3.connect(folder / FILE) as base:
        assert base.execute(statement).rowcount > 0
    base.close()


@pytest.mark.parametrize("held", [0, 1, IN_FLIGHT, IN_FLIGHT + 1, PROPOSALS - 1])
def test_a_replay_comes_to_the_state_that_proposes_what_came_next(held, whole):
    state, trials = replayed(whole, limit=held)
    with Journal(whole) as journal:
        stored, held_trials = list(journal.proposals()), journal.trials()
    assert state.index == held and len(state.pending) == min(held, IN_FLIGHT)
    assert list(trials) == [proposal.index for proposal in state.pending]
    assert repr(trials) == repr({index: held_trials.get(index, ()) for index in trials})
    if state.full:
        state.apply(trials[state.pending[0].index])
    assert row_of(state.propose()) == stored[held]


def test_what_is_applied_is_told_in_order(whole):
    told = []
    state, _ = replayed(whole, on_applied=lambda proposal, trials: told.append((proposal.index, len(trials))))
    with Journal(whole) as journal:
        held = journal.trials()
    assert told == [(index, len(held.get(index, ()))) for index in range(PROPOSALS - IN_FLIGHT)]
    assert len(state.pending) == IN_FLIGHT


def test_a_replay_stops_when_it_should(whole):
    looks = iter(range(100))
    state, _ = replayed(whole, should_stop=lambda: next(looks) == 12)
    assert state.index == 12


def test_nothing_is_written(whole):
    before = (whole / FILE).read_bytes()
    replayed(whole, check_trials=True)
    with open_run(whole) as run:
        check_baselines(run)
    assert (whole / FILE).read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proposals SET size = size + 1 WHERE proposal = 7",
        "UPDATE proposals SET status = 'rejected' WHERE proposal = 7",
        "UPDATE proposals SET class_index = 3 WHERE proposal = 7",
        "UPDATE proposals SET origin = 'graft' WHERE proposal = 7",
        "UPDATE proposals SET population = '+99' WHERE proposal = 7",
    ],
)
def test_a_row_that_is_not_what_is_proposed_is_refused(statement, folder):
    change(folder, statement)
    before = rows(folder)
    said = r"proposal 7 is not what its space and seed give here: the journal was changed, or written by another version \(rls"
    with pytest.raises(RunError, match=said):
        replayed(folder)
    with pytest.raises(RunError, match=said):
        go_on(folder, 60)
    assert rows(folder) == before


def test_what_schema_1_did_not_write_is_not_missed(folder, whole):
    change(folder, "UPDATE proposals SET population = NULL")
    assert replayed(folder)[0].pending == replayed(whole)[0].pending


def test_more_rows_than_an_enumeration_has_are_refused(tmp_path):
    found = search(tmp_path / "run", tiny(start={"enumerate": 1}), 10_000, strategy="enumerate")
    with Journal(tmp_path / "run", write=True) as journal:
        last = list(journal.proposals())[-1]
        journal.add(replace(last, index=last.index + 1), ())
    with pytest.raises(RunError, match=f"proposal {last.index + 1} is not what its space and seed give"):
        replayed(tmp_path / "run")
    assert len(found) > last.index


def test_a_run_that_ended_with_a_disagreement_says_so_whatever_is_looked_at(folder):
    change(folder, "UPDATE proposals SET status = 'disagree', reason = 'value: 1 and 2' WHERE proposal = 39")
    for check_trials in (False, True):
        with pytest.raises(RunFailed, match="disagree about proposal 39, value: 1 and 2; this is a bug of rlsearch"):
            replayed(folder, check_trials=check_trials)


SOME = "(SELECT max(proposal) FROM trials WHERE rung = 1 AND seed_index = 1)"


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM trials WHERE proposal = {SOME}",
        f"DELETE FROM trials WHERE proposal = {SOME} AND seed_index = 1",
        f"UPDATE trials SET steps = 299 WHERE proposal = {SOME} AND seed_index = 1",
        f"UPDATE trials SET env = 'Catch' WHERE proposal = {SOME} AND seed_index = 1",
    ],
)
def test_trials_that_were_not_due_are_refused_where_they_are_looked_at(statement, folder):
    with Journal(folder) as journal:
        last = max(index for index, trials in journal.trials().items() if (1, 1) in {(t.rung, t.seed_index) for t in trials})
    change(folder, statement)
    with pytest.raises(RunError, match=rf"trials of proposal {last} are not those that it was due"):
        replayed(folder, check_trials=True)


def test_known_losses_are_looked_at_as_well(folder):
    with open_run(folder) as run:
        check_baselines(run)
    change(folder, "UPDATE named_trials SET env = 'Catch' WHERE phase = 'rung' AND rung = 0")
    with open_run(folder) as run, pytest.raises(RunError, match="trials of 'dqn' are not those that it was due"):
        check_baselines(run)
    change(folder, "DELETE FROM named_trials WHERE phase = 'rung'")
    with open_run(folder) as run, pytest.raises(RunError, match="trials of 'dqn' are not"):  # it has come to its end
        check_baselines(run)
    with Journal(folder, write=True) as journal:
        journal.set_metadata(finished=False)
    with open_run(folder) as run:
        check_baselines(run)
