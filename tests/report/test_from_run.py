"""The report of a run, however it ended."""

import pytest

from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.selection import RULE
from rlsearch.report.from_run import run_page, view_of
from rlsearch.runs.budget import Budget
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import DQN, HOPELESS, Here, by_hand, continue_run, flat, search, tiny


def view(folder):
    with Journal(folder) as journal:
        return view_of(journal)


def test_a_finished_run(tmp_path):
    search(tmp_path / "mine-1", tiny(), 40)
    found, page = view(tmp_path / "mine-1"), run_page(tmp_path / "mine-1")
    assert found.rule == RULE
    assert found.pick in found.top and found.pick.confirmed.seeds == 2
    assert [environment.name for environment in found.environments] == ["LayeredMDP", "Garnet", "Catch"]
    assert [environment.unseen for environment in found.environments] == [False, False, True]
    assert all([loss.name for loss in environment.losses] == ["pick", "dqn"] for environment in found.environments)
    assert all(loss.score.seeds == 2 for environment in found.environments for loss in environment.losses)  # of four
    assert all(len(loss.curve) == 20 for environment in found.environments for loss in environment.losses)
    assert sum(fate.count for fate in found.fates) == found.run.proposals == 40
    assert [number for number, _ in found.progress] == sorted(number for number, _ in found.progress)
    assert [score for _, score in found.progress] == sorted(score for _, score in found.progress)
    assert found.baselines[0].score.seeds == 2
    with Journal(tmp_path / "mine-1") as journal:
        first = ranking(journal, tiny()).top[0]
    assert (found.top[0].rung, found.run.rungs) == (first.selected.rung + 1, 2)
    assert (found.top[0].size, found.top[0].members) == (first.size, first.members)
    assert (found.top[0].selected.mean, found.top[0].selected.seeds) == (first.selected.score.mean, first.selected.score.n)
    assert found.baselines[0].size == 9 and found.baselines[0].selected.seeds == 2
    assert {entry.hash for entry in found.front} == {entry.hash for entry in found.top if entry.on_front}
    assert found.run.steps == 300 * found.run.trials > 0
    assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    for said in ("mine-1", found.pick.hash[:8], "LayeredMDP", "Catch", "dqn"):
        assert said in page
    assert run_page(tmp_path / "mine-1") == page


def test_an_interrupted_run(tmp_path):
    """Stopped by Ctrl-C before its confirmation."""

    def stop(progress):
        if progress.proposals == 30:
            raise KeyboardInterrupt

    create_run(tiny(), Options(seed=1), tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        continue_run(tmp_path / "run", Budget(proposals=40), Here(), stop)
    found, page = view(tmp_path / "run"), run_page(tmp_path / "run")
    assert found.run.proposals == 30
    assert found.rule != RULE and found.pick.confirmed is None
    assert found.environments == () and found.baselines[0].score is None
    assert found.pick.hash[:8] in page and "nothing is confirmed yet" in page


def test_a_run_that_has_only_rejected(tmp_path):
    search(tmp_path / "run", tiny(**HOPELESS), 12)
    found, page = view(tmp_path / "run"), run_page(tmp_path / "run")
    assert found.pick is None and found.top == () and found.progress == ()
    assert {fate.name for fate in found.fates} == {"rejected: gradient is constant"}
    assert found.run.classes == found.run.trials == 0
    assert "gradient is constant" in page and found.diverged == () and "diverged" not in page


def test_what_diverged_is_said(tmp_path):
    trials = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.1, diverged_at=17, culprit="exp"), flat(1, 1, 0, 0.2)]
    with by_hand(tmp_path / "run", tiny(), [(DQN, trials)], {}) as journal:
        ((name, count),) = [(fate.name, fate.count) for fate in view_of(journal).diverged]
    assert count == 1 and f"by what first left the finite numbers: {name} 1." in run_page(tmp_path / "run")


def test_a_run_that_has_only_begun(tmp_path):
    create_run(tiny(), Options(seed=1), tmp_path / "run")
    assert view(tmp_path / "run").pick is None
    assert run_page(tmp_path / "run").startswith("<!doctype html>")


def test_progress_is_of_new_classes_that_reached_the_top(tmp_path):
    """An extra seed of a class is no progress, however lucky; nor is a class that fell on the way."""
    space = tiny(rungs=[{"envs": ["LayeredMDP"], "steps": 300}])
    losses = [(DQN, [flat(0, 0, 0, 0.4)]), (DQN, [flat(0, 0, 1, 0.9)]), ("loss = abs(q(online, s)[a])", [flat(0, 0, 0, 0.6)])]
    with by_hand(tmp_path / "run", space, losses, {}) as journal:
        journal._base.execute("UPDATE proposals SET status = 'duplicate', class_index = 0 WHERE proposal = 1")
        assert view_of(journal).progress == ((0, pytest.approx(0.4)), (2, pytest.approx(0.6)))
    rungs = [{"envs": ["LayeredMDP"], "steps": 300, "pass": 0.5}, {"envs": ["LayeredMDP"], "steps": 300}]
    losses = [(DQN, [flat(0, 0, 0, 0.45)]), ("loss = abs(q(online, s)[a])", [flat(0, 0, 0, 0.6), flat(1, 0, 0, 0.1)])]
    with by_hand(tmp_path / "two", tiny(rungs=rungs), losses, {}) as journal:
        assert view_of(journal).progress == ((1, pytest.approx(0.1)),)
