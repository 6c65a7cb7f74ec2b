"""The canonical form: a fixpoint that keeps value and gradient, blind to the order of writing."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical, structural_key
from tests.support.evaluate import by_tape, random_batch, steady
from tests.support.strategies import OPS, coins, losses, rewritten

NAMES = "Q = q(online, s)[a]\nT = max(q(target, s_next))\nU = q(target, s)[a]\nV = q(online, s)\n"


def key(expression: str) -> str:
    return structural_key(canonical(parse(f"{NAMES}loss = {expression}")))


@settings(max_examples=300)
@given(losses())
def test_canonical_form_is_a_fixpoint(graph):
    form = canonical(graph)
    assert canonical(form) == form
    assert form.types[form.root] in ("Real", "Constant")


@settings(max_examples=200)
@given(losses(), st.sampled_from([2, 5]))
def test_canonical_form_keeps_value_and_gradient(graph, num_actions):
    form, batch = canonical(graph), random_batch(num_actions)
    ok = steady(graph, batch) & steady(form, batch)
    assume(ok.any())
    # Sums are taken in another order, so what cancels differs by the rounding of its terms.
    for one, other in zip(by_tape(graph, batch), by_tape(form, batch), strict=True):
        np.testing.assert_allclose(one[..., ok], other[..., ok], rtol=1e-6, atol=1e-7)


def vanished(form):
    """Whether a Vector has vanished: 0 * V keeps which Vector that was."""
    return any(node.op == "mul" and form.nodes[node.args[0]].leaf == 0.0 for node in form.nodes)


@settings(max_examples=300)
@given(losses(max_ops=12), coins)
def test_the_way_of_writing_does_not_matter(graph, written):
    one, other = canonical(graph), canonical(rewritten(graph, written))
    assume(not vanished(one) and not vanished(other))
    assert structural_key(one) == structural_key(other)


@given(losses())
def test_canonical_form_is_printable(graph):
    form = canonical(graph)
    if form.carries[form.root]:
        assert parse(print_graph(form)) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q + r", "r + Q"),
        ("(Q + r) + T", "T + (r + Q)"),
        ("Q + 0", "Q"),
        ("Q - r + r", "Q"),
        ("Q + Q", "2 * Q"),
        ("0.1 * Q + 0.2 * Q", "0.3 * Q"),
        ("0.1 * Q + 0.2 * Q - 0.3 * Q + T * Q", "T * Q"),
        ("(0.1 + 0.2) * Q", "0.3 * Q"),
        ("0.1 * Q * (0.7 * r)", "0.07 * (r * Q)"),
        ("Q + (0.5 + 0.5)", "1 + Q"),
        ("Q - (r - T)", "T + Q - r"),
        ("--Q", "Q"),
        ("Q * r * T", "T * (r * Q)"),
        ("Q * 1", "Q"),
        ("Q * 0 + Q", "Q"),
        ("Q / 4", "0.25 * Q"),
        ("(2 * Q) / r", "2 * (Q / r)"),
        ("(-Q) * r", "-(Q * r)"),
        ("Q * Q", "Q**2"),
        ("Q * Q * Q", "Q**2 * Q"),
        ("(Q * Q) * (Q * Q)", "(Q**2)**2"),
        ("(2 * Q)**2", "4 * Q**2"),
        ("(r - Q)**2", "(Q - r)**2"),
        ("half_square(Q - r)", "0.5 * (r - Q)**2"),
        ("abs(Q)**2", "Q * Q"),
        ("abs(r - Q)", "abs(Q - r)"),
        ("abs(-3 * Q)", "3 * abs(Q)"),
        ("abs(Q**2)", "Q**2"),
        ("abs(abs(Q))", "abs(Q)"),
        ("huber(r - Q)", "huber(Q - r)"),
        ("log(r - Q)", "log(Q - r)"),
        ("tanh(r - Q)", "-tanh(Q - r)"),
        ("Q * sign(r - T)", "-Q * sign(T - r)"),
        ("min(-Q, -r)", "-max(r, Q)"),
        ("Q * max(T, max(r, U))", "Q * max(max(U, T), r)"),  # no gradient flows through the maximum
        ("Q * max(T, max(r, T))", "Q * max(T, r)"),
        ("min(Q, Q)", "Q"),
        ("Q * relu(r)", "Q * max(0, r)"),
        ("relu(-2 * Q)", "2 * relu(-Q)"),
        ("relu(Q**2)", "Q**2"),
        ("relu(relu(Q))", "relu(Q)"),
        ("stop(r) + Q", "r + Q"),
        ("stop(stop(Q)) * Q", "stop(Q) * Q"),
        ("sign(stop(Q)) * Q", "sign(Q) * Q"),
        ("where(Q > r, T, T) + Q", "T + Q"),
        ("dot(V, softmax(V))", "dot(softmax(V), V)"),
        ("max(V + 0)", "max(V)"),
        ("max(V - V) + Q", "max(V - V) + Q"),
        ("max(2, 3) + Q", "3 + Q"),
        ("abs(-2) * relu(-1) + Q", "Q"),
        ("(0.5 * (Q - 0.9 * r))**2", "0.25 * (Q - 0.9 * r)**2"),
        ("Q / 3 + Q / 3 + Q / 3", "Q"),
        ("Q / 3.7 * 2.5 * 0.1", "0.25 * (Q / 3.7)"),
        ("abs(2 * Q - 2 * r)", "2 * abs(r - Q)"),
        ("min(2 * Q, r)", "2 * min(Q, 0.5 * r)"),
        ("Q * min(min(-U, T), -r)", "Q * min(T, -max(U, r))"),
        ("min(min(Q, 1), 2)", "min(Q, 1)"),
        ("clip(-2 * Q, -1, 2)", "-2 * clip(Q, -1, 0.5)"),
        ("Q * clip(-2 * r, -1, 2)", "-2 * Q * max(min(r, 0.5), -1)"),
        ("max(min(Q, 1), -1)", "min(max(Q, -1), 1)"),
        ("clip(clip(Q, -1, 1), -2, 2)", "clip(Q, -1, 1)"),
        ("Q * max(min(U, T), min(U, max(U, r)))", "Q * U"),
        ("max(exp(Q) + T**2, -1)", "exp(Q) + T**2"),
        ("abs(Q) * abs(r) * abs(Q)", "abs(r) * Q**2"),
        ("sign(r * Q) * Q", "sign(r) * abs(Q)"),
        ("where(2 * Q > 2 * r, Q, r)", "where(Q > r, Q, r)"),
        ("where(T - 1 > T + Q, r, Q)", "where(-1 > Q, r, Q)"),
        ("mean(V - Q) + Q", "mean(V)"),
        ("(V * V)[a] + exp(V - max(V))[a]", "Q**2 + exp(Q - max(V))"),
        ("sign(Q - stop(2 * r * Q)) * Q", "sign(Q - 2 * r * Q) * Q"),
        ("kl(softmax(V + r), softmax(V)) + Q", "Q"),
    ],
)
def test_written_differently_but_the_same(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q - r", "r - Q"),
        ("Q / r", "r / Q"),
        ("Q / Q", "1 * Q"),
        ("Q**2 * r", "Q * r**2"),
        ("2 * Q", "3 * Q"),
        ("max(Q, r)", "min(Q, r)"),
        ("stop(Q) * Q", "Q * Q"),
        ("exp(log(Q))", "Q"),  # log takes the absolute value
        ("sqrt(Q**2)", "abs(Q)"),  # guarded
        ("exp(-Q)", "exp(Q)"),
        ("where(Q > r, T, Q)", "where(r > Q, T, Q)"),
        ("tanh(Q) + r", "tanh(Q + r)"),
        ("max(V)", "max(q(online, s_next))"),
        ("mean(V)", "sum(V)"),
        ("abs(Q) * Q", "Q * Q"),
        ("clip(Q, -1, 1)", "clip(Q, -1, 2)"),
        ("relu(Q - stop(Q))", "max(Q - stop(Q), 0)"),  # halves the gradient: the tie is everywhere
        ("min(min(Q, stop(Q)), Q)", "min(Q, stop(Q))"),
        ("relu(Q - U)", "max(Q - U, 0)"),  # a target network that was just copied is the online network
        ("clip(Q - U, 0, 1)", "max(min(Q - U, 1), 0)"),
        ("max(Q, max(r, T))", "max(max(T, Q), r)"),
        ("max(max(Q, T), T)", "max(Q, T)"),  # a wall was hit: s_next is s
        ("max(max(Q, 0), 0)", "max(Q, 0)"),
        ("max(Q, min(Q, U))", "Q"),
        ("where(Q > U, Q, U)", "max(Q, U)"),
        ("abs(max(Q - U, 0))", "max(Q - U, 0)"),
        ("abs(Q - U) * sign(Q - U)", "Q - U"),
        ("sqrt(Q)**2", "max(Q, 1e-6)"),
        ("where(Q > r, T, Q)", "where(r > Q, Q, T)"),  # rewards tie
        ("(Q / r) * r", "Q"),
    ],
)
def test_different_losses_keep_different_keys(one, other):
    assert key(one) != key(other)


def test_the_key_is_text_that_does_not_change_between_runs():
    assert key("half_square(Q - (r + discount * T))") == "821a4979e1fccae2ca8d"


@pytest.mark.parametrize("text", ["((1e30 * Q)**2)**2 * Q", "Q * (1e20 * 1e20)", "(1e30 * Q) * (1e30 * Q)", "Q / 1e-6 * 1e30"])
def test_constants_beyond_the_range_of_literals_stay_as_written(text):
    graph = parse(f"{NAMES}loss = {text}")
    assert canonical(graph) == graph
    assert parse(print_graph(canonical(graph))) == graph


def test_every_op_of_a_loss_may_vanish():
    form = canonical(parse("q(online, s)[a] - q(online, s)[a]"))
    assert print_graph(form) == "loss = 0"


@pytest.mark.parametrize("op", [name for name in OPS if operations()[name].elementwise and len(operations()[name].args) == 1])
def test_the_longest_chain_of_an_op_has_a_form(op):
    graph = parse(
        "x0 = q(online, s)[a]\n" + "".join(f"x{i + 1} = {op}(x{i}) + r\n" for i in range(90)) + "loss = max(q(online, s)) + x90"
    )
    form = canonical(graph)
    assert canonical(form) == form


@pytest.mark.parametrize("op", ["max", "min", "+", "*"])
def test_the_longest_nest_of_an_associating_op_has_a_form(op):
    lines = [f"x{i + 1} = " + (f"{op}(x{i}, {i} + r)" if op.isalpha() else f"x{i} {op} tanh({i} + r)") for i in range(45)]
    graph = parse("\n".join(["x0 = q(online, s)[a]", *lines, "loss = x45"]))
    form = canonical(graph)
    assert canonical(form) == form


@pytest.mark.parametrize(
    ("first", "level", "loss"),
    [
        ("abs(q(online, s)[a])", "max({0} * ({0} + abs(r)), 0)", "{0}"),
        ("q(online, s)", "tanh({0} - {0} * {0})", "{0}[a] + {0}[argmax(q(target, s))]"),
    ],
)
def test_a_part_that_is_used_again_and_again_is_rewritten_once(first, level, loss):
    """Were it rewritten for each of its users, 30 lines would never end."""
    lines = [f"x0 = {first}", *(f"x{k + 1} = {level.format(f'x{k}')}" for k in range(30)), f"loss = {loss.format('x30')}"]
    assert canonical(parse("\n".join(lines))).size < 200
