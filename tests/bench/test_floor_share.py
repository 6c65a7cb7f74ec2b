from dataclasses import replace

import pytest

from rlsearch.bench.floor_share import floor_share, step_flops
from rlsearch.bench.inner_loop import AGENT
from rlsearch.bench.multiply_adds import SUMS, WIDTHS, _burst, peak_flops


def test_operations_by_hand():
    agent = replace(AGENT, batch=10, update_every=2, epsilon_start=0.25, epsilon_end=0.25)
    forward, backward_inputs = 3 * 5 + 5 * 2, 5 * 2
    update = 10 * (2 * forward + forward + backward_inputs)
    assert step_flops((3, 5, 2), agent) == pytest.approx(2 * (update / 2 + 0.75 * forward))


def test_products_and_fused(sound):
    figure = floor_share(steps=100, repetitions=2)
    sound(figure, "floor_share", {"products", "fused"})
    assert figure.settings["gflops"] > 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_burst_multiplies_and_adds_as_often_as_it_says(width):
    """x / 2 + 1 / 2 thrice, from 1, 2, ... in each sum; a power of 2 rounds nothing."""
    wanted = sum((((k + 1) * 0.5 + 0.5) * 0.5 + 0.5) * 0.5 + 0.5 for k in range(SUMS))
    assert _burst(width)(3, 0.5) == pytest.approx(wanted, rel=1e-6)


def test_the_peak_is_that_of_a_processor():
    """Between one sum at a time and hundreds, a few billion times a second."""
    assert 1e8 < peak_flops(100_000) < 1e13
