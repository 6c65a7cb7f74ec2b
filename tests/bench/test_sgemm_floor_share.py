from dataclasses import replace

import pytest

from rlsearch.bench.inner_loop import AGENT
from rlsearch.bench.sgemm_floor_share import sgemm_floor_share, step_flops


def test_operations_by_hand():
    agent = replace(AGENT, batch=10, update_every=2, epsilon_start=0.25, epsilon_end=0.25)
    forward, backward_inputs = 3 * 5 + 5 * 2, 5 * 2
    update = 10 * (2 * forward + forward + backward_inputs)
    assert step_flops((3, 5, 2), agent) == pytest.approx(2 * (update / 2 + 0.75 * forward))


def test_products_and_fused(sound):
    figure = sgemm_floor_share(steps=100, size=64, repetitions=2)
    sound(figure, "sgemm_floor_share", {"products", "fused"})
    assert figure.settings["gflops"] > 0
