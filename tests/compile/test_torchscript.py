"""The compiled loss against the three other ways to its value and gradient."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from rlsearch.compile.torch_source import arguments
from rlsearch.compile.torchscript import compile_loss, save_loss
from rlsearch.graph.text import parse
from tests.support.evaluate import by_differences, by_kernels, by_tape, by_torch, random_batch, steady
from tests.support.strategies import OPS, losses

ACTIONS = st.sampled_from([2, 5])


@given(losses(), ACTIONS)
def test_torchscript_and_tape_agree(graph, num_actions):
    batch = random_batch(num_actions)
    ok = steady(graph, batch)
    assume(ok.any())
    script, tape = by_torch(graph, batch), by_tape(graph, batch)
    np.testing.assert_allclose(script.value[ok], tape.value[ok], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(script.grad[..., ok], tape.grad[..., ok], rtol=1e-6, atol=1e-9)


@given(losses(tuple(name for name in OPS if name != "stop")), ACTIONS)
def test_gradient_is_the_slope_of_the_value(graph, num_actions):
    batch = random_batch(num_actions)
    differences, smooth = by_differences(graph, batch)
    smooth &= steady(graph, batch)
    grad = by_torch(graph, batch).grad
    smooth &= np.abs(grad) < 1e4
    assume(smooth.any())
    size = 1 + np.abs(by_tape(graph, batch).value)
    assert (np.abs(grad - differences) <= 1e-4 * (size + np.abs(grad)))[smooth].all()


@given(losses(), ACTIONS)
def test_kernels_are_as_exact_as_float32_allows(graph, num_actions):
    batch = random_batch(num_actions)
    ok = steady(graph, batch)
    exact, single, kernels = by_tape(graph, batch), by_tape(graph, batch, np.float32), by_kernels(graph, batch)
    ok &= (np.abs(exact.grad) < 1e8).all((0, 1)) & (np.abs(exact.value) < 1e8)
    # NumPy in float32 shows how much a formula cancels; where it is lost, nobody can do better.
    ok &= (np.abs(single.grad - exact.grad) <= 1e-3 * (1 + np.abs(exact.grad))).all((0, 1))
    assume(ok.any())
    for mine, numpy_, truth in zip(kernels, single, exact, strict=True):
        allowed = 1e-5 * (1 + np.abs(truth)) + 20 * np.abs(numpy_ - truth)
        assert (np.abs(mine - truth) <= allowed)[..., ok].all()


@given(losses())
def test_compiling_warns_of_nothing(graph):
    with warnings.catch_warnings(action="error"):
        by_torch(graph, random_batch(2, size=2))


def test_saved_loss_is_loaded_by_torch_alone(tmp_path):
    graph = parse("0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2 + 0.1 * q(online, s)[a]")
    save_loss(graph, tmp_path / "loss.pt")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # torch.jit.load
        loaded = torch.jit.load(tmp_path / "loss.pt")
    batch = random_batch(3)
    for one, other in zip(by_torch(graph, batch, loaded), by_torch(graph, batch), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_loss_keeps_the_precision_of_its_arguments(dtype):
    graph = parse("log(q(online, s)[a] / r) + num_actions * 0.5 + clip(exp(q(online, s)[a]), -1, 2) * max(1, r)")
    given_ = [torch.rand(4, 3, dtype=dtype), torch.tensor([0, 1, 2, 0]), torch.rand(4, dtype=dtype)]
    assert arguments(graph) == ("q_online_s", "a", "r")
    assert compile_loss(graph)(*given_).dtype == dtype
