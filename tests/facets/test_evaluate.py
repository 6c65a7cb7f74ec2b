"""Five ways to one number: against a loss whose value and gradient are written by hand."""

import numpy as np
import pytest

from rlsearch.graph.text import parse
from tests.support.evaluate import TRAINED, by_differences, by_kernels, by_sympy, by_tape, by_torch, random_batch

DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"


def by_hand(batch):
    """Value `[B]` and gradient by q(online, s) `[A, B]` of DQN."""
    a, r, discount = batch.samples[0].astype(int), batch.samples[1], batch.samples[2]
    delta = batch.q[0, a, np.arange(a.size)] - r - discount * batch.q[3].max(0)
    return delta**2 / 2, delta * (np.arange(batch.num_actions)[:, None] == a)


@pytest.mark.parametrize("num_actions", [2, 5])
def test_every_way_gives_what_is_written(num_actions):
    batch, graph = random_batch(num_actions, size=16), parse(DQN)
    value, grad = by_hand(batch)
    for way, rtol in ((by_torch, 1e-9), (by_tape, 1e-9), (by_kernels, 1e-4)):
        found = way(graph, batch)
        np.testing.assert_allclose(found.value, value, rtol=rtol, atol=1e-5 if way is by_kernels else 0)
        np.testing.assert_allclose(found.grad[0], grad, rtol=rtol, atol=1e-5 if way is by_kernels else 0)
        assert found.grad.shape == (len(TRAINED), num_actions, 16) and not found.grad[1:].any()
    np.testing.assert_allclose(by_sympy(graph, batch), value, rtol=1e-9)
    slopes, smooth = by_differences(graph, batch)
    assert smooth.mean() > 0.9
    np.testing.assert_allclose(slopes[0][smooth[0]], grad[smooth[0]], rtol=1e-5, atol=1e-6)


def test_differences_do_not_trust_a_kink():
    batch = random_batch(2, size=4)
    batch.q[0] = 0.0
    _, smooth = by_differences(parse("loss = abs(q(online, s)[a])"), batch)
    taken = batch.samples[0].astype(int)
    assert not smooth[0, taken, np.arange(4)].any() and smooth[0, 1 - taken, np.arange(4)].all()
