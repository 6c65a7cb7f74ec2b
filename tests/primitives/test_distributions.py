"""Distributions far out and at zero probability."""

import math
from itertools import chain

import pytest

from tests.support.evaluate import over_actions

FAR = (1e4, -1e4, 0.0)


def test_probabilities_add_up():
    value, grad = over_actions("sum(softmax(v))", (1.0, 2.0, -1.0), FAR)
    assert value == pytest.approx([1, 1])
    assert [*chain(*grad)] == pytest.approx([0] * 6, abs=1e-12)


def test_nothing_overflows():
    value, grad = over_actions("logsumexp(v)", FAR, (16.0, 16.0, -1e30))
    assert value == pytest.approx([1e4, 16 + math.log(2)])
    assert [*chain(*grad)] == pytest.approx([1, 0, 0, 0.5, 0.5, 0])
    value, grad = over_actions("min(log_softmax(v))", FAR)
    assert value == pytest.approx([-2e4])
    assert grad[0] == pytest.approx([-1, 1, 0])


def test_entropy_is_largest_when_even_and_zero_when_certain():
    value, grad = over_actions("entropy(softmax(v))", (2.0, 2.0, 2.0), FAR)
    assert value == pytest.approx([math.log(3), 0])
    assert [*chain(*grad)] == pytest.approx([0] * 6, abs=1e-12)


def test_expectation_under_the_policy():
    value, _ = over_actions("dot(softmax(v), v)", (0.0, math.log(3), -1e4))
    assert value == pytest.approx([0.75 * math.log(3)])


def test_divergence_from_itself_and_from_the_even_distribution():
    value, grad = over_actions("kl(softmax(v), softmax(v))", (0.0, math.log(3)), FAR[:2])
    assert value == pytest.approx([0, 0])
    assert [*chain(*grad)] == pytest.approx([0] * 4, abs=1e-12)
    value, _ = over_actions("kl(softmax(v), softmax(0 * v))", (0.0, math.log(3)))
    assert value == pytest.approx([math.log(2) + 0.25 * math.log(0.25) + 0.75 * math.log(0.75)])
    value, _ = over_actions("kl(softmax(0 * v), softmax(v))", FAR[:2])
    assert value == pytest.approx([math.log(0.5) - 0.5 * math.log(1e-8)])  # at the guard
