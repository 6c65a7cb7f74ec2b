"""Powers and roots at zero and far out."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.compile.symbolic import to_sympy
from rlsearch.compile.torch_source import torch_source
from rlsearch.errors import LossError
from rlsearch.facets.evaluate import by_differences
from rlsearch.graph.text import parse, print_graph
from tests.support.evaluate import at, by_tape, random_batch

EXPONENTS = (-2.5, -2.0, -1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)


def test_abs_has_no_slope_at_zero():
    assert at("abs(x)", (0.0, 0), (-2.0, 0), (1e30, 0)) == ([0, 2, pytest.approx(1e30)], [0, -1, 1], [0, 0, 0])


def test_sqrt_is_held_below_a_millionth():
    value, dx, _ = at("sqrt(x)", (0.0, 0), (-4.0, 0), (4.0, 0), (1e30, 0))
    assert value == pytest.approx([1e-3, 1e-3, 2, 1e15])
    assert dx == pytest.approx([0, 0, 0.25, 0.5e-15])


def test_half_square_has_the_argument_as_its_slope():
    assert at("half_square(x)", (0.0, 0), (-3.0, 0)) == ([0, 4.5], [0, -3], [0, 0])
    assert at("x**2", (0.0, 0), (-3.0, 0)) == ([0, 9], [0, -6], [0, 0])


@pytest.mark.parametrize("p", EXPONENTS)
def test_a_power_is_what_it_is_wherever_it_is_defined(p):
    """Python's own power of a positive number, and of a negative one where the exponent is whole."""
    points = [4.0, 0.25, 1.0, 3e-6, *([-2.0, -0.5, -3e-6] if p.is_integer() else [])]
    value, dx, _ = at(f"power(x, {p})", *((x, 0.0) for x in points))
    assert value == pytest.approx([x**p for x in points])
    assert dx == pytest.approx([p * x ** (p - 1) if p else 0.0 for x in points])


@pytest.mark.parametrize("p", [p for p in EXPONENTS if not p.is_integer()])
def test_a_fractional_power_is_of_the_absolute_value(p):
    value, dx, _ = at(f"x**{p}", (-4.0, 0.0), (4.0, 0.0))
    assert value == pytest.approx([4**p, 4**p])
    assert dx == pytest.approx([-p * 4 ** (p - 1), p * 4 ** (p - 1)])


@pytest.mark.parametrize(
    ("p", "value", "slope"),
    [
        (3.0, 0, 0),
        (2.5, 0, 0),
        (1.5, 0, 0),
        (1.0, 0, 1),
        (0.5, 1e-3, 0),
        (0.0, 1, 0),
        (-0.5, 1e3, 0),
        (-1.0, 1e6, 0),
        (-2.0, 1e12, 0),
        (-3.0, 1e18, 0),
    ],
)
def test_a_power_and_its_slope_are_finite_at_zero(p, value, slope):
    found, dx, _ = at(f"power(x, {p})", (0.0, 0.0))
    assert (found, dx) == ([pytest.approx(value)], [slope])


@pytest.mark.parametrize(("p", "sign"), [(-1.0, -1), (-3.0, -1), (-2.0, 1), (-0.5, 1), (0.5, 1)])
def test_below_an_exponent_of_one_small_sizes_count_as_a_millionth(p, sign):
    value, dx, _ = at(f"power(x, {p})", (1e-8, 0.0), (-1e-8, 0.0))
    assert value == pytest.approx([1e-6**p, sign * 1e-6**p]) and dx == [0, 0]


@pytest.mark.parametrize(
    ("text", "same"),
    [("x**-1", "1 / x"), ("x**0.5", "sqrt(abs(x))"), ("x**3", "x * x**2"), ("x**1", "x"), ("x**4", "(x**2)**2")],
)
def test_powers_that_have_another_op_are_equal_to_it(text, same):
    points = [(x, 0.0) for x in (-2.0, -1e-3, -1e-7, 0.0, 1e-7, 0.3, 5.0)]
    for one, other in zip(at(text, *points), at(same, *points), strict=True):
        assert one == pytest.approx(other)


@given(st.floats(-3, 4).map(lambda p: round(p, 2)), st.integers(0, 100))
def test_the_written_slope_is_that_of_differences(p, seed):
    graph, batch = parse(f"power(q(online, s)[a], {p!r})"), random_batch(2, 8, seed)
    slopes, smooth = by_differences(graph, batch.inner, 1e-6)
    (ours,), mask = by_tape(graph, batch).grad[:1], next(iter(smooth.values()))
    np.testing.assert_allclose(ours[mask], next(iter(slopes.values()))[mask], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("x**3", "x ** 3.0"),
        ("x**1.5", "torch.abs(x) ** 1.5"),
        ("x**0.5", "torch.clamp(torch.abs(x), min=1e-06) ** 0.5"),
        ("x**-1", "torch.where(x < 0, -1.0, 1.0) * torch.clamp(torch.abs(x), min=1e-06) ** (-1.0)"),
    ],
)
def test_its_source_holds_what_its_exponent_needs_and_nothing_else(text, source):
    graph = parse(f"x = q(online, s)[a] + r; loss = {text}")
    assert source in torch_source(graph).replace("x2", "x")


def test_its_formula_is_a_power():
    q = sympy.Symbol("q(online, s)[a]", real=True)
    assert to_sympy(parse("q(online, s)[a]**3")) == q**3
    assert to_sympy(parse("q(online, s)[a]**1.5")) == sympy.Abs(q) ** sympy.Rational(3, 2)
    assert math.isclose(to_sympy(parse("q(online, s)[a]**-1")).subs(q, -4.0), -0.25)


@pytest.mark.parametrize(
    "text", ["q(online, s)[a]**1.5", "(r - q(online, s)[a])**-1", "q(online, s)[a]**(1 / 3)", "-q(online, s)[a]**0.5"]
)
def test_it_prints_as_it_is_written(text):
    assert print_graph(parse(text)) == f"loss = {text}"
    assert parse(text.replace("**", "^")) == parse(text)


def test_an_exponent_that_is_no_literal_has_another_spelling():
    with pytest.raises(LossError, match=r"write exp\(r \* log\(q\(online, s\)\[a\]\)\)$"):
        parse("q(online, s)[a]**r")
