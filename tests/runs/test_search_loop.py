"""Same seed, same run: whatever the workers, killed and resumed, in one go or in several."""

import json
import time
from pathlib import Path

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.trial import Phase
from rlsearch.executor.local_pool import LocalPool
from rlsearch.runs.budget import Budget
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.runs.replay import check_confirmation
from rlsearch.runs.run import Options, create_run, open_run, read_run
from rlsearch.runs.search_loop import run_search
from rlsearch.runs.session import resolve_budget
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import DQN, HOPELESS, PREPARE, Here, continue_run, flat, go_on, proposed, rows, search, tiny

PROPOSALS = 60
SMALL = {"population": 10, "tournament": 3, "in_flight": 8}
KINDS = {
    "evolution": ({}, {}),
    "random": ({}, {"strategy": "random"}),
    "enumerate": ({}, {"strategy": "enumerate"}),
    "enumerated start": ({"start": {"enumerate": 1}}, {}),
    "start at dqn": ({"start": ["dqn"]}, {}),
    "start of the command line": ({}, {"starts": (DQN,)}),
    "moving bar, extra seeds": (
        {
            "rungs": [{"envs": ["LayeredMDP"], "steps": 200, "keep_top": 0.5}, {"envs": ["LayeredMDP"], "steps": 200}],
            "ops": ["add", "half_square"],
        },
        {},
    ),
}


@pytest.fixture(scope="module")
def pools():
    """One worker process, two, and four."""
    with LocalPool(1, PREPARE) as one, LocalPool(2, PREPARE) as two, LocalPool(4, PREPARE) as four:
        yield one, two, four


@pytest.mark.parametrize("kind", KINDS)
def test_rows_do_not_depend_on_the_number_of_workers(kind, pools, tmp_path):
    changes, options = KINDS[kind]
    space = tiny(**changes)
    found = [search(tmp_path / str(pool.slots), space, PROPOSALS, pool, **options) for pool in pools]
    assert found[0] == found[1] == found[2]
    assert search(tmp_path / "none", space, PROPOSALS, Here(), **options) == found[0]  # in this process
    assert len(proposed(found[0])) == PROPOSALS
    statuses = {row[0][4] for row in proposed(found[0])}
    assert "trained" in statuses
    climbed = any(row[1] and ", rung=1, " in row[1][-1] for row in proposed(found[0]))
    assert climbed or "enumerate" in kind  # one op alone learns nothing
    if kind.startswith("start"):
        assert found[0][0][0][3] == "start"
        assert {row[0][3] for row in proposed(found[0])} > {"start", "delete", "replace_node"}
    if kind == "moving bar, extra seeds":
        assert any(row[0][4] in ("duplicate", "equivalent") and row[1] for row in proposed(found[0])), "no extra seed was given"


def test_other_seeds_give_other_rows(tmp_path):
    space = tiny()
    assert search(tmp_path / "1", space, 20, seed=1) != search(tmp_path / "2", space, 20, seed=2)


def test_an_exhausted_enumeration_ends_the_search(tmp_path):
    space = tiny(start={"enumerate": 1})
    found = search(tmp_path / "run", space, 10_000, strategy="enumerate")
    assert 0 < len(proposed(found)) < 100
    assert found == go_on(tmp_path / "run", 20_000)  # nothing is left to propose


def test_two_sessions_make_what_one_makes(tmp_path):
    space = tiny(start={"enumerate": 1})
    search(tmp_path / "two", space, 25)
    assert go_on(tmp_path / "two", PROPOSALS) == search(tmp_path / "one", space, PROPOSALS)


def test_a_total_that_is_spent_adds_nothing(tmp_path):
    before = search(tmp_path / "run", tiny(), 20)
    assert go_on(tmp_path / "run", 10) == before


