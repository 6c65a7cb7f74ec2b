"""The text form: what it reads, what it prints, and how it fails."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.graph.graph import Builder
from rlsearch.graph.text import parse, print_graph
from tests.support.strategies import losses

TD = "(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
WORDS = ["q(online, s)", "[a]", "max", "min", "where", "stop", "r", "loss", "x", " = ", "\n", "(", ")", "[", "]", ",", " "]
WORDS += ["+", "-", "*", "/", "**", "2", "0.5", "1e-7", ">", "<", "lambda", "if", "else", ".", ":", "'", "{", "é", "#", "\\"]


@given(losses())
def test_a_printed_loss_reads_back_exactly(graph):
    assert parse(print_graph(graph)) == graph


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("q(online, s)[a]**2", "loss = q(online, s)[a]**2"),
        ("square(select(q(online, s), a))", "loss = q(online, s)[a]**2"),
        ("max(q(online, s)[a], r)", "loss = max(q(online, s)[a], r)"),
        ("q(online, s)[a]**-1.5", "loss = q(online, s)[a]**-1.5"),
        ("(-q(online, s)[a])**3", "loss = (-q(online, s)[a])**3"),
        ("power(q(online, s)[a], 2)", "loss = power(q(online, s)[a], 2)"),
        ("q(online, s)[a]**neg(2)", "loss = q(online, s)[a]**neg(2)"),
        ("one_hot(a)[a] * q(online, s)[a]", "q_online_s = q(online, s)\nloss = one_hot(a, q_online_s)[a] * q_online_s[a]"),
        ("max(max(q(online, s)), r < 1)", "loss = max(max(q(online, s)), 1 > r)"),
        ("-(q(online, s)[a] * r)", "loss = -(q(online, s)[a] * r)"),
        ("-q(online, s)[a] * r", "loss = -q(online, s)[a] * r"),
        ("r - (1 - q(online, s)[a])", "loss = r - (1 - q(online, s)[a])"),
        ("neg(-1) * neg(1e-7) * max(q(online, s))", "loss = neg(-1) * neg(1e-07) * max(q(online, s))"),
        ("((r > 1) > discount) * max(q(online, s))", "loss = ((r > 1) > discount) * max(q(online, s))"),
        ("where(r < (r > 1), r, max(q(online, s)))", "loss = where((r > 1) > r, r, max(q(online, s)))"),
        (f"0.5 * {TD}**2", "loss = 0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"),
        (f"d = {TD}\nloss = d * stop(d)", f"delta = {TD[1:-1]}\nloss = delta * stop(delta)"),
    ],
)
def test_text_is_printed_as_a_reader_would_write_it(text, printed):
    graph = parse(text)
    assert print_graph(graph) == printed
    assert parse(printed) == graph


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("q(online, s)[a] + tahn(r)", 1, 19, "unknown op 'tahn'; did you mean 'tanh'?"),
        ("x = r\nloss = q(onlin, s)[a]", 2, 10, "unknown name 'onlin'; did you mean 'online'?"),
        ("loss = q(online, s)[a] + abs", 1, 26, "unknown name 'abs'; an op needs its arguments"),
        ("q(online, s)", 1, 1, "the loss is a Vector; allowed: Real"),
        ("stop(q(online, s)[a])", 1, 1, "no gradient reaches the online network"),
        ("q(s, online)[a]", 1, 1, "q takes (Network, State), not (State, Network)"),
        ("max(r)", 1, 1, "max takes (Vector), not (Real)"),
        ("clip(r, discount, 1)", 1, 1, "clip takes (Real or Vector, Constant, Constant), not (Real, Real, Constant)"),
        ("entropy(q(online, s))", 1, 1, "entropy takes (Simplex), not (Vector)"),
        ("max(q(online, s), r, r)", 1, 1, "the loss is a Vector"),
        ("r**3", 1, 1, "no gradient reaches the online network"),
        ("r**q(online, s)[a]", 1, 1, "power takes (Real or Vector, Constant), not (Real, Real)"),
        ("r + online.weight", 1, 5, "'online.weight' is not allowed here"),
        ("__import__('os')", 1, 1, "unknown op '__import__'"),
        ("(lambda: r)()", 1, 1, "is not allowed here"),
        ("max(q(online, s), key=r)", 1, 1, "is not allowed here"),
        ("where(r, 1, 2)", 1, 1, "where takes a comparison first; write where(r != 0, 1, 2)"),
        ("r if r else r", 1, 1, "is not allowed here"),
        ("1 < r < 2", 1, 1, "no gradient reaches the online network"),
        ("1 in r", 1, 1, "is not allowed here"),
        ("r + 'text'", 1, 5, "'text' is not a number"),
        ("r + True", 1, 5, "True is not a number"),
        ("r + 1e31", 1, 5, "a number is out of range; constants lie within +-1e+30"),
        ("r + 0x" + "f" * 10_000, 1, 5, "a number is out of range"),
        ("x = y = r\nloss = q(online, s)[a]", 1, 1, "only lines of the form 'name = expression' are allowed"),
        ("import os", 1, 1, "only lines of the form 'name = expression' are allowed"),
        ("r = 1\nloss = q(online, s)[a]", 1, 1, "'r' is an input; choose another name"),
        ("x = 1\nx = 2\nloss = q(online, s)[a]", 2, 1, "'x' is already assigned"),
        ("x = q(online, s)[a]", 1, 1, "no line 'loss = ...', which names the result; write loss = q(online, s)[a]"),
        ("", 1, 1, "no line 'loss = ...'"),
        ("r +", 1, 4, "not an expression"),
        ("a\x00b", 1, 1, "not an expression"),
        ("\ud800", 1, 1, "not an expression"),
    ],
)
def test_a_refusal_says_where_and_what(text, line, column, message):
    with pytest.raises(LossError) as error:
        parse(text)
    assert message in str(error.value)
    assert (error.value.line, error.value.column) == (line, column)


@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
@example("1if r else r")
@example('"\\d"')
@example("q(online, s)[*a]")
@example("q(*online)")
@example("(x := r)")
@example("r + 1j")
@example("f'{r}'")
@example("𝓇 + q(online, s)[𝒶]")
def test_any_text_is_a_loss_or_a_loss_error(text):
    try:
        graph = parse(text)
    except LossError:
        return
    assert parse(print_graph(graph)) == graph


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000 + "r" + ")" * 20_000,
        "-" * 20_000 + "r",
        "+".join(["r"] * 20_000),
        "tanh(" * 90 + "r" + ")" * 90,
        "r" + "[a]" * 10_000,
        "r." + ".".join("x" * 9_000),
        "x" * 60_000,
        "a = " * 10_000 + "r",
        "\n".join(["x0 = q(online, s)[a]"] + [f"x{i + 1} = x{i} + {i}" for i in range(1000)] + ["loss = x1000"]),
    ],
    ids=["brackets", "signs", "sum", "calls", "subscripts", "attributes", "long", "targets", "lines"],
)
def test_bombs_are_refused_quickly(text):
    begin = time.perf_counter()
    with pytest.raises(LossError):
        parse(text)
    assert time.perf_counter() - begin < 10.0


def test_text_that_doubles_with_every_line_stays_small():
    lines = [f"x{i + 1} = x{i} * x{i}" for i in range(150)]
    graph = parse("\n".join(["x0 = q(online, s)[a]", *lines, "loss = x150"]))
    printed = print_graph(graph)
    assert len(printed) < 5_000
    assert parse(printed) == graph


def test_the_deepest_loss_reads_back():
    builder = Builder()
    node = builder.apply("max", builder.apply("q", builder.input("online"), builder.input("s")))
    for _ in range(190):
        node = builder.apply("tanh", node)
    graph = builder.loss(node)
    assert parse(print_graph(graph)) == graph
