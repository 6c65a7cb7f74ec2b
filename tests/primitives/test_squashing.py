"""Squashing at its kinks and edges, with torch's subgradients."""

import pytest

from tests.support.evaluate import at


def test_relu_and_sign_have_no_slope_at_zero():
    points = (-1.0, 0), (0.0, 0), (2.0, 0)
    assert at("relu(x)", *points) == ([0, 0, 2], [0, 0, 1], [0, 0, 0])
    assert at("sign(x) + 0 * x", *points) == ([-1, 0, 1], [0, 0, 0], [0, 0, 0])


def test_clip_has_slope_one_at_its_edges():
    points = (-1.5, 0), (-1.0, 0), (0.3, 0), (0.5, 0), (0.6, 0)
    assert at("clip(x, -1, 0.5)", *points) == ([-1, -1, pytest.approx(0.3), 0.5, 0.5], [0, 1, 1, 1, 0], [0] * 5)


def test_clip_between_crossed_bounds_is_the_upper_one():
    assert at("clip(x, 1, -1)", (-2.0, 0), (0.0, 0), (2.0, 0)) == ([-1, -1, -1], [0, 0, 0], [0, 0, 0])


def test_huber_is_smooth_at_one_and_finite_far_out():
    value, dx, _ = at("huber(x)", (1.0, 0), (-1.0, 0), (0.0, 0), (3.0, 0), (-1e30, 0))
    assert value == pytest.approx([0.5, 0.5, 0, 2.5, 1e30])
    assert dx == [1, -1, 0, 1, -1]


def test_tanh_saturates():
    value, dx, _ = at("tanh(x)", (1e30, 0), (-1e30, 0), (0.0, 0))
    assert value == pytest.approx([1, -1, 0])
    assert dx == pytest.approx([0, 0, 1])
