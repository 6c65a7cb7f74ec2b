"""Over actions at ties: the first index, as in torch."""

import pytest

from tests.support.evaluate import over_actions

TIE = (1.0, 3.0, 3.0)


def test_the_first_extremum_takes_the_whole_gradient():
    assert over_actions("max(v)", TIE, (2.0, 2.0, 2.0)) == ([3, 2], [[0, 1, 0], [1, 0, 0]])
    assert over_actions("min(v)", (3.0, 1.0, 1.0)) == ([1], [[0, 1, 0]])


def test_argmax_is_the_first():
    assert over_actions("v[argmax(v)]", TIE, (2.0, 2.0, 1.0)) == ([3, 2], [[0, 1, 0], [1, 0, 0]])


def test_mean_sum_and_dot():
    assert over_actions("mean(v)", TIE) == ([pytest.approx(7 / 3)], [[pytest.approx(1 / 3)] * 3])
    assert over_actions("sum(v)", TIE) == ([7], [[1, 1, 1]])
    assert over_actions("dot(v, v)", TIE) == ([19], [[2, 6, 6]])
    assert over_actions("dot(v, stop(v))", TIE) == ([19], [[1, 3, 3]])


def test_spread_over_actions_and_its_guard():
    assert over_actions("std(v)", (1.0, 3.0), (2.0, 2.0)) == ([1, pytest.approx(1e-6)], [[-0.5, 0.5], [0, 0]])


def test_select_reads_the_action_taken():
    assert over_actions("v[a]", TIE) == ([1], [[1, 0, 0]])


def test_a_real_argument_gathers_the_gradient_of_every_action():
    assert over_actions("sum(v - v[a])", TIE) == ([4], [[-2, 1, 1]])


def test_one_hot_is_one_at_the_action_and_has_no_slope():
    assert over_actions("dot(one_hot(a), v)", TIE, (5.0, 2.0, 4.0)) == ([1, 5], [[1, 0, 0], [1, 0, 0]])
    assert over_actions("sum(one_hot(argmax(v), v) + 0 * v)", TIE, (5.0, 2.0, 4.0)) == ([1, 1], [[0, 0, 0], [0, 0, 0]])
    assert over_actions("dot(one_hot(argmax(v), v), v)", TIE) == ([3], [[0, 1, 0]])


def test_the_cross_entropy_of_the_action_is_its_log_probability():
    text, (value, grad) = "-dot(one_hot(a), log_softmax(v))", over_actions("-log_softmax(v)[a]", TIE)
    assert over_actions(text, TIE) == ([pytest.approx(value[0])], [pytest.approx(grad[0])])
