"""The printer: a person who reads a formula, in plain characters, LaTeX or MathML, computes what the loss computes."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from rlsearch import registry
from rlsearch.compile.latex import latex, mathml
from rlsearch.compile.plain import plain
from rlsearch.graph.graph import INPUT, Builder, Graph
from rlsearch.graph.text import parse, print_graph
from rlsearch.op import Type
from rlsearch.registry import operations
from tests.support.evaluate import by_tape, random_batch, steady
from tests.support.layout_reader import value_of_latex, value_of_mathml
from tests.support.nested import nested
from tests.support.packs import AWKWARD, awkward, variant, written
from tests.support.plain_reader import value_of_plain
from tests.support.random_losses import random_loss

BATCH = random_batch(3)
# Few digits, so that sums come out the same in any order.
BATCH = replace(BATCH, q=np.round(16 * BATCH.q) / 16, samples=np.round(16 * BATCH.samples) / 16)
LITERALS = (-1.0, 0.1, 0.5, 2.0, -0.5, -2.5e-9, 1e-7, 0.9999999, 100 / 3, -1234567.0)
SIZES = (3, 6, 9, 14)  # ops, at least
Reading = tuple[str, Callable[[Graph], str], Callable[[str, Any], Any]]
READINGS: tuple[Reading, ...] = (
    ("plain", lambda graph: plain(graph, rounded=False), value_of_plain),
    ("latex", latex, value_of_latex),
)
MATHML: Reading = ("mathml", mathml, value_of_mathml)


@pytest.fixture(params=["built in", "packs"])
def ops(request, tmp_path, no_packs) -> str:
    """The ops there are: those of packs come in the notations that users may think of."""
    if request.param == "packs":
        registry.use_primitives(written(tmp_path, awkward()))
    return request.param


def misread(graph: Graph, *readings: Reading) -> Iterator[str]:
    """The formulas that another value is read from; values near kinks and guards are not compared."""
    sound, wanted = steady(graph, BATCH), by_tape(graph, BATCH).value
    for name, write, read in readings:
        text = write(graph)
        try:
            found = read(text, BATCH)
        except (AssertionError, LookupError, ValueError) as error:
            yield f"{name} of {print_graph(graph)}: {text} is not read: {error}"
            continue
        if np.allclose(found[sound], wanted[sound], rtol=1e-6, atol=1e-9):
            continue
        # Sums may be read in another order: then of large numbers that cancel only their rounding is left.
        if not np.allclose(found[sound], wanted[sound], rtol=1e-6, atol=1e-9 + 1e-14 * largest(graph)):
            yield f"{name} of {print_graph(graph)}: {text} is read as {found}, but is {wanted}"


def largest(graph: Graph) -> float:
    """The largest size of a number in a loss."""
    builder = Builder()
    place = list[int]()
    for node in graph.nodes:
        if node.op == INPUT:
            place.append(builder.input(str(node.leaf)))
        else:
            args = [place[arg] for arg in node.args]
            place.append(builder.apply(node.op, *args) if args else builder.constant(float(node.leaf)))
    numbers = [index for index in place if builder.types[index] == Type.REAL and builder.nodes[index].args]
    return max(float(np.abs(by_tape(builder.graph(index), BATCH).value).max()) for index in numbers)


def check(count: int, seed: int) -> Counter[str]:
    """Compare random losses; MathML of every tenth."""
    rng, found = random.Random(seed), Counter[str]()
    for turn in range(count):
        graph = random_loss(rng.choice(SIZES), rng, LITERALS)
        readings = READINGS if turn % 10 else (*READINGS, MATHML)
        assert next(misread(graph, *readings), "") == ""
        found.update(name for name, *_ in readings)
        found["steady"] += bool(steady(graph, BATCH).any())
    return found


def test_random_losses_read_as_they_compute(ops):
    assert check(100, seed=7)["steady"] > 90


@pytest.mark.slow
def test_many_random_losses_read_as_they_compute(ops):
    """20,000 in all."""
    found = check(10_000, seed=8)
    print(ops, dict(found))
    assert found["steady"] > 9_500


@pytest.mark.parametrize("outer", [name for name, *_ in AWKWARD])
def test_ops_of_packs_read_as_they_compute_in_each_other_and_in_arithmetic(outer, tmp_path, no_packs):
    registry.use_primitives(written(tmp_path, awkward()))
    arithmetic = [operations()[name] for name in ("add", "sub", "mul", "div", "neg", "square", "abs", "log", "relu", "max")]
    pack = [operations()[name] for name, *_ in AWKWARD]
    around = [(operations()[outer], inner) for inner in (*pack, *arithmetic)]
    within = [(outside, operations()[outer]) for outside in arithmetic]
    for pair in (*around, *within):
        for graph in nested(pair):
            assert next(misread(graph, *READINGS), "") == ""


@pytest.mark.parametrize("outer", ["add", "sub", "mul", "div", "neg", "square", "half_square", "abs", "log"])
def test_latex_of_arithmetic_three_ops_deep_reads_as_it_computes(outer):
    for names in product(("add", "sub", "mul", "div", "neg", "square", "abs", "max"), repeat=2):
        for graph in nested([operations()[name] for name in (outer, *names)]):
            assert next(misread(graph, READINGS[1]), "") == ""


Q = "q(online, s)[a]"
Q_TEX = r"Q_{\theta}(s, a)"


@pytest.mark.parametrize(
    ("text", "shown", "tex"),
    [
        ("Q * -0.5 * r", "Q (−0.5) r", r"Q \, \left(-0.5\right) \, r"),
        ("Q * (-0.5 * r)", "Q (−0.5 r)", r"Q \, \left(-0.5 \, r\right)"),
        ("log(Q)**2", "(log|Q|)²", r"\left(\log\left|Q\right|\right)^{2}"),
        ("tanh(Q)**2", "tanh(Q)²", r"\tanh\left(Q\right)^{2}"),
        ("-max(r, discount) * Q", "−max(r, γ) Q", r"-\max\left(r, \gamma\right) \, Q"),
        ("Q - -0.5 * r", "Q − (−0.5 r)", r"Q - \left(-0.5 \, r\right)"),
        ("Q + -0.5 * r", "Q − 0.5 r", r"Q - 0.5 \, r"),
        ("Q + -r / discount", "Q + (−r) / γ", r"Q + \frac{-r}{\gamma}"),
        ("Q + (-r - discount)", "Q − r − γ", r"Q - r - \gamma"),
        ("-(-0.5 * Q)", "−(−0.5 Q)", r"-\left(-0.5 \, Q\right)"),
        ("--Q", "−(−Q)", r"-\left(-Q\right)"),
        ("0.9999999 * Q", "0.9999999 Q", r"0.9999999 \, Q"),
        ("Q * (3 * (1 / 2))", "Q 3 (1 / 2)", r"Q \, 3 \, \left(\frac{1}{2}\right)"),
        ("abs(r * abs(Q) * discount)", "|(r |Q| γ)|", r"\left|\left(r \, \left|Q\right| \, \gamma\right)\right|"),
        ("abs(r * abs(Q))", "|r |Q||", r"\left|r \, \left|Q\right|\right|"),
    ],
)
def test_formulas_by_hand(text, shown, tex):
    graph = parse(text.replace("Q", Q))
    assert (plain(graph), latex(graph)) == (shown.replace("Q", "Q(s, a)"), tex.replace("Q", Q_TEX))


@pytest.mark.parametrize(
    ("base", "plain_facet", "text", "shown"),
    [
        ("tanh", "", "mine(r - q(online, s)[a])**2", "mine(r − Q(s, a))²"),
        ("tanh", "th {a}", "r * mine(r - q(online, s)[a])", "r th (r − Q(s, a))"),
        ("tanh", "th {a}", "mine(q(online, s)[a])**2 * r", "(th Q(s, a))² r"),
        ("tanh", "th {a}", "mine(q(online, s)[a]) * r", "(th Q(s, a)) r"),
        ("tanh", "{a}!", "mine(-q(online, s)[a]) + r", "((−Q(s, a))!) + r"),
        ("sub", "{a} ⊖ {b}", "r - mine(q(online, s)[a] * r, discount)", "r − ((Q(s, a) r) ⊖ γ)"),
        ("sub", "⟨{a} | {b}⟩", "r * mine(q(online, s)[a] * r, -discount)", "r ⟨Q(s, a) r | −γ⟩"),
        ("neg", "−{a}", "r * mine(q(online, s)[a])", "r (−Q(s, a))"),
    ],
)
@pytest.mark.usefixtures("no_packs")
def test_the_template_of_a_users_op_says_where_brackets_are_needed(base, plain_facet, text, shown, tmp_path):
    registry.use_primitives(
        written(tmp_path, variant(base, plain=plain_facet, latex=plain_facet or r"\operatorname{{mine}}({a})"))
    )
    graph = parse(text)
    assert plain(graph) == shown
    assert latex(graph).count("(") + latex(graph).count("⟨") == shown.count("(") + shown.count("⟨")


@pytest.mark.parametrize(
    ("base", "latex_facet", "text", "shown"),
    [
        # Bare fractions, exponents at the end, signs and digits first: what stands beside them must not be read with them.
        ("div", r"\frac{{{a}}}{{{b}}}", "mine(r, Q)**2", r"\left(\frac{r}{Q}\right)^{2}"),
        ("abs", r"\left|{a}\right|^{{3}}", "mine(Q)**2", r"\left(\left|Q\right|^{3}\right)^{2}"),
        (
            "neg",
            r"-\left({a}\right)",
            "mine(Q)**2 - mine(Q)",
            r"\left(-\left(Q\right)\right)^{2} - \left(-\left(Q\right)\right)",
        ),
        ("neg", r"1 + \left({a}\right)", "mine(Q) * r", r"\left(1 + \left(Q\right)\right) \, r"),
        ("neg", r"2 \left({a}\right)", "3 * mine(Q)", r"3 \, \left(2 \left(Q\right)\right)"),
        # TeX takes one character, and runs a command on into letters, where braces are left out.
        ("sqrt", r"\sqrt{a}", "mine(Q + r)", r"\sqrt{Q + r}"),
        ("tanh", r"\hat{a}", "mine(r) + Q", r"\left(\hat{r}\right) + Q"),
        ("mul", r"{a}\odot{b}", "mine(Q, r)", r"Q\odot{r}"),
        ("div", r"\frac{a}{b}", "mine(Q + r, 2)", r"\frac{Q + r}{2}"),
        ("tanh", "th{a}", "mine(Q)", r"th\left(Q\right)"),
        # What is not known is bracketed even in brackets.
        ("sub", r"{a} \to {b}", "max(mine(Q, r), r)", r"\max\left(\left(Q \to r\right), r\right)"),
        ("sub", "{a}, {b}", "tanh(mine(Q, r))", r"\tanh\left(\left(Q, r\right)\right)"),
    ],
)
@pytest.mark.usefixtures("no_packs")
def test_latex_of_users_ops(base, latex_facet, text, shown, tmp_path):
    registry.use_primitives(written(tmp_path, variant(base, latex=latex_facet)))
    assert latex(parse(text.replace("Q", Q))) == shown.replace("Q", Q_TEX)


@pytest.mark.usefixtures("no_packs")
def test_no_latex_reaches_a_terminal(tmp_path):
    """An op that has no plain formula is written as a call."""
    registry.use_primitives(written(tmp_path, variant("mul", latex=r"{a} \cdot {b}", plain="")))
    assert plain(parse("mine(q(online, s)[a], r)")) == "mine(Q(s, a), r)"


@pytest.mark.usefixtures("no_packs")
def test_values_per_action_of_a_users_op_are_bracketed_before_the_action(tmp_path):
    registry.use_primitives(written(tmp_path, variant("softmax", latex=r"{x} \star", plain="{x} ∗")))
    graph = parse("mine(q(online, s))[a] + r")
    assert plain(graph) == "(Q(s, a′) ∗)[a] + r"
    assert latex(graph) == r"\left(Q_{\theta}(s, a') \star\right)[a] + r"
