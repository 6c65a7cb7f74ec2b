"""The report of a run, however it ended."""

import pytest

from rlsearch.analysis.confirmation_words import rule
from rlsearch.analysis.run_result import run_result
from rlsearch.report.from_run import run_page, run_report
from rlsearch.runs.budget import Budget
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import DQN, HOPELESS, Here, by_hand, continue_run, flat, search, tiny


def report(folder):
    with Journal(folder) as journal:
        return run_report(journal)


def test_a_finished_run(tmp_path):
    search(tmp_path / "mine-1", tiny(), 40)
    found, page = report(tmp_path / "mine-1"), run_page(tmp_path / "mine-1")
    with Journal(tmp_path / "mine-1") as journal:
        assert found.result == run_result(journal, tiny())
    ranking = found.result.ranking
    assert (ranking.confirmation.met, ranking.confirmation.choosing, ranking.confirmation.reporting) == (4, 2, 2)
    assert ranking.rule == rule(ranking.confirmation) and ranking.pick.confirmed.score.n == 2
    assert "met 4 of 4 fresh seeds: 2 chose the pick" in page
    assert not any("confirm" in caveat for caveat in ranking.caveats)
    assert [environment.name for environment in found.environments] == ["LayeredMDP", "Garnet", "Catch"]
    assert [environment.unseen for environment in found.environments] == [False, False, True]
    assert all([loss.name for loss in environment.losses] == ["pick", "dqn"] for environment in found.environments)
    assert all(loss.score.n == 2 for environment in found.environments for loss in environment.losses)  # of four
    assert all(len(loss.curve) == 20 for environment in found.environments for loss in environment.losses)
    assert sum(found.result.outcomes.by_reason.values()) == found.result.proposals == 40
    assert [index for index, _ in found.progress] == sorted(index for index, _ in found.progress)
    assert [score for _, score in found.progress] == sorted(score for _, score in found.progress)
    assert ranking.baselines["dqn"].confirmed.score.n == 2
    assert ranking.baselines["dqn"].size == 9 and ranking.baselines["dqn"].selected.score.n == 2
    assert {entry.key for entry in ranking.front} == {entry.key for entry in ranking.top if entry.on_front}
    assert found.steps == 300 * found.trials > 0
    assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    for said in ("mine-1", ranking.pick.key[:8], "LayeredMDP", "Catch", "dqn"):
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
    found, page = report(tmp_path / "run"), run_page(tmp_path / "run")
    ranking = found.result.ranking
    assert found.result.proposals == 30
    assert ranking.rule.startswith("the best selected score") and ranking.pick.confirmed is None
    assert found.environments == () and ranking.baselines["dqn"].confirmed is None
    assert ranking.pick.key[:8] in page and "nothing is confirmed yet" in page


def test_a_run_that_has_only_rejected(tmp_path):
    search(tmp_path / "run", tiny(**HOPELESS), 12)
    found, page = report(tmp_path / "run"), run_page(tmp_path / "run")
    result = found.result
    assert result.ranking.pick is None and result.ranking.top == () and found.progress == ()
    assert result.outcomes.by_reason.keys() == {"rejected: gradient is constant"}
    assert result.ranking.classes == found.trials == 0
    assert "gradient is constant" in page and result.outcomes.diverged == {} and "diverged" not in page


def test_what_diverged_is_said(tmp_path):
    trials = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.1, diverged_at=17, culprit="exp"), flat(1, 1, 0, 0.2)]
    with by_hand(tmp_path / "run", tiny(), [(DQN, trials)], {}) as journal:
        ((name, count),) = run_report(journal).result.outcomes.diverged.items()
    assert count == 1 and f"by what first left the finite numbers: {name} 1." in run_page(tmp_path / "run")


def test_a_run_that_has_only_begun(tmp_path):
    create_run(tiny(), Options(seed=1), tmp_path / "run")
    assert report(tmp_path / "run").result.ranking.pick is None
    assert run_page(tmp_path / "run").startswith("<!doctype html>")


def test_progress_is_of_new_classes_that_reached_the_top(tmp_path):
    """An extra seed of a class is no progress, however lucky; nor is a class that fell on the way."""
    space = tiny(rungs=[{"envs": ["LayeredMDP"], "steps": 300}])
    losses = [(DQN, [flat(0, 0, 0, 0.4)]), (DQN, [flat(0, 0, 1, 0.9)]), ("loss = abs(q(online, s)[a])", [flat(0, 0, 0, 0.6)])]
    with by_hand(tmp_path / "run", space, losses, {}) as journal:
        journal._base.execute("UPDATE proposals SET status = 'duplicate', class_index = 0 WHERE proposal = 1")
        assert run_report(journal).progress == ((0, pytest.approx(0.4)), (2, pytest.approx(0.6)))
    rungs = [{"envs": ["LayeredMDP"], "steps": 300, "pass": 0.5}, {"envs": ["LayeredMDP"], "steps": 300}]
    losses = [(DQN, [flat(0, 0, 0, 0.45)]), ("loss = abs(q(online, s)[a])", [flat(0, 0, 0, 0.6), flat(1, 0, 0, 0.1)])]
    with by_hand(tmp_path / "two", tiny(rungs=rungs), losses, {}) as journal:
        assert run_report(journal).progress == ((1, pytest.approx(0.1)),)
