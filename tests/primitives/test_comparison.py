"""Comparison at ties: half of the gradient to each, as in torch."""

from tests.support.evaluate import at

POINTS = (1.0, 2.0), (2.0, 1.0), (1.5, 1.5)


def test_minimum_and_maximum_share_a_tie():
    assert at("min(x, z)", *POINTS) == ([1, 1, 1.5], [1, 0, 0.5], [0, 1, 0.5])
    assert at("max(x, z)", *POINTS) == ([2, 2, 1.5], [0, 1, 0.5], [1, 0, 0.5])


def test_greater_is_strict_and_has_no_gradient():
    assert at("(x > z) + 0 * x", *POINTS) == ([0, 1, 0], [0, 0, 0], [0, 0, 0])


def test_where_takes_the_last_at_a_tie_and_only_the_taken_branch_learns():
    assert at("where(x > z, 2 * x, 3 * z)", *POINTS) == ([6, 4, 4.5], [0, 2, 0], [3, 0, 3])


def test_a_branch_that_is_not_taken_harms_nothing():
    value, dx, dz = at("where(x > 0, log(x), z)", (0.0, 5.0))
    assert (value, dx, dz) == ([5.0], [0.0], [1.0])
