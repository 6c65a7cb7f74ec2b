"""The guard within an evolution: what is found when, what is withdrawn, and what is proposed instead."""

from dataclasses import replace

import pytest

from rlsearch.equivalence.reservoir import Recorded
from rlsearch.evolve import guard
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical, structural_key
from tests.support.evolutions import evolution
from tests.support.false_merges import CHECK_EVERY, DQN, FALSE, LATER, OTHERS, TWICE, install
from tests.support.recorded import recorded

LATER_FALSE, LATER_DQN, *_ = LATER
STARTS = [FALSE, DQN, *OTHERS[:4], TWICE, OTHERS[4], LATER_DQN, LATER_FALSE, OTHERS[5]]


@pytest.fixture(autouse=True)
def erring(monkeypatch):
    """A probe without rewards of 0."""
    install(monkeypatch.setattr)


def batches():
    return [Recorded("Catch", 0.5, rank, batch) for rank, batch in enumerate(recorded(("Catch",)))]


def begun(applied, known=frozenset()):
    """An evolution of 11 start losses, four of them in flight, so many of them applied; with the splits found last."""
    machine, pending, splits = evolution(STARTS, known=known), [], ()
    for index in range(applied + 4):
        if len(pending) >= 4:
            splits = machine.apply(*pending.pop(0))
        proposal = machine.propose(index)
        score = [{0: 0.9 - proposal.index / 100}] if proposal.status == "trained" else []
        pending.append((proposal, score, batches() if index == 0 else ()))
    return machine, pending, splits


def test_a_false_merge_is_found_when_a_check_is_due_and_not_before():
    for applied in range(1, CHECK_EVERY):
        assert begun(applied)[2] == ()
    _, _, splits = begun(CHECK_EVERY)
    assert [(split.found_at, split.member, split.class_index, split.new_class) for split in splits] == [
        (CHECK_EVERY - 1, 1, 0, 1),
        (CHECK_EVERY - 1, 6, 0, 1),
    ]
    assert {split.where for split in splits} == {"where the reward is 0"}


def test_copied_scores_are_withdrawn():
    before, after = begun(CHECK_EVERY - 1)[0], begun(CHECK_EVERY)[0]
    assert {member.proposal: member.class_index for member in before.population.members}[1] == 0
    now = {member.proposal: member.class_index for member in after.population.members}
    assert (now[0], now[1], now[6]) == (0, 1, 1)
    assert after.class_scores.fitness(1) == -1 < after.class_scores.fitness(0)
    assert before.size[0] == after.size[1] < after.size[0]


def test_what_was_in_flight_is_settled_when_it_is_applied():
    """Proposals 8 and 9 were screened before the split, as equivalent to the first class; the one is dqn, the other not."""
    machine, pending, _ = begun(CHECK_EVERY)
    found = [machine.apply(*pending.pop(0)) for _ in range(2)]
    (split,), nothing = found
    assert (split.found_at, split.member, split.class_index, split.new_class) == (8, 8, 0, 1) and nothing == ()
    assert {member.proposal: member.class_index for member in machine.population.members}[9] == 0


def test_what_left_is_proposed_after_the_start_losses_and_trained():
    machine, pending, _ = begun(CHECK_EVERY)
    (repair, _, none), after = pending.pop(), machine.propose(12)
    assert [proposal.origin for proposal, *_ in pending] == ["start"] * 3 and after.origin != "split"
    assert (repair.index, repair.origin, repair.parents) == (len(STARTS), "split", (1,))
    assert (repair.status, repair.class_index, repair.genome) == ("trained", 1, machine.starts[1])
    assert repair.form == canonical(parse(DQN)) and parse(machine.texts[1]) == repair.form
    for proposal in (*pending, (repair, [{0: 0.95}], none)):
        machine.apply(*proposal)
    assert machine.class_scores.fitness(1) > machine.class_scores.fitness(0)
    assert {member.proposal: member.class_index for member in machine.population.members}[repair.index] == 1


def test_nothing_is_found_without_batches_and_found_once_there_are():
    machine, last = evolution(STARTS), ()
    made = [machine.propose(index) for index in range(11)]
    for proposal in made[: CHECK_EVERY - 1]:
        assert machine.apply(proposal, []) == ()
    last = machine.apply(made[CHECK_EVERY - 1], [], batches())
    assert [split.member for split in last] == [1, 6]


def test_classes_of_known_losses_are_looked_at_first(monkeypatch):
    """With room for one look, however many others wait."""
    monkeypatch.setattr(guard, "CHECKS", 1)
    monkeypatch.setattr(guard, "LEADERS", 0)
    starts = [OTHERS[0], OTHERS[0].replace("half_square", "3 * half_square"), FALSE, DQN, *OTHERS[1:5]]
    members = []
    for known in (frozenset(), frozenset({structural_key(canonical(parse(DQN)))})):
        machine = evolution(starts, known=known)
        made = [machine.propose(index) for index in range(8)]
        for proposal in made[:-1]:
            machine.apply(proposal, [])
        members.append([split.member for split in machine.apply(made[-1], [], batches())])
    assert members == [[], [3]]


def test_the_end_looks_at_all_members_of_some_classes():
    machine = evolution([FALSE, DQN, TWICE])
    for proposal in [machine.propose(index) for index in range(3)]:
        machine.apply(proposal, [], batches())
    assert machine.guard.check_classes(2, [7]) == ()
    assert [(split.member, split.new_class) for split in machine.guard.check_classes(2, [0])] == [(1, 1), (2, 1)]
    assert machine.guard.check_classes(2, [0, 1]) == () and machine.guard.looks == 2
    assert [form.proposal for form in machine.guard.members(1)] == [2] and machine.guard.members(0) == ()
    assert machine.guard.factor(1, canonical(parse(TWICE))) == pytest.approx(2)


def test_a_twin_leaves_and_its_class_is_as_small_as_what_stays():
    machine = evolution([TWICE, DQN])
    for proposal in [machine.propose(index) for index in range(2)]:
        machine.apply(proposal, [], batches())
    sizes = {0: machine.size[0], 1: parse(DQN).size}
    assert machine.guard.check_classes(1, [0]) == () and sizes[0] == sizes[1] < canonical(parse(TWICE)).size
    split = replace(begun(CHECK_EVERY)[2][0], found_at=1, where="in Catch from the same seed")
    assert machine.guard.leave(split) == split
    assert machine.size[1] == sizes[1] < machine.size[0]
