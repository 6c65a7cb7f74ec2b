"""What the gradient sees."""

from tests.support.evaluate import at


def test_stop_keeps_the_value_and_cuts_the_gradient():
    assert at("stop(x) * z", (2.0, 3.0)) == ([6], [0], [2])
    assert at("x - stop(x)", (2.0, 3.0)) == ([0], [1], [0])