def test_minutes_give_a_prefix_and_are_kept(tmp_path):
    space = tiny(confirm={"share": 0.4, "seeds": 2, "top": 2})
    search(tmp_path / "warm", space, 3)  # the clock of a search starts when its workers are warm
    create_run(space, Options(seed=1), tmp_path / "short")
    started, shares = time.monotonic(), []
    continue_run(tmp_path / "short", Budget(minutes=0.05), Here(), lambda progress: shares.append(progress.share))
    assert time.monotonic() - started < 3 + 2
    short = proposed(rows(tmp_path / "short"))
    assert len(short) > 8
    assert shares == sorted(shares[: len(short)]) + shares[len(short) :]
    with Journal(tmp_path / "short") as journal:
        metadata = journal.metadata()
        assert metadata["finished"] is True
        assert 0.6 * 3 <= metadata["search_seconds"] < 3 + 2
    longer = proposed(search(tmp_path / "longer", space, len(short) + 10))
    assert longer[: len(short)] == short
    # The clock goes on where it stood: these minutes are spent.
    continue_run(tmp_path / "short", Budget(minutes=0.02))
    assert proposed(rows(tmp_path / "short")) == short


def test_a_disagreement_ends_the_run_with_its_row(tmp_path, monkeypatch):
    """A loss whose TorchScript and tape differ would be a bug of ours, so it is played."""
    monkeypatch.setattr("rlsearch.train.crosscheck.disagreement", lambda _: "value: tape [1.], TorchScript [2.]")
    with pytest.raises(RunFailed, match=r"disagree about proposal \d+, value: tape") as error:
        search(tmp_path / "run", tiny(), 20)
    assert error.value.exit_code == 1
    monkeypatch.undo()
    last = proposed(rows(tmp_path / "run"))[-1]
    assert last[0][4:6] == ("disagree", "value: tape [1.], TorchScript [2.]")
    assert not last[1]
    assert str(error.value).endswith(last[0][1])
    with pytest.raises(RunFailed, match="disagree about proposal"):  # the row cannot be done over
        go_on(tmp_path / "run", 20)


def test_what_became_of_the_population_is_written(tmp_path):
    """Whoever entered and left makes the population that there was when a proposal was made, of no more than its size."""
    search(tmp_path / "run", tiny(start={"enumerate": 1}, evolution={**SMALL, "restart_after": 0.01}), 150)
    members, restarts = [], 0
    with Journal(tmp_path / "run") as journal:
        for row in journal.proposals():
            for event in row.population.split():
                if event == "restart":
                    members, restarts = [], restarts + 1
                elif event[0] == "+":
                    assert int(event) not in members and int(event) < row.index
                    members.append(int(event))
                else:
                    members.remove(-int(event))
            assert len(members) <= 10 or row.origin == "enumerate"
            if row.origin not in ("random", "enumerate", "extend"):
                assert set(json.loads(row.parents)) <= set(members)
    assert restarts > 0 and members


def test_a_run_needs_nothing_outside_its_folder(tmp_path, monkeypatch):
    """Files and presets that a space names may change, or the run may be read elsewhere."""
    monkeypatch.chdir(tmp_path)
    Path("my.loss").write_text(DQN)
    space = tiny(start=["my.loss"])
    search(tmp_path / "run", space, 10)
    Path("my.loss").unlink()
    monkeypatch.setattr("rlsearch.space.presets.agent_presets", lambda: {"fast": "hidden: [2]"})
    with Journal(tmp_path / "run") as journal:
        assert read_run(journal) == (space, Options(seed=1))
    monkeypatch.undo()
    assert go_on(tmp_path / "run", 30) == search(tmp_path / "other", tiny(start=[known_file(tmp_path)]), 30)


def known_file(tmp_path):
    path = tmp_path / "again.loss"
    path.write_text(DQN)
    return str(path)


