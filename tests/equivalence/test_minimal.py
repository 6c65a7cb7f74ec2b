"""The effective formula: what trains nothing is gone, and the gradient is the same."""

import pytest
from hypothesis import given, settings

from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.equivalence.minimal import effective
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.simplify.canonical import canonical
from tests.support.strategies import losses

GIVEN = """
q_sa = q(online, s)[a]
q_next = max(q(target, s_next))
y = r + discount * q_next
d = q_sa - y
"""
DQN = "0.5 * d**2"
SHORT = {
    "0.5 * d**2 + log(abs(y)) - discount * q_next": DQN,
    "0.5 * d**2 + stop(q_sa) * r": DQN,
    "0.5 * d**2 + sign(d) * sign(q_sa)": DQN,
    "0.5 * d**2 + max(max(q(target, s)), r)": DQN,
    "0.5 * relu(d)**2 + 0.5 * relu(-d)**2": DQN,  # by no deletion: a known loss of that gradient
    "d**2 + 0.1 * q_sa + r": "d**2 + 0.1 * q_sa",
    "abs(d) + discount": "abs(d)",
    "q_sa * (q_sa - stop(r))": "q_sa * (q_sa - r)",
    "0.5 * d**2": DQN,
    "q_sa * stop(d)": "q_sa * stop(d)",
}


@pytest.mark.parametrize("text", SHORT)
def test_what_trains_nothing_is_gone(text):
    short = effective(parse(f"{GIVEN}loss = {text}"))
    wanted = canonical(parse(f"{GIVEN}loss = {SHORT[text]}"))
    assert short.size <= wanted.size
    assert same(fingerprint(short, "gradient"), fingerprint(wanted, "gradient"))


@settings(max_examples=25)
@given(losses())
def test_the_gradient_stays(graph):
    before, short = fingerprint(canonical(graph), "gradient"), effective(graph)
    assert short.size <= canonical(graph).size
    if before.flaw:
        assert short == canonical(graph)
    else:
        assert same(before, fingerprint(short, "gradient"))
        assert effective(short).size == short.size


@pytest.mark.parametrize("name", known_losses())
def test_known_losses_are_short_already(name):
    form = canonical(parse(known_losses()[name]))
    # The reward that the one adds trains nothing; the other keeps a log-probability below 0, where it is anyway.
    wasted = {"scratch_reg": 1, "munchausen_dqn": 1}
    assert form.size - effective(form).size == wasted.get(name, 0)
