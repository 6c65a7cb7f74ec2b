"""Batches of the replay regime as plain arrays, the ways of evaluating losses on them, and values on which all agree."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile import evaluate, kernels, torchscript
from rlsearch.facets import evaluate as facets
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.regimes import batch as batches
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME

Array = NDArray[Any]

VIEWS, COLUMNS = REGIME.views, REGIME.columns
TRAINED = [VIEWS.index(view) for view in REGIME.trained_views]


@dataclass(frozen=True)
class Batch:
    """What a loss reads of B transitions with A actions: `q` `[views, A, B]`, `samples` `[columns, B]`."""

    q: Array
    samples: Array

    @property
    def num_actions(self) -> int:
        """A."""
        return int(self.q.shape[1])

    @property
    def inner(self) -> batches.Batch:
        """As the product has it."""
        views, inputs = dict(zip(VIEWS, self.q, strict=True)), dict(zip(COLUMNS, self.samples, strict=True))
        return batches.Batch(REGIME, Sizes(self.num_actions), views, inputs)


def arrays_of(batch: batches.Batch) -> Batch:
    """The other way round."""
    return Batch(np.stack([batch.views[view] for view in VIEWS]), np.stack([batch.inputs[name] for name in COLUMNS]))


class Result(NamedTuple):
    """What a loss makes of a batch: `value` `[B]`, each sample's own gradient `grad` `[trained views, A, B]`."""

    value: Array
    grad: Array


def by_tape(graph: Graph, batch: Batch, dtype: Any = np.float64) -> Result:
    """By the tape, in NumPy."""
    found = evaluate.evaluate(graph, batch.inner, evaluate.IN_NUMPY._replace(dtype=dtype))
    return Result(found.value, found.grad)


def by_kernels(graph: Graph, batch: Batch) -> Result:
    """By the tape, through the numba kernels."""
    found = evaluate.evaluate(graph, batch.inner, evaluate.by_kernels(kernels.load_kernels()))
    return Result(found.value, found.grad)


def by_torch(graph: Graph, batch: Batch, loss: Callable[..., Any] | None = None) -> Result:
    """Through TorchScript or any function with the same arguments, by autograd."""
    found = torchscript.evaluate_torchscript(graph, batch.inner, loss)
    return Result(found.value, found.grad)


def by_differences(graph: Graph, batch: Batch, step: float = 1e-6) -> tuple[Array, Array]:
    """Central differences, and where they can be trusted, `[trained views, A, B]`."""
    slopes, smooth = facets.by_differences(graph, batch.inner, step)
    return np.stack([*slopes.values()]), np.stack([*smooth.values()])


def by_sympy(graph: Graph, batch: Batch) -> Array:
    """Values by sympy."""
    return facets.by_sympy(graph, batch.inner)


def random_batch(num_actions: int, size: int = 8, seed: int = 0) -> Batch:
    """Generic transitions: no ties, rewards of both signs, some terminal, every action taken."""
    rng = np.random.default_rng([seed, num_actions])
    a = np.arange(size) % num_actions
    discount = np.where(np.arange(size) % 4 == 3, 0.0, rng.uniform(0.1, 1.0, size))
    q, r = 2 * rng.normal(size=(len(VIEWS), num_actions, size)), 2 * rng.normal(size=size)
    others = rng.uniform(0.1, 1.0, (len(COLUMNS) - 4, size))
    known = np.arange(size) % 3 > 0
    others[2] *= known  # a return that is not known is 0
    others[3] = known
    a_next = (a + np.arange(size) // num_actions) % num_actions
    return Batch(q, np.stack([a, r, discount, *others, a_next]))


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
    q = np.array([[x, zero], [z, zero], *[[zero, zero]] * (len(VIEWS) - 2)])  # action 0 is taken
    value, grad = agreed(parse(f"{names}loss = {text}"), Batch(q, np.stack([zero] * len(COLUMNS))))
    assert not grad[:, 1].any()
    return value.tolist(), grad[0, 0].tolist(), grad[1, 0].tolist()


def over_actions(text: str, *rows: tuple[float, ...]) -> tuple[list[float], list[list[float]]]:
    """Value and gradient of an expression of a Vector v at rows of one number per action."""
    v = np.array(rows, float).T
    q = np.stack([v, *[np.zeros_like(v)] * (len(VIEWS) - 1)])
    value, grad = agreed(parse(f"v = q(online, s)\nloss = {text}"), Batch(q, np.zeros((len(COLUMNS), len(rows)))))
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
