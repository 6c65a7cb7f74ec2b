"""Limits of a space: counted by hand, kept by everything that is proposed, and without a trace where there are none."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.evolve.evolution import Evolution
from rlsearch.evolve.forward_selection import extensions
from rlsearch.evolve.grammar import Grammar, random_genome
from rlsearch.evolve.limits import Limits
from rlsearch.evolve.mutations import MUTATIONS, mutate
from rlsearch.graph.genome import parse_lines, print_genome
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical, loss_size
from tests.support.evolutions import GRAMMAR, SETTINGS, carried_out
from tests.support.strategies import losses

GIVEN = parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))")
INPUTS = ("online", "target", "s", "s_next", "a", "r", "discount")
FREE = Grammar(INPUTS, GIVEN, True, 7, ("add", "sub", "mul", "exp", "log", "abs", "half_square", "where"), (0.5, 1.0))
DQN = "0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"
LIMITS = (
    Limits(max_complexity=7),
    Limits({"exp": 4, "log": 3, "where": 9}, max_complexity=10),
    Limits(max_depth=4),
    Limits(nesting={"exp": {"exp": 0, "log": 0}, "log": {"exp": 0, "log": 0, "abs": 1}, "mul": {"mul": 1}}),
    Limits({"exp": 2}, 12, 5, {"abs": {"abs": 0}, "add": {"add": 2}}),
)


def paths(graph: Graph, index: int) -> list[list[str]]:
    """The ops on every way down from a node, itself included: by walking them all."""
    node = graph.nodes[index]
    if node.op not in operations():
        return [[]]
    return [[node.op, *rest] for arg in node.args for rest in paths(graph, arg)]


def kept(limits: Limits, graph: Graph) -> bool:
    """What the limits say, by walking every way through a loss."""
    ways = paths(graph, graph.root)
    count = sum(limits.complexity.get(node.op, 1) for node in graph.nodes if node.op in operations())
    if limits.max_complexity is not None and count > limits.max_complexity:
        return False
    if limits.max_depth is not None and max(map(len, ways)) > limits.max_depth:
        return False
    return all(
        way[place + 1 :].count(inner) <= most
        for outer, limited in limits.nesting.items()
        for inner, most in limited.items()
        for way in ways
        for place, op in enumerate(way)
        if op == outer
    )


@pytest.mark.parametrize(
    ("limits", "text", "allowed"),
    [
        (Limits(max_complexity=9), DQN, True),
        (Limits(max_complexity=8), DQN, False),
        (Limits({"sub": 3}, max_complexity=11), DQN, True),
        (Limits({"sub": 3}, max_complexity=10), DQN, False),
        (Limits(max_depth=7), DQN, True),  # mul, square, sub, add, mul, max, q
        (Limits(max_depth=6), DQN, False),
        (Limits(nesting={"mul": {"mul": 1}}), DQN, True),
        (Limits(nesting={"mul": {"mul": 0}}), DQN, False),
        (Limits(nesting={"add": {"square": 0}}), DQN, True),
        (Limits(nesting={"exp": {"exp": 0}}), "exp(exp(q(online, s)[a]))", False),
        (Limits(nesting={"exp": {"exp": 0}}), "exp(r) + exp(q(online, s)[a])", True),
        (Limits(nesting={"exp": {"exp": 1}}), "exp(exp(q(online, s)[a]))", True),
        (Limits(nesting={"exp": {"log": 1}}), "exp(log(r) + log(q(online, s)[a]))", True),  # on no way twice
        (Limits(nesting={"exp": {"log": 1}}), "exp(log(abs(log(q(online, s)[a]))))", False),
        (Limits(max_complexity=3), "x = q(online, s)[a]; loss = x * x", True),  # what is shared counts once
        (Limits(), DQN, True),
    ],
)
def test_limits_by_hand(limits, text, allowed):
    assert limits.allow(parse(text)) is allowed is kept(limits, parse(text))


@given(losses(max_ops=7), st.sampled_from(LIMITS))
def test_limits_are_what_walking_every_way_says(graph, limits):
    assert limits.allow(graph) == kept(limits, graph)


def test_size_is_complexity_where_there_is_any():
    graph = parse(DQN)
    form = canonical(graph)
    assert Limits().size(graph, form) == Limits(max_depth=9).size(graph, form) == loss_size(graph, form)
    assert Limits({"sub": 5, "tanh": 7}).size(graph, form) == graph.size + 4


@pytest.mark.parametrize("limits", LIMITS, ids=range(len(LIMITS)))
def test_whatever_is_drawn_or_mutated_keeps_them(limits):
    language, rng = replace(FREE, limits=limits), np.random.default_rng(0)
    genome = donor = random_genome(language, rng)
    for _ in range(30):
        drawn = random_genome(language, rng)
        born = mutate(language, genome, donor, dict.fromkeys(MUTATIONS, 1.0), rng)
        genome, donor = born[0] if born else drawn, genome
        extended = [each for each, _ in zip(extensions(language, drawn, rng), range(20), strict=False)]
        assert all(kept(limits, one.graph()) for one in (drawn, genome, *extended))


@pytest.mark.parametrize("limits", LIMITS, ids=range(len(LIMITS)))
def test_an_enumeration_is_what_is_left_of_all(limits):
    small = replace(FREE, ops=("mul", "exp", "log", "abs"), inputs=("r",), constants=())
    every = {print_genome(genome): genome for genome in enumerate_genomes(small, 2)}
    some = list(enumerate_genomes(replace(small, limits=limits), 2))
    assert all(kept(limits, genome.graph()) for genome in some)
    wanted = {text for text, genome in every.items() if kept(limits, genome.graph())}
    assert wanted <= {print_genome(genome) for genome in some} and 0 < len(some) <= len(every)


def test_a_search_keeps_them_and_counts_by_them():
    limits = Limits({"mul": 3, "square": 2}, max_complexity=12, nesting={"mul": {"mul": 0}})
    machine = Evolution(replace(GRAMMAR, limits=limits), SETTINGS, 0, (), 2, 1)
    for proposal in carried_out(machine, 150):
        graph = proposal.genome.graph()
        assert kept(limits, graph) and proposal.size == limits.weight(graph) <= 12


def test_without_limits_every_draw_is_as_before():
    for seed, limits in product(range(20), (Limits(), Limits({"exp": 3}), Limits(max_depth=99, max_complexity=999))):
        rngs = np.random.default_rng(seed), np.random.default_rng(seed)
        one, other = random_genome(FREE, rngs[0]), random_genome(replace(FREE, limits=limits), rngs[1])
        assert one == other and rngs[0].random() == rngs[1].random()


def test_limits_that_no_loss_keeps_are_said():
    with pytest.raises(LossError, match="allow more ops or inputs or wider limits, or give a line that reads"):
        random_genome(replace(FREE, limits=Limits(max_depth=1)), np.random.default_rng(0))
