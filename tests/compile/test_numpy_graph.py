"""Losses on arrays against the tape, which is laid out for one number of actions at a time."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.compile.numpy_graph import Probe, first_nonfinite, gradients, join, values
from rlsearch.compile.probe import draw_batch
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME
from rlsearch.registry import operations
from tests.support.culprits import chains, named, walk
from tests.support.evaluate import TRAINED, Batch, Result, arrays_of, by_tape, steady
from tests.support.strategies import losses

ACTIONS = (2, 5)
S = View("q", "online", "s")


def drawn(*scales: float) -> list[Batch]:
    """A batch for each scale `[..., scales, B]`, for each number of actions."""
    return [arrays_of(draw_batch(REGIME, np.random.default_rng(count), Sizes(count), scales, 8)) for count in ACTIONS]


POINTS = drawn(1.0, 3.0)


def probe(points: list[Batch]) -> Probe:
    """As the graph takes them."""
    return join([part.inner for part in points])


def batches(points: Batch) -> list[Batch]:
    """Each batch on its own, as the tape takes it."""
    return [Batch(points.q[:, :, k], points.samples[:, k]) for k in range(points.q.shape[2])]


def by_arrays(graph: Graph, number: int, batch: int) -> Result:
    """Value and gradient of one batch of POINTS."""
    at = probe(POINTS)
    found = gradients(graph, at)
    value = np.broadcast_to(values(graph, at)[-1], (len(ACTIONS), 2, 8))[number, batch]
    grad = np.zeros((len(TRAINED), ACTIONS[number], 8))
    for place, view in enumerate(REGIME.trained_views):
        if view in found:
            grad[place] = found[view][number][:, batch]
    return Result(value, grad)


@given(losses())
def test_arrays_and_tape_agree(graph):
    for number, points in enumerate(POINTS):
        for place, batch in enumerate(batches(points)):
            with np.errstate(all="ignore"):
                mine, theirs, ok = by_arrays(graph, number, place), by_tape(graph, batch), steady(graph, batch)
            if any(operations()[node.op].over_batch for node in graph.nodes if node.args):
                ok &= ok.all()  # one wild sample is felt by all
            np.testing.assert_allclose(mine.value[ok], theirs.value[ok], rtol=1e-9, atol=1e-12)
            size = np.abs(theirs.grad[..., ok]).max(initial=1.0)
            np.testing.assert_allclose(mine.grad[..., ok], theirs.grad[..., ok], rtol=1e-9, atol=1e-9 * size)


def test_td_by_hand():
    graph = parse("0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2")
    found = gradients(graph, probe(POINTS))
    assert found.keys() == {S}
    for part, points in zip(found[S], POINTS, strict=True):
        a, r, discount = points.samples[0].astype(int), points.samples[1], points.samples[2]
        q_sa = np.take_along_axis(points.q[0], a[None], 0)[0]
        delta = q_sa - (r + discount * points.q[3].max(0))
        np.testing.assert_allclose(part, (np.arange(len(part))[:, None, None] == a) * delta, rtol=1e-12)


def test_what_rounding_leaves_is_nothing():
    found = gradients(parse("x = q(online, s)[a]\nloss = (x / r) / x + 0 * x"), probe(POINTS))
    assert not any(part.any() for part in found[S])


@pytest.mark.parametrize(
    "text",
    ["max(q(online, s)) + mean_batch(2)", "max(q(online, s) - mean_batch(2))", "q(online, s)[a] * std_batch(num_actions)"],
)
def test_the_batch_of_a_number(text):
    found = values(parse(text), probe(POINTS))
    assert np.isfinite(found[-1]).all()


def test_what_many_losses_read_is_computed_once():
    at = probe(POINTS)
    first, again = (values(parse("r * max(q(target, s_next)) * q(online, s)[a]"), at) for _ in range(2))
    assert sum(mine is theirs for mine, theirs in zip(first, again, strict=True) if isinstance(mine, np.ndarray)) >= 4
    assert ("max", ("q", "target", "s_next")) in at.known
    assert ("select", ("q", "online", "s"), "a") in at.known


HUGE = drawn(1e160)
LOPSIDED = [replace(part, q=1e-200 * (1e-200 * part.q)) for part in HUGE]  # where a product is small and its derivative huge


@settings(max_examples=200)
@given(losses(), chains(), st.sampled_from([HUGE, LOPSIDED]))
def test_the_culprit_is_what_torch_finds_first(one, other, points):
    for graph in (one, other):
        walks = [walk(graph, batch, torch.float64) for part in points for batch in batches(part)]
        assert first_nonfinite(graph, probe(points)) == named(graph, walks)
