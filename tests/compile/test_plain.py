"""Formulas in plain characters: a person who reads one computes what the loss computes."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from rlsearch.compile.plain import abbreviated, plain, plain_op
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses, operations
from tests.support.evaluate import by_tape, random_batch, steady
from tests.support.nested import nested
from tests.support.op_lists import OPERATIONS
from tests.support.plain_reader import value_of_plain
from tests.support.strategies import losses

ARITHMETIC = ("add", "sub", "mul", "div", "neg", "square", "half_square", "abs")
BATCH = random_batch(3)
# Few digits, so that sums come out the same in any order.
BATCH = replace(BATCH, q=np.round(16 * BATCH.q) / 16, samples=np.round(16 * BATCH.samples) / 16)


def check(graph: Graph, samples: Any = slice(None)) -> None:
    text = plain(graph)
    read, computed = value_of_plain(text, BATCH)[samples], by_tape(graph, BATCH).value[samples]
    np.testing.assert_allclose(read, computed, rtol=1e-6, atol=1e-9, err_msg=text)


@given(losses(ARITHMETIC, max_ops=12))
def test_arithmetic_reads_as_it_computes(graph):
    check(graph, steady(graph, BATCH))


@given(losses())
def test_every_loss_reads_as_it_computes(graph):
    check(graph, steady(graph, BATCH))


@pytest.mark.parametrize("outer", OPERATIONS, ids=lambda op: op.name)
def test_every_op_in_every_op_reads_as_it_computes(outer):
    for inner in OPERATIONS:
        for graph in nested((outer, inner)):
            check(graph)


@pytest.mark.parametrize("outer", ARITHMETIC)
def test_arithmetic_three_ops_deep_reads_as_it_computes(outer):
    for names in product((*ARITHMETIC, "max", "log", "sqrt"), repeat=2):
        for graph in nested([operations()[name] for name in (outer, *names)]):
            check(graph)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("q(online, s)[a] * -1", "Q(s, a) (−1)"),
        ("q(online, s)[a] * (-0.5 * r)", "Q(s, a) (−0.5 r)"),
        ("-(q(online, s)[a] * r)", "−Q(s, a) r"),
        ("-(q(online, s)[a] + r)", "−(Q(s, a) + r)"),
        ("q(online, s)[a] - (r - discount)", "Q(s, a) − (r − γ)"),
        ("q(online, s)[a] + (r - discount)", "Q(s, a) + r − γ"),
        ("q(online, s)[a] / r * discount", "(Q(s, a) / r) γ"),
        ("discount * (q(online, s)[a] / r)", "γ Q(s, a) / r"),
        ("q(online, s)[a] / (r * discount)", "Q(s, a) / (r γ)"),
        ("q(online, s)[a] / r / discount", "(Q(s, a) / r) / γ"),
        ("q(online, s)[a]**2 / r**2", "Q(s, a)² / r²"),
        ("-r / q(online, s)[a]", "(−r) / Q(s, a)"),
        ("-(r / q(online, s)[a])", "−r / Q(s, a)"),
        ("max(q(online, s)) * r", "(max over a′ Q(s, a′)) r"),
        ("discount * max(q(online, s)) * r", "(γ max over a′ Q(s, a′)) r"),
        ("r - max(q(online, s))**2", "r − (max over a′ Q(s, a′))²"),
        ("log(q(online, s)[a])**2 * log(r)", "(log|Q(s, a)|)² log|r|"),
        ("sqrt(q(online, s)[a]) * sqrt(r)", "√(Q(s, a)) √(r)"),
        ("abs(q(online, s)[a] - num_actions)", "|Q(s, a) − |A||"),
        ("relu(q(online, s)[a])**2", "(Q(s, a))₊²"),
        ("2 * half_square(q(online, s)[a])", "2 (½ Q(s, a)²)"),
        ("q(online, s)[a] * half_square(0.3)", "Q(s, a) ½ 0.3²"),
        ("2 * (0.5 * q(online, s)[a])", "2 (0.5 Q(s, a))"),
        ("r * half_square(q(online, s)[a])", "r ½ Q(s, a)²"),
        ("1e-7 * q(online, s)[a] + 2.5e-9**2", "10⁻⁷ Q(s, a) + (2.5·10⁻⁹)²"),
        ("-1e12 * q(online, s)[a]", "−10¹² Q(s, a)"),
        ("q(target_old, s_n)[a] * q(online, s)[argmax(q(target, s))]", "Q⁻⁻(s_n, a) Q(s, argmax over a′ Q⁻(s, a′))"),
        ("softmax(q(online, s))[a] * softmax(q(online, s))[a]", "(softmax over a′ Q(s, a′)[a]) softmax over a′ Q(s, a′)[a]"),
    ],
)
def test_formulas_by_hand(text, formula):
    assert plain(parse(text)) == formula


TARGET = "r + γ max over a′ Q⁻(s′, a′)"
DELTA = f"Q(s, a) − ({TARGET})"


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("dqn", f"0.5 ({DELTA})²"),
        ("scratch_td", f"({DELTA})²"),
        ("double_dqn", "0.5 (Q(s, a) − (r + γ Q⁻(s′, argmax over a′ Q(s′, a′))))²"),
        ("dqn_huber", f"huber({DELTA})"),
        ("dqn_reg_abs", f"0.5 ({DELTA})² + |0.1 Q(s, a)|"),
        ("dqn_centred", "0.5 (Q(s, a) − (r − mean_B r + γ max over a′ Q⁻(s′, a′)))²"),
        ("dqn_clipped", f"max(Q(s, a), ({DELTA})² + {TARGET}) + max({DELTA}, γ (max over a′ Q⁻(s′, a′))²)"),
        ("cql", f"0.5 ({DELTA})² + 0.1 (logsumexp over a′ Q(s, a′) − Q(s, a))"),
        ("expected_sarsa_soft", "0.5 (Q(s, a) − (r + γ ⟨softmax over a′ Q⁻(s′, a′)[a′], Q⁻(s′, a′)⟩))²"),
        ("expectile_td", f"(0.3, if {DELTA} > 0, else 0.7) ({DELTA})²"),
        ("mellowmax_dqn", "0.5 (Q(s, a) − (r + γ 0.1 (logsumexp over a′ (Q⁻(s′, a′) / 0.1) − log||A||)))²"),
        (
            "munchausen_dqn",
            "0.5 (Q(s, a) − (r + 0.9 clip(0.03 log softmax over a′ (Q⁻(s, a′) / 0.03)[a], −1, 0) "
            "+ γ 0.03 logsumexp over a′ (Q⁻(s′, a′) / 0.03)))²",
        ),
        ("n_step_dqn", "0.5 (Q(s, a) − (r_n + γ_n max over a′ Q⁻(s_n, a′)))²"),
        ("mc_mix", f"0.5 (Q(s, a) − (0.5 G + (1 − 0.5 h) ({TARGET})))²"),
        ("annealed_td", f"0.5 ({DELTA})² + 0.1 (1 − τ) Q(s, a)"),
        ("pessimistic_dqn", "0.5 (Q(s, a) − (r + γ min(max over a′ Q⁻(s′, a′), max over a′ Q⁻⁻(s′, a′))))²"),
    ],
)
def test_known_losses(name, formula):
    assert plain(parse(known_losses()[name])) == formula


def test_one_node_is_printed_as_it_stands():
    graph = parse("(q(online, s)[a] - r)**2")
    assert [plain(graph, index) for index in (graph.root, graph.root - 1)] == ["(Q(s, a) − r)²", "Q(s, a) − r"]


def named(text: str, **letters: str) -> tuple[str, list[str]]:
    """A loss with letters for the first node of some ops, and those that occur."""
    graph = parse(text)
    ops = [node.op for node in graph.nodes]
    nodes = {ops.index(op): letter for op, letter in letters.items()}
    found, definitions = abbreviated(graph, nodes)
    return found, sorted(line.letter for line in definitions)


def test_a_letter_stands_for_its_node_and_needs_no_brackets():
    assert named("(q(online, s)[a] - r)**2 * tanh(q(online, s)[a] - r)", sub="δ") == ("δ² tanh(δ)", ["δ"])
    assert named("abs(q(online, s)[a] - (r + discount))", sub="δ", add="y") == ("|δ|", ["δ"])  # y is within δ only
    # What reads alike is not always the same: here no node adds r and discount.
    assert named("0.2 * r + discount - tanh(r + discount) + q(online, s)[a]", tanh="t") == ("0.2 r + γ − t + Q(s, a)", ["t"])
    assert named("abs(r + discount) + (q(online, s)[a] + r + discount)", abs="x") == ("x + Q(s, a) + r + γ", ["x"])


def test_a_letter_for_values_per_action_stands_for_those_of_the_action_that_is_bound():
    text = "v = r + discount * q(target, s_next)\nloss = q(online, s)[a] - max(v) + v[a]"
    assert named(text, add="y") == ("Q(s, a) − max over a′ y + r + γ Q⁻(s′, a)", ["y"])


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("0.5 * q(online, s)[a]", "½ Q(s, a)"),
        ("-0.5 * q(online, s)[a] - 0.5", "−½ Q(s, a) − 0.5"),
        ("r - 0.5 * (0.5 - q(online, s)[a])", "r − ½ (0.5 − Q(s, a))"),
        ("clip(q(online, s)[a], -0.5, 0.5) / 0.5", "clip(Q(s, a), −0.5, 0.5) / 0.5"),
    ],
)
def test_a_half_is_a_fraction_before_what_it_multiplies(text, formula):
    assert named(text) == (formula, [])


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("max", "max over a′ x"),
        ("mean_batch", "mean_B x"),
        ("q", "Q_network(state, a′)"),
        ("sqrt", "√(a)"),
        ("where", "(c, if a > b, else d)"),
        ("log_softmax", "log softmax over a′ x"),
        ("half_square", "½ a²"),
    ],
)
def test_an_op_alone_is_printed_over_its_arguments(name, formula):
    op = operations()[name]
    assert plain_op(op, op.args) == formula
