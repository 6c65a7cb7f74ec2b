"""Batches to evaluate losses on, and values on which all ways of evaluating them agree."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS
from rlsearch.facets.evaluate import Batch, Result, by_kernels, by_tape, by_torch
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse


def random_batch(num_actions: int, size: int = 8, seed: int = 0) -> Batch:
    """Generic transitions: no ties, rewards of both signs, some terminal, every action taken."""
    rng = np.random.default_rng([seed, num_actions])
    a = np.arange(size) % num_actions
    discount = np.where(np.arange(size) % 4 == 3, 0.0, rng.uniform(0.1, 1.0, size))
    q, r = 2 * rng.normal(size=(len(Q_INPUTS), num_actions, size)), 2 * rng.normal(size=size)
    others = rng.uniform(0.1, 1.0, (len(SAMPLE_INPUTS) - 3, size))
    known = np.arange(size) % 3 > 0
    others[2] *= known  # a return that is not known is 0
    others[3] = known
    return Batch(q, np.stack([a, r, discount, *others]))


def agreed(graph: Graph, batch: Batch) -> Result:
    """The result that TorchScript, the tape and the kernels all give, within float32."""
    tape = by_tape(graph, batch)
    for other, rtol in ((by_torch(graph, batch), 1e-6), (by_kernels(graph, batch), 1e-5)):
        np.testing.assert_allclose(other.value, tape.value, rtol=rtol, atol=1e-6)
        np.testing.assert_allclose(other.grad, tape.grad, rtol=rtol, atol=1e-6)
    return tape


def at(text: str, *points: tuple[float, float]) -> tuple[list[float], list[float], list[float]]:
    """Value and derivatives of an expression of two numbers x and z at points, one sample each."""
    names = "x = q(online, s)[a]\nz = q(online, s_next)[a]\n"
    x, z = np.array(points, float).T
    zero = np.zeros_like(x)
    q = np.array([[x, zero], [z, zero], *[[zero, zero]] * (len(Q_INPUTS) - 2)])  # action 0 is taken
    value, grad = agreed(parse(f"{names}loss = {text}"), Batch(q, np.stack([zero] * len(SAMPLE_INPUTS))))
    assert not grad[:, 1].any()
    return value.tolist(), grad[0, 0].tolist(), grad[1, 0].tolist()


def over_actions(text: str, *rows: tuple[float, ...]) -> tuple[list[float], list[list[float]]]:
    """Value and gradient of an expression of a Vector v at rows of one number per action."""
    v = np.array(rows, float).T
    q = np.stack([v, *[np.zeros_like(v)] * (len(Q_INPUTS) - 1)])
    value, grad = agreed(parse(f"v = q(online, s)\nloss = {text}"), Batch(q, np.zeros((len(SAMPLE_INPUTS), len(rows)))))
    return value.tolist(), grad[0].T.tolist()


def steady(graph: Graph, batch: Batch) -> NDArray[np.bool_]:
    """Samples away from kinks and guards: value and gradient hardly move when the inputs do by a relative 1e-9."""
    base = by_tape(graph, batch)
    ok = np.isfinite(base.value) & np.isfinite(base.grad).all((0, 1)) & (np.abs(base.grad).max((0, 1)) < 1e12)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        moved = by_tape(graph, replace(batch, q=batch.q * (1 + 1e-9 * rng.normal(size=batch.q.shape))))
        for one, other in ((base.value, moved.value), (base.grad, moved.grad)):
            near = np.abs(one - other) <= 1e-6 * (1 + np.abs(one))
            ok &= near if near.ndim == 1 else near.all((0, 1))
    return ok
