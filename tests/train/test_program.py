"""A tape through the compiled interpreter against torch's autograd."""

import numpy as np
import torch

from rlsearch.compile.kernels import load_kernels
from rlsearch.train.program import tape_gradient
from tests.support.tasks import tape_of


def test_value_and_gradient_are_autograds() -> None:
    tape = tape_of("loss = 0.5 * (q(online, s)[a] - (r + discount * max(q(online, s_next))))**2 + mean(q(target, s))", 3)
    rng = np.random.default_rng(0)
    q = [rng.standard_normal((3, 8)).astype(np.float32) if read else None for read in (1, 1, 1, *[0] * 6)]
    samples = np.array([rng.integers(0, 3, 8), rng.standard_normal(8), rng.random(8), *np.zeros((6, 8))], np.float32)
    value, gradients = tape_gradient(tape, load_kernels(), q, samples)

    a, r, discount = torch.tensor(samples[:3])
    now, after, target = (torch.tensor(x).requires_grad_() for x in q[:3])
    q_sa = now.gather(0, a.long()[None])[0]
    loss = 0.5 * (q_sa - (r + discount * after.max(0).values)) ** 2 + target.mean(0)
    loss.mean().backward()
    np.testing.assert_allclose(value, loss.detach(), atol=1e-6)
    np.testing.assert_allclose(gradients[0], now.grad, atol=1e-7)
    np.testing.assert_allclose(gradients[1], after.grad, atol=1e-7)
    assert all(gradient is None for gradient in gradients[2:])
