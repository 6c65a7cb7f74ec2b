"""Losses from outside become genomes of the space: the same graph, after the given lines."""

from dataclasses import replace

import pytest
from hypothesis import given

from rlsearch.evolve.grammar import Grammar
from rlsearch.evolve.start_losses import start_genome
from rlsearch.graph.genome import parse_genome, parse_lines, print_genome
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from tests.support.strategies import losses

GRAMMAR = Grammar(
    ("online", "target", "s", "s_next", "a", "r", "discount"),
    parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))"),
    True,
    5,
    ("add", "sub"),
    (0.5,),
)


@pytest.mark.parametrize("name", known_losses())
def test_a_known_loss_becomes_a_genome_of_the_space(name):
    graph = parse(known_losses()[name])
    genome = start_genome(GRAMMAR, graph)
    assert genome.lines[: len(GRAMMAR.given)] == GRAMMAR.given
    assert genome.graph() == graph
    free = genome.lines[len(GRAMMAR.given) :]
    assert [line.name for line in free] == [f"n{k}" for k in range(1, len(free))] + ["loss"]
    assert ("q_sa" in {ref for line in free for ref in line.args}) and not any(
        line.op == "q" and line.args[0] == "online" and line.args[1] == "s" for line in free
    )
    assert parse_genome(print_genome(genome)) == genome


@given(losses())
def test_any_loss_does(graph):
    genome = start_genome(GRAMMAR, graph)
    assert genome.graph() == graph
    assert parse_genome(print_genome(genome)) == genome


def test_a_loss_that_is_among_the_given_lines():
    language = replace(GRAMMAR, given=(*GRAMMAR.given, *parse_lines("q_sa = q(online, s)[a]\ntd = (q_sa - r)**2")[2:]))
    graph = parse("loss = (q(online, s)[a] - r)**2")
    assert start_genome(language, graph).graph() == graph
