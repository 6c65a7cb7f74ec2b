"""LaTeX and MathML: every op and any loss gives a formula whose brackets close."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given

from rlsearch import registry
from rlsearch.compile.latex import latex, mathml
from rlsearch.facets.one_op import cases
from rlsearch.graph.text import parse
from tests.support.op_lists import OPERATIONS
from tests.support.packs import variant, written
from tests.support.strategies import losses


def check(formula: str) -> None:
    assert formula.strip()
    bare = re.sub(r"\\[{}]", "", formula)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0, formula
    assert depth == 0, formula
    assert formula.count(r"\left") == formula.count(r"\right"), formula


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
def test_every_op_has_a_formula(op):
    for case in cases(op):
        check(latex(case.graph))
        assert mathml(case.graph).startswith("<math")


@given(losses())
def test_every_loss_has_a_formula(graph):
    check(latex(graph))
    assert mathml(graph).endswith("</math>")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("q(online, s)[a] * (r - discount)", r"Q_{\theta}(s, a) \, \left(r - \gamma\right)"),
        ("q(online, s)[a] - (r - discount)", r"Q_{\theta}(s, a) - \left(r - \gamma\right)"),
        ("q(online, s)[a] - r - discount", r"Q_{\theta}(s, a) - r - \gamma"),
        ("(q(online, s)[a] - r)**2", r"\left(Q_{\theta}(s, a) - r\right)^{2}"),
        ("half_square(q(online, s)[a] * r)", r"\tfrac{1}{2} \left(Q_{\theta}(s, a) \, r\right)^{2}"),
        ("-(q(online, s)[a] + r)", r"-\left(Q_{\theta}(s, a) + r\right)"),
        ("abs(q(online, s)[a] + r)", r"\left|Q_{\theta}(s, a) + r\right|"),
        ("(q(online, s)[a] + r) / discount", r"\frac{Q_{\theta}(s, a) + r}{\gamma}"),
        ("max(q(online, s) - r)", r"\max_{a'} \left(Q_{\theta}(s, a') - r\right)"),
        ("max(q(online, s)) + r", r"\max_{a'} Q_{\theta}(s, a') + r"),
        ("max(q(online, s) + -1)", r"\max_{a'} \left(Q_{\theta}(s, a') - 1\right)"),
        (
            "q(online, s)[argmax(q(target, s_next))]",
            r"Q_{\theta}(s, \operatorname{argmax}_{a'} Q_{\bar\theta}(s', a'))",
        ),
        ("r - max(q(online, s))", r"r - \max_{a'} Q_{\theta}(s, a')"),
        ("r * max(q(online, s))", r"r \, \max_{a'} Q_{\theta}(s, a')"),
        ("max(q(online, s)) * r", r"\left(\max_{a'} Q_{\theta}(s, a')\right) \, r"),
        ("max(q(online, s))**2", r"\left(\max_{a'} Q_{\theta}(s, a')\right)^{2}"),
        ("-max(q(online, s))", r"-\max_{a'} Q_{\theta}(s, a')"),
        ("dot(q(online, s), q(target, s))**2", r"\left\langle Q_{\theta}(s, a'), Q_{\bar\theta}(s, a') \right\rangle^{2}"),
        ("(r * q(online, s)[a])**2 * r", r"\left(r \, Q_{\theta}(s, a)\right)^{2} \, r"),
        ("(q(online, s)[a]**2)**2", r"\left(Q_{\theta}(s, a)^{2}\right)^{2}"),
        ("1e-7 * q(online, s)[a]", r"10^{-7} \, Q_{\theta}(s, a)"),
        ("(-1e-7)**2 * max(q(online, s))", r"\left(-10^{-7}\right)^{2} \, \max_{a'} Q_{\theta}(s, a')"),
        ("q(online, s)[a] * -1", r"Q_{\theta}(s, a) \, \left(-1\right)"),
        ("r * max(q(online, s)) * r", r"\left(r \, \max_{a'} Q_{\theta}(s, a')\right) \, r"),
        ("q(online, s)[a] / r * r", r"\frac{Q_{\theta}(s, a)}{r} \, r"),
        ("(q(online, s)[a] / r)**2", r"\left(\frac{Q_{\theta}(s, a)}{r}\right)^{2}"),
        ("(q(online, s)[a] > r) * q(online, s)[a]", r"\left[Q_{\theta}(s, a) > r\right] \, Q_{\theta}(s, a)"),
        ("2.5e-9 * q(online, s)[a]", r"2.5 \cdot 10^{-9} \, Q_{\theta}(s, a)"),
    ],
)
def test_formulas_by_hand(text, formula):
    assert latex(parse(text)) == formula


@pytest.mark.usefixtures("no_packs")
def test_what_xml_reserves_is_escaped(tmp_path):
    registry.use_primitives(written(tmp_path, variant("minimum", latex=r"\text{{a<b & c}} \left({a} < {b}\right)")))
    math = ElementTree.fromstring(mathml(parse("mine(q(online, s)[a], r)")))
    assert "a<b & c" in "".join(math.itertext()).replace("\xa0", " ")


def test_definitions_are_rows_of_a_table():
    graph = parse("x = tanh(q(online, s)[a] * r + discount) * (q(target, s)[a] - r - tanh(discount))\nloss = x * x")
    rows = ElementTree.fromstring(mathml(graph)).iter("{http://www.w3.org/1998/Math/MathML}mtr")
    texts = ["".join(row.itertext()).replace("\xa0", " ") for row in rows]
    assert len(texts) == 2 and texts[0] == "uu" and texts[1].startswith("where u=tanh(")
