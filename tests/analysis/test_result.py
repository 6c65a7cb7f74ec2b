"""Records of a result: what they say of themselves in words."""

import pytest

from rlsearch.analysis.ranking import ranking
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.confirmed_runs import LARGE, LOSSES, SPACE, climbed, found, fresh
from tests.support.tiny_runs import DQN, by_hand


def test_a_pick_knows_its_relatives(tmp_path):
    result = found(tmp_path, {}, [(DQN, climbed(0.9))])
    assert result.pick.relation == "same gradient as dqn; same direction as scratch_td"


@pytest.mark.parametrize(
    ("confirmed", "said"),
    [
        ({"#0": fresh(*[0.8] * 6), "dqn": fresh(*[0.5] * 6)}, []),
        ({"#0": fresh(*[0.4] * 6), "dqn": fresh(*[0.5] * 6)}, ["No better than what is known: dqn scores 0.500"]),
        ({"#0": fresh(*[0.4] * 6)}, []),
        (
            {"#0": fresh(*[0.04] * 6), "dqn": fresh(*[0.5] * 6)},
            ["No loss has learnt anything: the best confirmed score is 0.050", "No better than what is known: dqn"],
        ),
        ({}, []),
    ],
)
def test_warnings_about_the_pick(tmp_path, confirmed, said):
    caveats = found(tmp_path, confirmed, [(LARGE, climbed(0.9))]).caveats
    assert len(caveats) == len(said)
    assert all(caveat.startswith(beginning) for caveat, beginning in zip(caveats, said, strict=True))


def test_an_end_without_confirmation_is_explained(tmp_path):
    with by_hand(tmp_path / "run", SPACE, LOSSES, {"dqn": fresh(0.5)}) as journal:
        assert ranking(journal, SPACE).caveats == ()
        journal.set_metadata(finished=True)
        (caveat,) = ranking(journal, SPACE).caveats
    assert caveat.startswith("Nothing is confirmed: the time ended")


def test_a_confirmation_cut_short_has_a_caveat_with_its_true_numbers(tmp_path):
    """Whether the time ended it or somebody stopped it; the half that reports has what is left of the seeds."""
    confirmed = {"dqn": fresh(*[0.5] * 4), "#0": fresh(*[0.8] * 3)}
    with by_hand(tmp_path / "run", SPACE, LOSSES, confirmed) as journal:
        journal.set_metadata(confirmation={"seeds": 6, "losses": ["dqn", "#0"]})
        stopped = ranking(journal, SPACE)
        journal.set_metadata(finished=True)
        ended = ranking(journal, SPACE)
    for result in (stopped, ended):
        (caveat,) = result.caveats
        assert caveat.startswith("The confirmation is cut short: ") and "met 3 of 6 fresh seeds; 1 of them chose" in caveat
        assert caveat.endswith("2 give its reported score.") and result.pick.confirmed.score.n == 2
        assert "on one of 3 fresh seeds" in result.rule and "the other 2 give" in result.rule
    assert "the time ended" in ended.caveats[0] and "stopped" in stopped.caveats[0]


def test_a_loss_that_met_nothing_counts(tmp_path):
    """Killed before every planned loss had a row: the plan is journaled, so that nothing passes for confirmed."""
    with by_hand(tmp_path / "run", SPACE, LOSSES, {"dqn": fresh(0.5, 0.5), "#0": fresh(0.8, 0.8)}) as journal:
        assert ranking(journal, SPACE).pick.confirmed is not None
        journal.set_metadata(confirmation={"seeds": 6, "losses": ["dqn", "#0", "#1"]})
        result = ranking(journal, SPACE)
    assert result.pick.confirmed is None and "every loss had met 0 of 6 fresh seeds" in result.caveats[0]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"seeds": 6, "losses": []}, "Nothing to confirm: no class passed the first rung"),
        ({"seeds": 0, "losses": []}, "--no-confirm"),
    ],
)
def test_why_nothing_is_confirmed_is_one_line(plan, said, tmp_path):
    with by_hand(tmp_path / "run", SPACE, LOSSES, {}) as journal:
        journal.set_metadata(confirmation=plan, finished=True)
        result = ranking(journal, SPACE)
    assert len(result.caveats) == 1 and said in result.caveats[0] and result.rule.endswith("; nothing is confirmed")


def test_results_are_shown_in_a_few_lines(tmp_path):
    result = found(tmp_path, {"#0": fresh(*[0.8] * 6), "#1": fresh(*[0.7] * 6), "dqn": fresh(*[0.5] * 6)})
    assert len(repr(result)) < 600 and len(str(result)) < 3000 and len(repr(result.pick.confirmed)) < 300
    assert "6 of 6 fresh seeds" in repr(result) and result.pick.key[:8] in str(result)
    for words in ("<table>", result.pick.key[:8], "0.800 [0.800, 0.800], 3 seeds", "pick: the smallest class"):
        assert words in result._repr_html_()
    create_run(SPACE, Options(), tmp_path / "new")
    with Journal(tmp_path / "new") as journal:
        assert "Nothing has been trained yet." in str(ranking(journal, SPACE))


def test_a_class_is_shown_on_a_line(tmp_path):
    first = found(tmp_path, {"#0": fresh(*[0.8] * 6), "dqn": fresh(*[0.5] * 6)}, [(DQN, climbed(0.9))]).top[0]
    assert repr(first).startswith("<821a4979: size=8, selected=0.900, confirmed=0.800, pick, 'loss = ")
