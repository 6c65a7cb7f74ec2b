from dataclasses import replace

import numpy as np
import pytest
import torch

from rlsearch.bench.eager import ADAMS, mlp, train_eager
from rlsearch.bench.inner_loop import AGENT, loss, task


@pytest.mark.parametrize("adam", ADAMS)
def test_every_step_learns(adam):
    run = train_eager(loss(), task(), AGENT, adam, seed=0, steps=60, warm_up=40)
    assert run.updates == 100
    assert run.seconds > 0
    assert 0 < sum(run.returns) <= 100


def test_learning_starts_and_period():
    agent = replace(AGENT, learning_starts=11, update_every=5)
    assert train_eager(loss(), task(), agent, "fused", seed=0, steps=100, warm_up=0).updates == 18  # 15, 20, ..., 100


def test_threads_and_denormals_are_as_before():
    threads = torch.get_num_threads()
    train_eager(loss(), task(), AGENT, "default", seed=0, steps=1, warm_up=0)
    assert torch.get_num_threads() == threads
    assert float(np.float32(1e-38) * np.float32(0.1)) != 0.0


def test_network_is_the_fused_trainers():
    kinds = [type(layer).__name__ for layer in mlp((4, 64, 64, 2))]
    assert kinds == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]


@pytest.mark.slow
def test_it_learns():
    run = train_eager(loss(), task(), AGENT, "fused", seed=0, steps=5000, warm_up=0)
    assert np.mean(run.returns[-5:]) > 3 * np.mean(run.returns[:5])
