"""Forward selection: all insertions that read something new, each once, of the best few losses of each size."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.evolve.forward_selection import LEADERS_PER_SIZE, ForwardSelection, extensions
from rlsearch.evolve.grammar import Grammar, random_genome
from rlsearch.evolve.mutations import mutate
from rlsearch.graph.genome import parse_genome, parse_lines
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical

GIVEN = parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))")
INPUTS = ("online", "target", "s", "s_next", "a", "r", "discount")
OPS = ("add", "sub", "mul", "div", "minimum", "half_square", "abs", "clip", "where")
PAIRS = Grammar(INPUTS, GIVEN, True, 7, ("add", "sub", "mul", "div", "minimum", "half_square", "abs"), (0.5, 2.0))
SPACE = Grammar(INPUTS, GIVEN, True, 7, OPS, (0.5, 2.0))


def free(text):
    return parse_genome("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))\n" + text)


UNDISCOUNTED = free("n1 = r + q_next\nn2 = q_sa - n1\nloss = half_square(n2)")


def draws():
    return np.random.default_rng(0)


def read(genome):
    names = {ref for line in genome.live() for ref in line.args if isinstance(ref, str)}
    return {name for name in names if name in INPUTS or name in ("q_sa", "q_next")}


UNDISCOUNTED_EXTENDED = {canonical(child.graph()) for child in extensions(PAIRS, UNDISCOUNTED, draws())}


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_an_extension_is_a_loss_with_one_line_more_that_reads_something_new(seed):
    genome = random_genome(SPACE, np.random.default_rng(seed))
    live = {line.name for line in genome.live()}
    lines = sum(line.name in live for line in genome.lines[len(GIVEN) :])
    for child in extensions(SPACE, genome, draws()):
        assert len(child.lines) == len(GIVEN) + lines + 1 <= len(GIVEN) + SPACE.free_nodes
        assert child.lines[: len(GIVEN)] == GIVEN
        assert child.graph().carries[-1]
        assert read(child) > read(genome)


@given(st.integers(0, 2**32))
def test_no_insertion_that_reads_something_new_is_missed(seed):
    """Against mutation, which draws its insertions from another program."""
    rng = np.random.default_rng(seed)
    child, _ = mutate(PAIRS, UNDISCOUNTED, UNDISCOUNTED, {"insert_on_edge": 1.0}, rng)
    assume(read(child) > read(UNDISCOUNTED))
    assert canonical(child.graph()) in UNDISCOUNTED_EXTENDED


def test_temporal_differences_extend_their_undiscounted_form():
    td = fingerprint(canonical(parse("loss = (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2")), "direction")
    prints = [fingerprint(canonical(child.graph()), "direction") for child in extensions(SPACE, UNDISCOUNTED, draws())]
    assert sum(not print_.flaw and same(print_, td) for print_ in prints) == 1


def test_a_full_loss_and_one_that_reads_everything_have_no_extension():
    tight = Grammar(INPUTS, GIVEN, True, 3, OPS, ())
    assert not list(extensions(tight, UNDISCOUNTED, draws()))
    everything = free("n1 = discount * q_next\nn2 = r + n1\nn3 = q_sa - n2\nloss = half_square(n3)")
    assert not list(extensions(SPACE, everything, draws()))


def test_an_op_of_many_arguments_is_tried_with_every_unread_name_in_every_place():
    """And not with every combination of its other arguments, which would be thousands."""
    wide = Grammar(INPUTS, GIVEN, True, 7, ("where",), (0.5, 2.0))
    made = list(extensions(wide, UNDISCOUNTED, draws()))
    places = Counter(line.args.index("discount") for child in made for line in child.lines if line.op == "where")
    assert places.keys() == {0, 1, 2, 3}
    assert len(made) <= 6 * 4 * 3  # edges, places of the value, places of the discount


def test_dead_lines_are_left_behind():
    dead = free("n1 = r + q_next\nn2 = discount * discount\nn3 = q_sa - n1\nloss = half_square(n3)")
    assert {child.graph() for child in extensions(SPACE, dead, draws())} == {
        child.graph() for child in extensions(SPACE, UNDISCOUNTED, draws())
    }


def leaders(losses, seed=0, least=0):
    """Leaders of losses given as (number, size, fitness), all of them the undiscounted loss."""
    fitness = {number: score for number, _, score in losses}
    table = ForwardSelection(PAIRS, seed, least)
    for number, size, _ in losses:
        table.add(number, size, UNDISCOUNTED, fitness.__getitem__)
    return table, fitness.__getitem__


def drained(table, fitness):
    made = []
    while (extended := table.next(fitness)) is not None:
        made.append(extended)
    return made


def test_the_best_of_each_size_that_beat_all_smaller_losses_are_extended_each_way_once():
    fours = [(n, 4, n / 10) for n in range(LEADERS_PER_SIZE + 1)]
    made = drained(*leaders([*fours, (7, 6, 0.05), (8, 6, 0.95), (9, 7, 0.9), (10, 8, 0.99)]))
    # Class 0 is crowded out by better ones of its size; 7 and 9 are larger than a better one.
    assert list(dict.fromkeys(number for _, number in made)) == [*range(LEADERS_PER_SIZE, 0, -1), 8, 10]
    every = list(extensions(PAIRS, UNDISCOUNTED, draws()))
    for leader in (1, 8):
        mine = [genome for genome, number in made if number == leader]
        assert len(mine) == len(every)
        assert {genome.graph() for genome in mine} == {genome.graph() for genome in every}


def test_a_new_smaller_leader_goes_first_and_the_old_one_goes_on_afterwards():
    table, fitness = leaders([(1, 5, 0.5)])
    first, _ = table.next(fitness)
    scores = {1: 0.5, 2: 0.4}.__getitem__
    table.add(2, 4, UNDISCOUNTED, scores)
    made = drained(table, scores)
    assert [number for _, number in made] == sorted((number for _, number in made), reverse=True)
    assert first not in [genome for genome, number in made if number == 1]


def test_what_failed_the_first_rung_leads_only_while_nothing_has_passed_it():
    table, _ = leaders([(1, 4, 0.5)])
    assert table.next({1: 0.5}.__getitem__)[1] == 1
    scores = {1: 0.5, 2: 1.2}.__getitem__
    table.add(2, 7, UNDISCOUNTED, scores)
    assert {number for _, number in drained(table, scores)} == {2}


def test_what_an_enumeration_has_extended_is_left_out():
    assert drained(*leaders([(1, 4, 0.5)], least=3)) and not drained(*leaders([(1, 4, 0.5)], least=4))


@pytest.mark.parametrize(("seed", "equal"), [(0, True), (1, False)])
def test_the_order_is_the_seeds(seed, equal):
    made = [genome for genome, _ in drained(*leaders([(1, 4, 0.5)]))]
    again = [genome for genome, _ in drained(*leaders([(1, 4, 0.5)], seed))]
    assert (made == again) == equal
