"""Comparison on recorded batches: clear differences are found and named, rounding is none."""

import numpy as np
import pytest

from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.equivalence.witnesses import Witnesses
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.simplify.canonical import canonical
from tests.support.random_losses import random_losses
from tests.support.recorded import ENVS, recorded

DELTA = "(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
DQN = parse(f"loss = half_square({DELTA})")
KINDS = ("gradient", "direction")


@pytest.fixture(scope="module")
def witnesses():
    return Witnesses(recorded())


OTHERS = {
    f"sign(r) * sign(r) * half_square({DELTA})": "where the reward is 0",
    f"r / r * half_square({DELTA})": "where the reward is 0",
    f"discount / discount * half_square({DELTA})": "where the discount and discount_n are 0",
    f"half_square({DELTA}) * where(progress > 0.5, 2, 1)": "recorded batches",
    f"half_square({DELTA}) * (1 + return_to_go)": "recorded batches",
    f"-half_square({DELTA})": "recorded batches",
    f"abs({DELTA})": "recorded batches",
    "q(online, s_next)[a]**2": "recorded batches",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", OTHERS)
def test_a_clear_difference_is_found_and_named(other, kind, witnesses):
    other, where = parse(f"loss = {other}"), OTHERS[other]
    found = witnesses.difference(DQN, other, kind)
    assert where in found.where and 1e-3 < found.size <= 2.01
    assert found.batches and set(found.batches) <= set(range(len(witnesses.batches)))
    assert where in witnesses.difference(other, DQN, kind).where
    few = witnesses.telling(DQN, other, kind, found)
    assert len(few) <= 8 or few == witnesses.batches
    assert Witnesses(few).difference(DQN, other, kind)


SAME = (
    f"0.5 * {DELTA}**2",
    f"half_square({DELTA}) + log(abs(r)) * discount",
    f"half_square(-{DELTA})",
    "half_square(q(online, s)[a] - r - discount * max(q(target, s_next)))",
    f"half_square({DELTA}) + 1e-6 * q(online, s)[a] * r",
)


@pytest.mark.parametrize("other", SAME)
def test_what_is_written_otherwise_does_not_differ(other, witnesses):
    """Nor what differs by less than a thousandth: that is for a fingerprint."""
    for kind in KINDS:
        assert witnesses.difference(DQN, parse(f"loss = {other}"), kind) is None


@pytest.mark.parametrize("factor", [1e-4, 0.3, 7.0, 1e5])
def test_one_factor_is_a_direction_and_no_gradient(factor, witnesses):
    other = parse(f"loss = {factor} * half_square({DELTA})")
    assert witnesses.factor(DQN, other) == pytest.approx(factor)
    assert witnesses.difference(DQN, other, "direction") is None
    found = witnesses.difference(DQN, other, "gradient")
    assert found.size == pytest.approx(1 - min(factor, 1 / factor)) and len(found.batches) == len(witnesses.batches)


@pytest.mark.parametrize("name", ["dqn", "double_dqn", "mc_mix"])
def test_the_size_of_a_difference_is_that_of_pytorch(name):
    """The largest gap of any entry, as a share of the largest entry of its batch, batch by batch."""
    one, other = parse(known_losses()["dqn_huber"]), parse(known_losses()[name])
    sizes = []
    for batch in recorded(ENVS[:1]):
        mine, theirs = (evaluate_torchscript(graph, batch).grad for graph in (one, other))
        sizes.append(np.abs(mine - theirs).max() / max(np.abs(mine).max(), np.abs(theirs).max()))
    found = Witnesses(recorded(ENVS[:1])).difference(one, other, "gradient")
    assert found.size == pytest.approx(max(sizes), rel=1e-6) and sizes[found.batches[0]] == max(sizes)


def test_nothing_differs_on_nothing():
    assert Witnesses(()).difference(DQN, parse("loss = abs(q(online, s)[a])"), "direction") is None


def parted(count, witnesses):
    """Of so many random losses over all ops those that differ from their canonical form."""
    losses = [loss for ops in (3, 6, 9, 14) for loss in random_losses(count // 4, ops=ops, seed=ops)]
    return [loss for loss in losses if witnesses.difference(loss, canonical(loss), "gradient")]


def test_the_band_of_doubt_parts_no_loss_from_its_canonical_form(witnesses):
    assert parted(400, witnesses) == []


@pytest.mark.slow
def test_of_many_losses_hardly_any_is_parted_from_its_canonical_form(witnesses):
    """One in thousands is, and trains differently: `argmax(x - exp(y))` and `argmax(-exp(y))` where x swallows exp(y)."""
    assert len(parted(8000, witnesses)) <= 1
