from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg.blas import sgemm

from rlsearch.bench.figure import cpu_seconds
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


def test_no_product_of_matrices_is_faster_than_the_peak():
    """Not a large one by a BLAS either."""
    size, rng = 512, np.random.default_rng(0)
    left, right = (np.asfortranarray(rng.random((size, size), np.float32)) for _ in range(2))
    rates, peaks = [], []
    for _ in range(5):
        rates.append(2.0 * size**3 / cpu_seconds(lambda: sgemm(1.0, left, right)))
        peaks.append(peak_flops(200_000))
    assert max(rates) < 1.05 * max(peaks)
