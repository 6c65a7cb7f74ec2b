"""Losses that are equal by the laws of algebra fall into one gradient class, however they are written."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import print_graph
from rlsearch.simplify.canonical import canonical
from tests.support.strategies import LAWS, algebraic, coins, losses


def pairs(count: int) -> list[tuple[Graph, Graph]]:
    """Random losses, each beside an algebraic rewriting of it that is another graph."""
    found: list[tuple[Graph, Graph]] = []

    @settings(max_examples=2 * count, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(losses(), losses(tuple(LAWS))), coins)
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


def test_rewritings_go_beyond_the_canonical_form():
    """Else it were the canonical form that is measured here."""
    beyond = [canonical(one) != canonical(other) for one, other in pairs(200)]
    assert sum(beyond) > 60


@pytest.mark.slow
def test_999_of_1000_rewritings_stay_in_their_class():
    failures = apart(5000)
    assert len(failures) <= 5, "\n\n".join(failures)
