"""A tape through the compiled interpreter against torch's autograd."""

import numpy as np
import torch

from rlsearch.compile.kernels import load_kernels
from rlsearch.train.program import program, run_backward, run_forward
from tests.support.tasks import tape_of


def test_value_and_gradient_are_autograds() -> None:
    tape = tape_of("loss = 0.5 * (q(online, s)[a] - (r + discount * max(q(online, s_next))))**2 + mean(q(target, s))", 3)
    rng, ready = np.random.default_rng(0), program(tape, load_kernels(), 8)
    q = rng.standard_normal((3, 3, 8)).astype(np.float32)
    samples = np.array([rng.integers(0, 3, 8), rng.standard_normal(8), rng.random(8)], np.float32)
    for rows, values in zip(tape.view_slices[:3], q, strict=True):
        ready.registers[rows] = values
    ready.registers[tape.input_rows[:3]] = samples
    assert (tape.view_rows[3:] < 0).all() and (tape.input_rows[3:] < 0).all()
    run_forward(ready)
    run_backward(ready)

    a, r, discount = torch.tensor(samples)
    now, after, target = (torch.tensor(x).requires_grad_() for x in q)
    q_sa = now.gather(0, a.long()[None])[0]
    loss = 0.5 * (q_sa - (r + discount * after.max(0).values)) ** 2 + target.mean(0)
    loss.mean().backward()
    np.testing.assert_allclose(ready.registers[tape.root], loss.detach(), atol=1e-6)
    for rows, by_torch in zip(tape.view_slices[:2], (now.grad, after.grad), strict=True):
        np.testing.assert_allclose(ready.gradients[rows], by_torch, atol=1e-7)
    assert tape.view_carries.tolist() == [1, 1] + [0] * 7
