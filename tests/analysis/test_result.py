"""Records of a result: what they say of themselves in words."""

import pytest

from rlsearch.analysis.ranking import ranking
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


def test_a_class_is_shown_on_a_line(tmp_path):
    first = found(tmp_path, {"#0": fresh(*[0.8] * 6), "dqn": fresh(*[0.5] * 6)}, [(DQN, climbed(0.9))]).top[0]
    assert repr(first).startswith("<821a4979: size=8, selected=0.900, confirmed=0.800, pick, 'loss = ")
