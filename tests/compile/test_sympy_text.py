"""The text that sympy reads back, and what is said behind it."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from rlsearch.compile.symbolic import symbol, to_formula
from rlsearch.compile.sympy_text import caveats, domains, sympy_text
from rlsearch.graph.text import parse
from rlsearch.registry import use_packs
from rlsearch.registry.pack import make_pack
from tests.support.nested import chain
from tests.support.packs import variant
from tests.support.strategies import losses


@settings(max_examples=30)
@given(losses())
def test_sympy_reads_the_same_expressions(graph):
    form, back = to_formula(graph), sympy.sympify(sympy_text(graph))
    if form.parts:
        parts, loss = back
        assert tuple(map(tuple, parts)) == form.parts and loss == form.loss
    else:
        assert back == form.loss


def test_a_long_loss_is_computed_from_its_parts():
    text = sympy_text(parse(chain("max(x * r, x + 1) * 0.5", "q(online, s)[a]", 30)))
    parts, loss = sympy.sympify(text)
    free = [symbol("r"), symbol("q(online, s)[a]")]
    value = 0.3
    for _ in range(30):
        value = max(value * 0.25, value + 1) * 0.5
    ours = sympy.lambdify(free, loss, cse=lambda _: (parts, loss))
    assert ours(0.25, 0.3) == pytest.approx(value) and "cse=lambda _: (parts, loss)" in text
    np.testing.assert_allclose(ours(np.array([0.25] * 3), np.array([0.3] * 3)), [value] * 3)


def test_it_says_what_a_derivative_misses():
    assert list(caveats(parse("q(online, s)[a]"))) == ["It equals the loss for all finite numbers."]
    assert "a derivative goes on through it" in sympy_text(parse("stop(q(online, s)[a]) * q(online, s)[a]"))


@pytest.mark.usefixtures("no_packs")
def test_ops_of_packs_are_equal_where_they_were_compared():
    use_packs([make_pack("mine", variant("tanh", domain=((-2.0, 3.0),)), "mine.py")])
    graph = parse("mine(q(online, s)[a])")
    assert domains(graph) == {"mine": {"a": (-2.0, 3.0)}}
    assert "# mine was compared with its NumPy form for a from -2 to 3.\n" in sympy_text(graph)
    assert domains(parse("tanh(q(online, s)[a])")) == {}
