"""Powers and roots at zero and far out."""

import pytest

from tests.support.evaluate import at


def test_abs_has_no_slope_at_zero():
    assert at("abs(x)", (0.0, 0), (-2.0, 0), (1e30, 0)) == ([0, 2, pytest.approx(1e30)], [0, -1, 1], [0, 0, 0])


def test_sqrt_is_held_below_a_millionth():
    value, dx, _ = at("sqrt(x)", (0.0, 0), (-4.0, 0), (4.0, 0), (1e30, 0))
    assert value == pytest.approx([1e-3, 1e-3, 2, 1e15])
    assert dx == pytest.approx([0, 0, 0.25, 0.5e-15])


def test_half_square_has_the_argument_as_its_slope():
    assert at("half_square(x)", (0.0, 0), (-3.0, 0)) == ([0, 4.5], [0, -3], [0, 0])
    assert at("x**2", (0.0, 0), (-3.0, 0)) == ([0, 9], [0, -6], [0, 0])
