"""Exponential and logarithm where they are guarded."""

import math

import pytest

from tests.support.evaluate import at


def test_exp_is_held_above_twenty():
    top = math.exp(20)
    value, dx, _ = at("exp(x)", (20.0, 0), (21.0, 0), (1e30, 0), (-1e30, 0), (0.0, 0))
    assert value == pytest.approx([top, top, top, 0, 1])
    assert dx == pytest.approx([top, 0, 0, 0, 1])  # as torch.clamp: 1 at its edge


def test_log_is_of_the_absolute_value_and_held_below_a_millionth():
    value, dx, _ = at("log(x)", (0.0, 0), (1e-7, 0), (-1e-7, 0), (-math.e, 0), (1e30, 0))
    bottom = math.log(1e-6)
    assert value == pytest.approx([bottom, bottom, bottom, 1, math.log(1e30)])
    assert dx == pytest.approx([0, 0, 0, -1 / math.e, 1e-30])
