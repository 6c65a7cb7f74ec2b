"""Losses that are equal by the laws of algebra fall into one gradient class, however they are written."""

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import algebraic, coins, losses

from rlsearch.evolve.fingerprint import fingerprint, same
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import print_graph

# What searches are made of. Rounding is another matter for what explodes or divides by next to nothing.
OPS = (
    *("add", "sub", "mul", "neg", "abs", "square", "half_square", "minimum", "maximum", "huber", "tanh", "clip", "relu"),
    *("select", "max", "mean", "sum", "dot", "softmax", "logsumexp", "stop", "where"),
)


def pairs(count: int) -> list[tuple[Graph, Graph]]:
    """Random losses, each beside an algebraic rewriting of it that is another graph."""
    found: list[tuple[Graph, Graph]] = []

    @settings(max_examples=2 * count, database=None, suppress_health_check=list(HealthCheck))
    @given(losses(OPS), coins)
    def collect(graph, written):
        other = algebraic(graph, written)
        if other != graph and not fingerprint(graph, "gradient").flaw:
            found.append((graph, other))

    collect()
    assert len(found) >= count, "too few losses that train anything"
    return found[:count]


def apart(count: int) -> list[str]:
    """The pairs that fall into two classes, as text."""
    return [
        f"{print_graph(one)}\n  is not\n{print_graph(other)}"
        for one, other in pairs(count)
        if (print_ := fingerprint(other, "gradient")).flaw or not same(fingerprint(one, "gradient"), print_)
    ]


def test_rewritings_stay_in_their_class():
    assert apart(300) == []


@pytest.mark.slow
def test_999_of_1000_rewritings_stay_in_their_class():
    failures = apart(5000)
    print(f"{len(failures)} of 5,000 apart", *failures[:5], sep="\n\n")
    assert len(failures) <= 5
