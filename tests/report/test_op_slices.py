"""An op along one argument: the numbers are the facets' own, and the derivative is the slope of the value."""

import numpy as np
import pytest

from rlsearch.registry import operations
from rlsearch.report.op_slices import pieces, slices

CUTS = [(name, cut) for name, op in operations().items() for cut in slices(op)]
IDS = [f"{name}-{cut.arg}" for name, cut in CUTS]


def of(name: str, place: int = 0):
    return slices(operations()[name])[place]


def test_every_op_but_the_network_has_a_slice() -> None:
    assert {name for name, op in operations().items() if not slices(op)} == {"q"}


@pytest.mark.parametrize(("name", "cut"), CUTS, ids=IDS)
def test_values_are_finite_and_slopes_are_derivatives(name, cut) -> None:
    at = cut.low + (cut.high - cut.low) * (0.003 + 0.994 * np.random.default_rng(0).random(40))  # off the kinks
    assert np.isfinite(cut.value(at)).all() and cut.value(at).shape == at.shape
    if cut.derivative is not None and name != "stop":
        h = 1e-6
        slope = (cut.value(at + h) - cut.value(at - h)) / (2 * h)
        np.testing.assert_allclose(cut.derivative(at), slope, rtol=1e-5, atol=1e-6)


def test_by_hand() -> None:
    at = np.array([-2.0, 0.0, 1.5])
    assert of("minimum").held == "b = -1"
    np.testing.assert_allclose(of("minimum").value(at), [-2, -1, -1])
    np.testing.assert_allclose(of("minimum").derivative(np.array([-2.0, -1.0, 0.0])), [1, 0.5, 0])
    assert of("div", 1).held == "a = 1"
    np.testing.assert_allclose(of("div", 1).value(np.array([0.5, 2.0])), [2, 0.5])
    np.testing.assert_allclose(of("div", 1).derivative(np.array([0.5, 2.0])), [-4, -0.25])


def test_by_hand_over_actions() -> None:
    at = np.array([-2.0, 0.0, 2.5])
    cut = of("max")
    assert (cut.arg, cut.result, cut.held) == ("x[0]", "max(x)", "x[1] = -1, x[2] = 2")
    np.testing.assert_allclose(cut.value(at), [2, 2, 2.5])
    np.testing.assert_allclose(cut.derivative(at), [0, 0, 1])
    soft = of("softmax")
    assert soft.result == "softmax(x)[0]"
    p = np.exp(at) / (np.exp(at) + np.exp(-1) + np.exp(2))
    np.testing.assert_allclose(soft.value(at), p)
    np.testing.assert_allclose(soft.derivative(at), p * (1 - p))
    np.testing.assert_allclose(of("argmax").value(at), [2, 2, 0])
    assert of("argmax").derivative is None and of("argmax").held == "x[1] = -1, x[2] = 2"
    assert of("kl").held == "p[1] = 0.2, p[2] = 0.3, m[0] = 0.3, m[1] = 0.5, m[2] = 0.2"
    by_hand = 0.4 * np.log(0.4 / 0.3) + 0.2 * np.log(0.2 / 0.5) + 0.3 * np.log(0.3 / 0.2)
    np.testing.assert_allclose(of("kl").value(np.array([0.4])), by_hand)


def test_by_hand_over_the_batch() -> None:
    """One of three samples moves; the mean and its slope, the deviation and its slope."""
    at, rest = np.array([-2.0, 0.0, 2.5]), np.array([-1.0, 2.0])
    cut = of("mean_batch")
    assert (cut.arg, cut.result, cut.held) == ("x[0]", "mean_batch(x)[0]", "x[1] = -1, x[2] = 2")
    np.testing.assert_allclose(cut.value(at), (at + 1) / 3)
    np.testing.assert_allclose(cut.derivative(at), [1 / 3] * 3)
    deviations = np.array([np.std([x, *rest]) for x in at])
    np.testing.assert_allclose(of("std_batch").value(at), deviations)
    np.testing.assert_allclose(of("std_batch").derivative(at), (at - (at + 1) / 3) / (3 * deviations))


def test_literals_and_actions_stay_put() -> None:
    assert [cut.arg for cut in slices(operations()["clip"])] == ["a"]
    assert [cut.arg for cut in slices(operations()["select"])] == ["x[0]"]
    assert [cut.arg for cut in slices(operations()["mul"])] == ["a"]
    assert [cut.arg for cut in slices(operations()["sub"])] == ["a", "b"]


def test_curves_are_cut_where_they_jump_and_nowhere_else() -> None:
    at = np.linspace(-3, 3, 61)
    lone = pieces(of("abs").derivative, at)
    assert [len(run) for run in lone] == [30, 1, 30] and lone[1] == [(0, 0)]
    assert [len(run) for run in pieces(of("sign").value, at)] == [30, 1, 30]
    for steep in (of("exp").value, of("square").value, of("abs").value, of("relu").value, np.cbrt):
        assert len(pieces(steep, at)) == 1
    assert len(pieces(of("div", 1).derivative, of("div", 1).grid(30))) == 1
