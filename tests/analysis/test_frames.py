"""A run's trials as records: every one, with whose it is."""

from rlsearch.analysis.frames import OWNER, owned_trials
from tests.support.confirmed_runs import LOSSES, SPACE, fresh
from tests.support.tiny_runs import by_hand, flat


def test_every_trial_has_its_owner(tmp_path):
    named = {"dqn": [flat(0, 0, 0, 0.3), *fresh(0.5, 0.5)], "#1": fresh(0.8)}
    with by_hand(tmp_path / "run", SPACE, LOSSES, named) as journal:
        found = list(owned_trials(journal))
        keys = {row.index: row.key for row in journal.proposals()}
    assert all(tuple(whose) == OWNER for whose, _ in found)
    assert len(found) == sum(len(trials) for _, trials in LOSSES) + 1 + 6 + 3
    whose = [tuple(of.values()) for of, _ in found]
    assert whose[0] == ("rung", 1, 0, 0, keys[0]) and ("rung", 2, 2, 2, keys[2]) in whose
    assert whose.count(("rung", 1, -1, -1, "dqn")) == 1 and whose.count(("confirm", 0, -1, -1, "dqn")) == 6
    assert whose.count(("confirm", 0, -1, 1, keys[1])) == 3
