"""Trials that their time limit cut: facts of the journal, which whoever goes on or looks takes as they are."""

from heapq import heappop

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.executor.protocol import TimedOut
from rlsearch.runs.audit import audit_run
from rlsearch.runs.replay import check_baselines, replay
from rlsearch.runs.run import open_run
from rlsearch.runs.search_state import SearchState
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import Here, go_on, proposed, search, tiny

PROPOSALS = 40
SPACE = tiny(start=["dqn"])
GARNET = EnvSpec("Garnet")


class Cutting(Here):
    """An executor that cuts the trials in Garnet of some losses, as by a clock: of those whose letters sum to a multiple."""

    def __init__(self, multiple=3):
        super().__init__()
        self.multiple = multiple

    def collect(self, timeout=None):
        if not self._queue or timeout == 0.0:
            return []
        request = self._queue[0][2].request
        if getattr(request, "env", None) == GARNET and sum(request.loss.encode()) % self.multiple == 0:
            return [(heappop(self._queue)[2].key, TimedOut(1.5))]
        return super().collect(timeout)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run with trials that were cut, and its rows; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    return folder, search(folder, SPACE, PROPOSALS, Cutting())


def cut_in(folder):
    with Journal(folder) as journal:
        return [row for rows in journal.trials().values() for row in rows if row.result.cut_after_s is not None]


def test_a_cut_trial_is_a_row_of_its_own_kind_and_counts_as_nothing(whole):
    folder, _ = whole
    cut = cut_in(folder)
    assert cut and {(row.env, row.result.cut_after_s, row.result.area) for row in cut} == {("Garnet", 1.5, 0.0)}
    with Journal(folder) as journal:
        for rows in journal.trials().values():
            rungs = {row.rung for row in rows if row.result.cut_after_s is not None}
            assert not rungs or max(row.rung for row in rows) == min(rungs), "a loss climbed on from a rung where it was cut"


def test_two_sessions_make_what_one_makes(whole, tmp_path):
    search(tmp_path / "two", SPACE, 25, Cutting())
    assert go_on(tmp_path / "two", PROPOSALS, Cutting()) == whole[1]


def test_whoever_goes_on_takes_it_from_the_journal(whole, tmp_path):
    """The clock of the second session cuts nothing: what the first one cut stays as it is, and is not trained again."""
    search(tmp_path / "two", SPACE, 25, Cutting())
    before = cut_in(tmp_path / "two")
    found = go_on(tmp_path / "two", PROPOSALS, Here())
    assert proposed(found)[:25] == proposed(whole[1])[:25] and found != whole[1]
    assert before and repr(cut_in(tmp_path / "two")) == repr(before)


def test_a_replay_finds_the_trials_that_were_due(whole):
    with open_run(whole[0]) as run:
        check_baselines(run)
        replay(run, state := SearchState(run.space, run.options), check_trials=True)
    assert state.index == PROPOSALS


def test_an_audit_trains_none_of_them_and_says_how_many(whole):
    with open_run(whole[0]) as run:
        found = audit_run(run)
        kinds = (run.journal.trials(), run.journal.baselines(), run.journal.confirmations())
        cut = sum(row.result.cut_after_s is not None for kind in kinds for rows in kind.values() for row in rows)
    assert (found.proposed, found.trained, found.untrained, found.cut) == (PROPOSALS, 3, "", cut) and cut > 0


def test_a_run_of_which_every_trial_was_cut_has_none_to_train_again(tmp_path):
    space = tiny(rungs=[{"envs": ["Garnet"], "steps": 300}], confirm={"seeds": 2, "envs": ["Catch"], "top": 1})
    search(tmp_path / "run", space, 6, Cutting(1))
    with open_run(tmp_path / "run") as run:
        found = audit_run(run)
    assert (found.trained, found.untrained) == (0, "") and found.cut > 6