def test_a_watcher_is_told_what_happens(tmp_path):
    told = []
    create_run(tiny(), Options(seed=1), tmp_path / "run")
    continue_run(tmp_path / "run", Budget(proposals=40), Here(), told.append)
    searched = [progress for progress in told if progress.phase == "search"]
    confirmed = [progress for progress in told if progress.phase == "confirm"]
    assert [progress.proposals for progress in searched] == list(range(1, 41))
    found = proposed(rows(tmp_path / "run"))
    last = searched[-1]
    assert [sum(progress.statuses.values()) for progress in searched] == list(range(1, 41))
    assert last.trials == sum(len(row[1]) for row in found)
    assert last.steps == sum(300 for row in found for _ in row[1]) > 0
    assert last.best_text.startswith("loss =") or "\nloss =" in last.best_text
    assert 0 < last.best_score <= 1 and last.best_rung == 1
    assert confirmed[-1].share == 1
    assert [progress.share for progress in confirmed] == sorted(progress.share for progress in confirmed)


def test_a_run_without_a_single_loss_ends_well(tmp_path):
    found = search(tmp_path / "run", tiny(**HOPELESS), 12)
    assert {row[0][4] for row in proposed(found)} == {"rejected"}
    assert [row[0] for row in found[12:]] == ["dqn"]  # the baselines are tried all the same; alone they are not confirmed


def test_a_confirmation_replaces_the_one_before(tmp_path):
    """Of a search that goes on, which may confirm other classes."""
    search(tmp_path / "run", tiny(), 20)
    with Journal(tmp_path / "run", write=True) as journal:
        journal.add_named("#99", journal.confirmations()["dqn"][:1])
    assert "#99" not in [row[0] for row in go_on(tmp_path / "run", 25)]


def confirmed_seeds(folder):
    """Numbers of the fresh seeds that there are rows of, and what was planned."""
    with Journal(folder) as journal:
        rows = [row for trials in journal.confirmations().values() for row in trials]
        return {row.seed_index for row in rows}, journal.metadata()["confirmation"]


def test_where_every_class_failed_the_first_rung_nothing_is_confirmed(tmp_path):
    told, space = [], tiny(rungs=[{"envs": ["LayeredMDP"], "steps": 100, "pass": 1}, {"envs": ["LayeredMDP"], "steps": 100}])
    create_run(space, Options(seed=1), tmp_path / "run")
    continue_run(tmp_path / "run", Budget(proposals=12), on_progress=told.append)
    assert told[-1].statuses["trained"] > 0 and {progress.phase for progress in told} == {"search"}
    assert confirmed_seeds(tmp_path / "run") == (set(), {"seeds": 4, "losses": []})


def test_the_seeds_asked_for_are_met_and_kept(tmp_path):
    """None, then three, of a run whose space plans four; proposals are the same."""
    search(tmp_path / "run", tiny(), 20, confirm_seeds=0)
    before = rows(tmp_path / "run")
    assert confirmed_seeds(tmp_path / "run") == (set(), {"seeds": 0, "losses": []})
    with open_run(tmp_path / "run", write=True) as opened:
        with pytest.raises(RunError, match="--proposals is a total"):
            resolve_budget(opened.confirming(ConfirmRequest(False)), Budget(proposals=20))
        run = opened.confirming(ConfirmRequest(confirm_seeds=3))
        assert resolve_budget(run, Budget(proposals=20)) == Budget(proposals=20)  # all that is left is to confirm
        run.journal.set_metadata(confirm_seeds=3)  # as a session does
        assert run_search(run, Budget(proposals=20), Here())
    assert confirmed_seeds(tmp_path / "run")[0] == {0, 1, 2}
    with open_run(tmp_path / "run") as run:
        assert run.options.confirm_seeds == run.space.confirm.seeds == 3
        with pytest.raises(RunError, match="--proposals is a total"):
            resolve_budget(run, Budget(proposals=20))
        assert run.confirming(ConfirmRequest(True)).options.confirm_seeds == 3
        check_confirmation(run)
    with open_run(tmp_path / "run", write=True) as run:
        run.journal.add_named("dqn", [flat(Phase.CONFIRM, 0, 3, 0.5)])
        with pytest.raises(RunError, match="the confirmation of 'dqn' are not those"):
            check_confirmation(run)
    assert proposed(rows(tmp_path / "run")) == proposed(before)
