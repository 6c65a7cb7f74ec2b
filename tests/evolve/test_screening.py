"""Screening by itself: what is new, found again in the same or in another form, or cannot train anything."""

import pytest

from rlsearch.evolve.screening import Screening
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical, structural_key

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
