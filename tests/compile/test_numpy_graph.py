"""Losses on arrays against the tape, which is laid out for one number of actions at a time."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.compile.numpy_graph import culprit, gradients, probe, values
from rlsearch.compile.probe import Points, draw
from rlsearch.compile.tape import ONLINE, STATE_OF, STATES
from rlsearch.facets.evaluate import Batch, Result, by_tape
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import operations
from tests.support.culprits import chains, named, walk
from tests.support.evaluate import steady
from tests.support.strategies import losses

ACTIONS = (2, 5)
POINTS = [draw(np.random.default_rng(actions), actions, (1.0, 3.0), 8) for actions in ACTIONS]


def batches(points: Points) -> list[Batch]:
    """Each batch on its own, as the tape takes it."""
    return [Batch(points.q[:, :, k], points.samples[:, k]) for k in range(points.q.shape[2])]


def by_arrays(graph: Graph, number: int, batch: int) -> Result:
    """Value and gradient of one batch of POINTS."""
    at = probe(POINTS)
    found = gradients(graph, at)
    value = np.broadcast_to(values(graph, at)[-1], (len(ACTIONS), 2, 8))[number, batch]
    grad = np.zeros((len(ONLINE), ACTIONS[number], 8))
    for place, pair in enumerate(ONLINE):
        if STATES[STATE_OF[pair]] in found:
            grad[place] = found[STATES[STATE_OF[pair]]][number][:, batch]
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
    assert found.keys() == {"s"}
    for part, points in zip(found["s"], POINTS, strict=True):
        a = points.sample("a").astype(int)
        q_sa = np.take_along_axis(points.q[0], a[None], 0)[0]
        delta = q_sa - (points.sample("r") + points.sample("discount") * points.q[3].max(0))
        np.testing.assert_allclose(part, (np.arange(len(part))[:, None, None] == a) * delta, rtol=1e-12)


def test_what_rounding_leaves_is_nothing():
    found = gradients(parse("x = q(online, s)[a]\nloss = (x / r) / x + 0 * x"), probe(POINTS))
    assert not any(part.any() for part in found["s"])


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
    assert ("max", ("target", "s_next")) in at.known
    assert ("select", ("online", "s"), "a") in at.known


HUGE = [draw(np.random.default_rng(actions), actions, (1e160,), 8) for actions in ACTIONS]
LOPSIDED = [part._replace(q=1e-200 * (1e-200 * part.q)) for part in HUGE]  # where a product is small and its derivative huge


@settings(max_examples=200)
@given(losses(), chains(), st.sampled_from([HUGE, LOPSIDED]))
def test_the_culprit_is_what_torch_finds_first(one, other, points):
    for graph in (one, other):
        walks = [walk(graph, batch, torch.float64) for part in points for batch in batches(part)]
        assert culprit(graph, probe(points)) == named(graph, walks)
