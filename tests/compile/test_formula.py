"""The printer: brackets follow from what a template shows, and another style is a record."""

from dataclasses import replace

import pytest

from rlsearch import registry
from rlsearch.compile.formula import formula
from rlsearch.compile.latex import LATEX, latex
from rlsearch.compile.plain import PLAIN, plain
from rlsearch.graph.text import parse
from tests.support.packs import variant, written


def test_another_style_is_a_record():
    spoken = replace(
        PLAIN,
        template=lambda op: {"sub": "{a} less {b}", "mul": "{a} times {b}"}.get(op.name, op.plain_template),
        symbol=lambda given: given.short or given.plain,
        brackets="the whole of {}",
        factors={0.5: "half"},
        minus="minus ",
    )
    text = formula(parse("(q(online, s)[a] - r) * -2 + 0.5 * r"), spoken)
    assert text == "the whole of Qthe online network(the state, a) less r times the whole of minus 2 + half times r"


def test_styles_bracket_alike_but_for_what_they_draw_themselves():
    graph = parse("(q(online, s)[a] + r) / discount * r")
    assert formula(graph, PLAIN) == "((Q(s, a) + r) / γ) r"
    assert formula(graph, LATEX) == r"\frac{Q_{\theta}(s, a) + r}{\gamma} \, r"


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
