"""Arithmetic at its guard."""

import pytest

from tests.support.evaluate import at


@pytest.mark.parametrize(
    ("divisor", "used"), [(0.0, 1e-6), (5e-7, 1e-6), (-5e-7, -1e-6), (1e-6, 1e-6), (1e-3, 1e-3), (-2.0, -2.0)]
)
def test_a_small_divisor_is_replaced_by_one_of_its_sign(divisor, used):
    value, dx, dz = at("x / z", (3.0, divisor))
    assert value[0] == pytest.approx(3.0 / used)
    assert dx[0] == pytest.approx(1 / used)
    assert dz[0] == pytest.approx(-3.0 / used**2 if used == divisor else 0.0, rel=1e-5)


@pytest.mark.parametrize("divisor", ["0", "1e-7", "-1e-7", "2", "-1e-6"])
def test_a_literal_divisor_is_guarded_alike(divisor):
    number = float(divisor)
    used = number if abs(number) >= 1e-6 else (-1e-6 if number < 0 else 1e-6)
    value, dx, _ = at(f"x / {divisor}", (3.0, 0.0))
    assert value[0] == pytest.approx(3.0 / used)
    assert dx[0] == pytest.approx(1 / used)


def test_zero_over_zero_is_zero():
    assert at("x / z", (0.0, 0.0)) == ([0.0], [pytest.approx(1e6)], [0.0])
