"""Tidied losses are the same losses, written as people write them."""

import pytest
from hypothesis import assume, given, settings

from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import known_losses
from rlsearch.simplify.canonical import canonical
from rlsearch.simplify.tidy import tidy
from tests.support.strategies import losses

Q = "q(online, s)[a]"
NEXT = "max(q(target, s_next))"
# What somebody wrote, and how its canonical form is printed once it is tidy.
SHOWN = {
    known_losses()["dqn"]: f"loss = 0.5 * ({Q} - (r + discount * {NEXT}))**2",
    known_losses()["scratch_td"]: f"loss = ({Q} - (r + discount * {NEXT}))**2",
    f"loss = half_square(r - {Q})": f"loss = 0.5 * ({Q} - r)**2",
    f"loss = abs(r + discount * {NEXT} - {Q})": f"loss = abs({Q} - (r + discount * {NEXT}))",
    f"loss = r - {Q}": f"loss = r - {Q}",
    f"loss = -{Q} - r": f"loss = -(r + {Q})",
    f"loss = {Q} - 0.5": f"loss = {Q} - 0.5",
    f"loss = {Q} - 0.5 * r": f"loss = {Q} - 0.5 * r",
    f"loss = {Q} * (r - 2 * discount)": f"loss = (r - 2 * discount) * {Q}",
    f"loss = -2 * ({Q} - r) * r": f"loss = 2 * (r * (r - {Q}))",
    f"loss = 2 / {Q} + 0.1": f"loss = 2 / {Q} + 0.1",
    f"loss = clip(2 * {Q}, -1, 1) * r": f"loss = 2 * (r * clip({Q}, -0.5, 0.5))",
    f"loss = max(min({Q}, 3), 0)": f"loss = min(max({Q}, 0), 3)",  # at its bounds a clip would pass the whole gradient
    f"loss = {Q} * max(min(r, 3), 0)": f"loss = clip(r, 0, 3) * {Q}",
    f"loss = min(max({Q} - stop({Q}), 0), 1)": None,
    f"loss = {Q} * r * (r - 2 * {Q})": f"q_sa = {Q}\nloss = r * q_sa * (r - 2 * q_sa)",
    f"loss = min(r, {Q}) - max(r, {Q})": None,
}


@pytest.mark.parametrize("text", SHOWN, ids=lambda text: text.splitlines()[-1][-40:])
def test_what_a_reader_sees(text):
    form = canonical(parse(text))
    shown = print_graph(tidy(form))
    assert canonical(parse(shown)) == form
    if SHOWN[text]:
        assert shown == SHOWN[text]
    assert "+ -" not in shown


@settings(max_examples=300)
@given(losses())
def test_a_tidy_loss_has_the_same_gradient(graph):
    form = canonical(graph)
    tidied = tidy(form)
    before, after = fingerprint(form, "gradient"), fingerprint(tidied, "gradient")
    assert tidied.types[tidied.root] == form.types[form.root]
    assume(not before.flaw and not after.flaw)
    assert same(before, after)


@settings(max_examples=300)
@given(losses())
def test_nothing_negated_is_added(graph):
    tidied = tidy(canonical(graph))
    for node in tidied.nodes:
        if node.op == "add":
            assert all(tidied.nodes[arg].op != "neg" for arg in node.args)
    assert "+ -" not in print_graph(tidied)
    assume(tidied.carries[tidied.root])
    assert parse(print_graph(tidied)) == tidied


@settings(max_examples=300)
@given(losses())
def test_tidying_is_undone_by_the_canonical_form(graph):
    """So a loss copied from a report has the hash that stood beside it."""
    form = canonical(graph)
    assert canonical(tidy(form)) == form
