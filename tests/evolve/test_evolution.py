"""Regularized evolution as a state machine: who breeds, when it starts over, and who knows what when."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.evolve.evolution import ENUMERATION_CAP, RESTART_PATIENCE
from rlsearch.evolve.forward_selection import extensions
from rlsearch.evolve.start_losses import start_genome
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical
from tests.support.evolutions import GRAMMAR, LADDER, SETTINGS, by_hash, carried_out, evolution

# What a proposal may know.


@settings(max_examples=15)
@given(st.integers(0, 80), st.integers(1, 12), st.sampled_from(["evolution", "enumerated", "start"]))
def test_a_proposal_knows_nothing_after_the_window(cut, window, kind):
    """Whatever is scored after `cut`, proposals up to `cut` + in_flight are the same."""
    changes = {"in_flight": window, "enumerate_ops": kind == "enumerated"}

    def otherwise(proposal):
        if proposal.index <= cut or proposal.status != "trained":
            return by_hash(proposal)
        return [{0: 1.0}, {0: (7 * proposal.class_index % 10) / 10}]

    first = carried_out(evolution(LADDER * (kind == "start"), rungs=2, **changes), 100)
    second = carried_out(evolution(LADDER * (kind == "start"), rungs=2, **changes), 100, otherwise)
    assert first[: cut + window + 1] == second[: cut + window + 1]


def test_results_do_matter():
    """The other side of the property above."""
    first = carried_out(evolution(rungs=2), 100)
    assert first == carried_out(evolution(rungs=2), 100)
    assert first != carried_out(evolution(rungs=2), 100, lambda proposal: by_hash(proposal)[:1])
    assert first != carried_out(evolution(rungs=2, seed=1), 100)


def test_rows_say_where_they_come_from():
    made = carried_out(evolution(rungs=2), 200)
    assert [proposal.index for proposal in made] == list(range(200))
    assert {proposal.origin for proposal in made} == {"random", "extend", *SETTINGS.mutations}
    for proposal in made:
        assert len(proposal.parents) == {"random": 0, "graft": 2}.get(proposal.origin, 1)
        assert all(parent <= proposal.index - SETTINGS.in_flight for parent in proposal.parents)
        assert (proposal.form is not None) == (proposal.status == "trained") == (proposal.class_index == proposal.index)
        assert bool(proposal.reason) == (proposal.status == "rejected") == (proposal.class_index == -1)
    first = {}
    for proposal in made:
        if proposal.status == "duplicate":
            assert first[proposal.key] == proposal.class_index
        else:
            assert proposal.key not in first or proposal.status == "rejected"
        first.setdefault(proposal.key, proposal.class_index)
    assert Counter(proposal.status for proposal in made).keys() == {"trained", "duplicate", "equivalent", "rejected"}


# Who breeds.


def fixed(index, class_index, text=LADDER[0], size=4, status="trained"):
    """A proposal as the machine would have made it."""
    return replace(evolution([text]).propose(0), index=index, status=status, class_index=class_index, size=size)


def filled(members, **changes):
    """A machine whose population is (index, class, size, score), in this order."""
    machine = evolution(**{"population": len(members), "fresh": 0.0, "extend": 0.0, "restart_after": 1.0} | changes)
    for index, number, size, score in members:
        machine.size[number] = size
        machine.apply(fixed(index, number, size=size), [{0: score}] if number not in machine.class_scores else [])
    return machine


def parents(machine, beginning, count=60):
    return Counter(parent for index in range(beginning, beginning + count) for parent in machine.propose(index).parents)


def test_the_fittest_of_a_tournament_breeds():
    members = [(index, index, 4, score) for index, score in enumerate((0.1, 0.9, 0.5, 0.3))]
    assert set(parents(filled(members, tournament=50), 100)) == {1}
    few = parents(filled(members, tournament=2), 100, 200)
    # Drawn with replacement: the best wins 7 of 16 tournaments of two, then 5, 3 and 1.
    assert [index for index, _ in few.most_common()] == [1, 2, 3, 0]


def test_ties_go_to_the_smaller_then_to_the_younger():
    assert set(parents(filled([(0, 0, 5, 0.5), (1, 1, 4, 0.5), (2, 2, 6, 0.5)], tournament=50), 100)) == {1}
    assert set(parents(filled([(0, 0, 4, 0.5), (1, 1, 4, 0.5), (2, 2, 6, 0.5)], tournament=50), 100)) == {1}


def test_a_duplicate_enters_with_its_class_score():
    """And, being younger, breeds in its place."""
    machine = filled([(0, 0, 4, 0.9), (1, 1, 4, 0.2), (2, 2, 4, 0.3)], tournament=50)
    machine.apply(fixed(3, 0, status="duplicate"), [])
    assert set(parents(machine, 100)) == {3}


def test_the_oldest_leaves_however_good():
    machine = filled([(0, 0, 4, 0.9), (1, 1, 4, 0.2), (2, 2, 4, 0.3)], tournament=50)
    for index in (3, 4):
        machine.size[index] = 4
        machine.apply(fixed(index, index), [{0: 0.1}])
    assert set(parents(machine, 100)) == {2}


def test_what_is_rejected_never_breeds():
    machine = filled([(0, 0, 4, 0.9), (1, 1, 4, 0.2)], tournament=50)
    machine.apply(fixed(2, -1, status="rejected"), [])
    assert set(parents(machine, 100)) == {0}


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_share_of_proposals_extends_leaders_while_there_are_any(share):
    machine = filled([(0, 0, 4, 0.2), (1, 1, 4, 0.9), (2, 2, 7, 0.95)], extend=share)
    made = [machine.propose(index) for index in range(100, 200)]
    grown = [proposal.parents for proposal in made if proposal.origin == "extend"]
    every = len(list(extensions(GRAMMAR, start_genome(GRAMMAR, parse(LADDER[0])), np.random.default_rng(0))))
    assert grown == ([(1,)] * every + [(0,)] * every + [(2,)] * every)[: len(grown)]
    assert len(grown) == pytest.approx(100 * share, abs=15)


def test_random_search_breeds_nothing():
    made = carried_out(evolution(strategy="random", rungs=2), 60)
    assert {proposal.origin for proposal in made} == {"random"}
    begun = carried_out(evolution(LADDER, strategy="random", rungs=2), 10)
    assert [proposal.origin for proposal in begun] == ["start"] * 3 + ["random"] * 7


# Starting over, and starting from an enumeration.


def test_a_stale_search_starts_over():
    """Nothing is ever better than the first: after RESTART_PATIENCE populations a fresh one is drawn, then another."""

    def ever_worse(proposal):
        return [{0: 1.0 / (1 + proposal.index)}] if proposal.status == "trained" else []

    machine = evolution(population=4, fresh=0.0)
    made = carried_out(machine, 120, ever_worse)
    fresh = [proposal.index for proposal in made if proposal.origin == "random"]
    assert {0, 1, 2, 3} < set(fresh)
    second = next(index for index in fresh if index > 20)
    assert RESTART_PATIENCE * 4 <= second <= RESTART_PATIENCE * 4 + SETTINGS.in_flight + 4
    bred = [proposal for proposal in made if proposal.parents and proposal.index >= second]
    assert bred and min(parent for proposal in bred for parent in proposal.parents) >= second  # nothing old is left
    third = next(index for index in fresh if index > second + 20)
    assert third >= second + RESTART_PATIENCE * 4 - SETTINGS.in_flight
    assert len(machine.population.genomes) == len(machine.population) <= 4


def test_improvement_keeps_a_search_going():
    made = carried_out(evolution(population=4, fresh=0.0), 120, lambda p: [{0: p.index / 120}] if p.status == "trained" else [])
    assert all(proposal.origin != "random" for proposal in made[20:])


@pytest.mark.parametrize("best", ["first", "last"])
def test_an_enumeration_leaves_its_best(best):
    """Its best becomes the population, wherever it stood; and evolution then has its own time to get better."""

    def scores(proposal):
        value = proposal.index / 1000
        return [{0: value if best == "last" else 1 - value}] if proposal.status == "trained" else []

    machine = evolution(enumerate_ops=2, population=5, fresh=0.0, extend=0.0, in_flight=1)
    made = carried_out(machine, len(list(enumerate_genomes(GRAMMAR, 2))) + 5, scores)
    counted = [proposal for proposal in made if proposal.origin == "enumerate"]
    assert 2 * ENUMERATION_CAP * 5 < len(counted) < 900
    assert [proposal.origin for proposal in made[: len(counted)]] == ["enumerate"] * len(counted)
    bred = made[len(counted) : len(counted) + 5]
    classes = {proposal.class_index for proposal in counted if proposal.status == "trained"}
    top = sorted(classes, key=machine.class_scores.fitness)[-5:]
    mothers = {made[parent].class_index for parent in bred[0].parents}
    assert mothers and mothers <= set(top)
    assert len(machine.population.classes & set(top)) > 1, "one class took every place"
    assert all(proposal.parents for proposal in bred), "evolution started over before it began"


def test_an_exhausted_enumeration_proposes_no_more():
    machine = evolution(enumerate_ops=1, strategy="enumerate", rungs=2)
    made = carried_out(machine, 10_000)
    assert {proposal.origin for proposal in made} == {"enumerate"}
    assert {proposal.status for proposal in made} <= {"trained", "equivalent", "rejected"}  # canonical forms are new
    assert machine.propose(len(made)) is None


def test_a_start_that_cannot_train_is_rejected_with_a_reason():
    texts = ["loss = q(online, s)[a] - q(online, s)[a]", "loss = 3 * q(online, s)[a]", "loss = exp(exp(q(online, s)[a]**2)**2)"]
    made = carried_out(evolution(texts, rungs=2), 3)
    assert [(proposal.status, proposal.reason) for proposal in made[:2]] == [
        ("rejected", "gradient is zero"),
        ("rejected", "gradient is constant"),
    ]
    assert canonical(made[2].genome.graph()).size == made[2].size


def test_a_class_is_as_small_as_its_smallest_member():
    """Written as half_square a loss has one op less than in canonical form, and longer members do not count."""
    machine = evolution(
        ["loss = 0.5 * (q(online, s)[a] - r)**2", "loss = half_square(q(online, s)[a] - r)", "loss = 3 * q(online, s)[a]"]
    )
    long, short = machine.propose(0), machine.propose(1)
    assert (long.status, short.status, short.class_index) == ("trained", "duplicate", long.class_index)
    assert (long.size, short.size, machine.size[0]) == (5, 4, 4)
    assert machine.propose(2).status == "rejected" and set(machine.size) == {0}
