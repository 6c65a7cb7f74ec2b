"""Screening by itself: what is new, found again in the same or in another form, or cannot train anything."""

import pytest

from rlsearch.equivalence.witnesses import Witnesses
from rlsearch.evolve.screening import Screening
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical, structural_key
from tests.support.false_merges import fingerprint_without_signs
from tests.support.recorded import recorded

SQUARE = parse("loss = q(online, s)[a]**2")
TWICE = parse("loss = 2 * q(online, s)[a]**2")
PRODUCT = parse("loss = q(online, s)[a] * q(online, s)[a]")


def test_a_new_class_is_named_by_its_first_proposal_and_brings_its_form():
    screening = Screening("direction")
    found = screening.screen(7, SQUARE)
    assert (found.status, found.reason, found.class_index, found.size) == ("trained", "", 7, SQUARE.size)
    assert found.form == canonical(SQUARE) and found.key == structural_key(canonical(SQUARE))


@pytest.mark.parametrize(("equivalence", "status", "class_index"), [("direction", "equivalent", 0), ("gradient", "trained", 1)])
def test_another_form_of_a_class_is_equivalent(equivalence, status, class_index):
    screening = Screening(equivalence)
    screening.screen(0, SQUARE)
    found = screening.screen(1, TWICE)
    assert (found.status, found.class_index) == (status, class_index)
    again = screening.screen(2, TWICE)
    assert (again.status, again.class_index, again.form) == ("duplicate", class_index, None)


def test_a_duplicate_may_make_its_class_smaller():
    screening = Screening("direction")
    long = parse("loss = 0.5 * (q(online, s)[a] - r)**2")
    short = parse("loss = half_square(q(online, s)[a] - r)")
    assert [screening.screen(index, graph).status for index, graph in enumerate((long, short, long))] == [
        "trained",
        "duplicate",
        "duplicate",
    ]
    assert screening.sizes == {0: short.size}
    assert screening.screen(3, PRODUCT).class_index == 3


def test_what_cannot_train_is_rejected_each_time_with_its_reason():
    screening = Screening("direction")
    flat = parse("loss = 3 * q(online, s)[a]")
    for index in range(2):
        found = screening.screen(index, flat)
        assert (found.status, found.reason, found.class_index, found.form) == ("rejected", "gradient is constant", -1, None)
    assert screening.screen(2, parse("loss = q(online, s)[a] - q(online, s)[a]")).reason == "gradient is zero"
    assert screening.sizes == {}


# Classes that were divided.

DELTA = "(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
DQN = parse(f"loss = half_square{DELTA}")
NONE_AT_ZERO = parse(f"loss = sign(r) * sign(r) * half_square{DELTA}")
TWICE_AT_ZERO = parse(f"loss = (2 - sign(r) * sign(r)) * half_square{DELTA}")


@pytest.fixture
def divided(monkeypatch):
    """A screening that took dqn (1) for a loss without gradient where the reward is 0 (0), and was told."""
    monkeypatch.setattr("rlsearch.evolve.screening.fingerprint", fingerprint_without_signs)
    screening = Screening("direction")
    forms = [canonical(graph) for graph in (NONE_AT_ZERO, DQN)]
    assert [screening.screen(index, graph).class_index for index, graph in enumerate((NONE_AT_ZERO, DQN))] == [0, 0]
    witnesses = Witnesses(recorded(("Catch",)))
    found = witnesses.difference(*forms, "direction")
    batches = witnesses.telling(*forms, "direction", found)
    screening.divide(0, forms[0], structural_key(forms[1]), forms[1], 1, batches)
    return screening


def test_a_form_that_leaves_founds_a_class_and_takes_its_size_along(divided):
    assert divided.class_of(structural_key(canonical(DQN))) == 1
    assert divided.sizes == {0: NONE_AT_ZERO.size, 1: DQN.size}
    assert divided.class_of("met by nobody") == -1


def test_what_comes_later_is_told_apart(divided):
    """New forms, forms that were met before, and one that trains like neither part."""
    later = (
        (parse(f"loss = 3 * half_square{DELTA}"), "equivalent", 1),
        (DQN, "duplicate", 1),
        (parse(f"loss = 3 * sign(r) * half_square{DELTA} * sign(r)"), "equivalent", 0),
        (NONE_AT_ZERO, "duplicate", 0),
        (TWICE_AT_ZERO, "trained", 6),
        (parse(f"loss = 3 * (2 - sign(r)**2) * half_square{DELTA}"), "equivalent", 6),
    )
    for index, (graph, status, class_index) in enumerate(later, start=2):
        found = divided.screen(index, graph)
        assert (found.status, found.class_index) == (status, class_index), index
    assert divided.screen(9, PRODUCT).status == "trained"


def test_forms_that_were_met_before_are_compared_when_they_are_met_again(monkeypatch):
    monkeypatch.setattr("rlsearch.evolve.screening.fingerprint", fingerprint_without_signs)
    screening = Screening("direction")
    others = (DQN, parse(f"loss = 3 * half_square{DELTA}"), TWICE_AT_ZERO)
    for index, graph in enumerate((NONE_AT_ZERO, *others)):
        assert screening.screen(index, graph).class_index == 0
    none, dqn, triple, twice = map(canonical, (NONE_AT_ZERO, *others))
    screening.divide(0, none, structural_key(dqn), dqn, 1, recorded(("Catch",)))
    assert screening.class_of(structural_key(triple)) == 0  # nobody has looked yet
    assert screening.compare(structural_key(triple), triple, newcomer=2) == 1
    assert screening.compare(structural_key(twice), twice, newcomer=3) == 3
    assert screening.compare(structural_key(none), none, newcomer=99) == 0
    assert screening.compare(structural_key(triple), triple, newcomer=99) == 1
