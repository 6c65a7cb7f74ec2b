"""Formulas: large parts that are used more than once get letters, and another style is a record."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.compile.formula import formula
from rlsearch.compile.latex import LATEX, latex, mathml
from rlsearch.compile.plain import PLAIN, plain
from rlsearch.graph.graph import Builder, Graph
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from tests.support.evaluate import by_tape, random_batch
from tests.support.layout_reader import value_of_latex, value_of_mathml
from tests.support.plain_reader import value_of_plain

BATCH = random_batch(3)


def tower(level: str, count: int, first: str = "q(online, s)[a]", loss: str = "{x}") -> Graph:
    """A loss whose lines each hold the one before more than once."""
    lines = [f"x0 = {first}", *(f"x{k + 1} = {level.format(x=f'x{k}')}" for k in range(count))]
    return parse("\n".join([*lines, f"loss = {loss.format(x=f'x{count}')}"]))


TOWERS = {
    "squares": ("0.5 * {x} * {x} + r", "q(online, s)[a]", "tanh({x})"),
    "differences": ("tanh({x} - r * {x})", "q(online, s)[a]", "{x}"),
    "per action": ("tanh({x} - {x} * {x})", "q(online, s)", "max({x}) + {x}[a] + {x}[argmax({x})]"),
    "choices": ("where({x} > r, 0.5 * {x}, r - {x})", "q(online, s)[a]", "{x}"),
    "the action": ("q(online, s_next)[argmax(q(target, s) * {x})] + q(target, s)[a] * {x}", "r", "{x} + q(online, s)[a]"),
}


@pytest.mark.parametrize("name", TOWERS)
def test_a_tower_reads_as_it_computes_and_grows_by_lines(name):
    level, first, loss = TOWERS[name]
    for count in (3, 6, 12):
        graph = tower(level, count, first, loss)
        wanted = by_tape(graph, BATCH).value
        for text, read in (
            (plain(graph), value_of_plain),
            (latex(graph), value_of_latex),
            (mathml(graph), value_of_mathml),
        ):
            np.testing.assert_allclose(read(text, BATCH), wanted, rtol=1e-6, atol=1e-9, err_msg=text)
    sizes = [len(plain(tower(level, count, first, loss))) for count in (8, 16, 24)]
    assert sizes[2] - sizes[1] < 1.3 * (sizes[1] - sizes[0]) + 50 and sizes[2] < 5000


@st.composite
def shared(draw: st.DrawFn) -> Graph:
    """A loss of many ops over few values, so that these are used again and again."""
    builder = Builder()
    q = builder.apply("q", builder.input("online"), builder.input("s"))
    pool = [builder.apply("select", q, builder.input("a")), builder.input("r"), q]
    for _ in range(draw(st.integers(5, 60))):
        op = draw(st.sampled_from(["add", "mul", "sub", "maximum", "tanh", "square"]))
        newest = pool[-4:]
        pool.append(builder.apply(op, *(draw(st.sampled_from(newest)) for _ in range(1 if op in ("tanh", "square") else 2))))
    root = pool[-1]
    root = root if builder.types[root].axis is None else builder.apply("max", root)
    return builder.graph(builder.apply("add", root, pool[0]))


@settings(max_examples=40)
@given(shared())
def test_a_formula_is_linear_in_the_graph(graph):
    found = formula(graph, PLAIN)
    lines = [found.text, *(line.text for line in found.definitions)]
    assert sum(map(len, lines)) < 90 * len(graph.nodes)
    assert len(max(lines, key=len)) < 1500
    assert len({line.letter for line in found.definitions}) == len(found.definitions)


@settings(max_examples=40)
@given(shared())
def test_a_letter_is_defined_before_it_is_used_and_used_more_than_once(graph):
    found = formula(graph, PLAIN)
    letters = [line.letter.removesuffix("(a′)") for line in found.definitions]
    for place, line in enumerate(found.definitions):
        assert not any(f"{letter} " in f"{line.text} " for letter in letters[place:])
        if len(line.text) < 150:  # longer ones end a line
            assert sum(text.count(letters[place]) for text in [found.text, *(other.text for other in found.definitions)]) > 1


@pytest.mark.parametrize("name", known_losses())
def test_known_losses_need_no_letters(name):
    assert formula(parse(known_losses()[name]), PLAIN).definitions == ()


def test_definitions_stand_behind_the_formula():
    graph = tower("{x} * {x} + r", 4)
    assert plain(graph) == "(u u + r) (u u + r) + r\nwhere u = (Q(s, a) Q(s, a) + r) (Q(s, a) Q(s, a) + r) + r"
    assert latex(graph) == (
        r"\begin{array}{l} \displaystyle \left(u \, u + r\right) \, \left(u \, u + r\right) + r \\ "
        r"\displaystyle \text{where } u = \left(Q_{\theta}(s, a) \, Q_{\theta}(s, a) + r\right) \, "
        r"\left(Q_{\theta}(s, a) \, Q_{\theta}(s, a) + r\right) + r \end{array}"
    )


def test_a_part_per_action_is_a_function_of_the_action():
    graph = parse("v = tanh(q(online, s) * r + discount) * (q(target, s) - r)\nloss = max(v) + v[a] + v[argmax(q(target, s))]")
    assert plain(graph) == (
        "max over a′ u(a′) + u(a) + u(argmax over a′ Q⁻(s, a′))\nwhere u(a′) = tanh(Q(s, a′) r + γ) (Q⁻(s, a′) − r)"
    )


def test_a_line_that_would_be_too_long_is_broken():
    terms = " + ".join(f"tanh(q(online, s)[a] * {k}.5)" for k in range(40))
    lines = plain(parse(terms)).splitlines()
    assert len(lines) > 3 and max(map(len, lines)) < 500


def test_a_letter_means_nothing_else():
    named = replace(PLAIN, symbol=lambda given: {"r": "u", "discount": "v"}.get(given.name, PLAIN.symbol(given)))
    (line,) = formula(tower("{x} * {x} + r", 4), named).definitions
    assert line.letter == "w"


def test_another_style_is_a_record():
    spoken = replace(
        PLAIN,
        template=lambda op: {"sub": "{a} less {b}", "mul": "{a} times {b}"}.get(op.name, op.plain_template),
        symbol=lambda given: given.short or given.plain,
        brackets="the whole of {}",
        factors={0.5: "half"},
        minus="minus ",
    )
    text = formula(parse("(q(online, s)[a] - r) * -2 + 0.5 * r"), spoken).text
    assert text == "the whole of Qthe online network(the state, a) less r times the whole of minus 2 + half times r"


def test_styles_bracket_alike_but_for_what_they_draw_themselves():
    graph = parse("(q(online, s)[a] + r) / discount * r")
    assert formula(graph, PLAIN).text == "((Q(s, a) + r) / γ) r"
    assert formula(graph, LATEX).text == r"\frac{Q_{\theta}(s, a) + r}{\gamma} \, r"
