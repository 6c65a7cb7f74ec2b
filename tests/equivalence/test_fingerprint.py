"""When two losses count as the same, and when one cannot train anything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.equivalence.fingerprint import (
    BUCKET,
    SCALES,
    SIZES,
    TOLERANCE,
    Classes,
    Fingerprint,
    _compass,
    fingerprint,
    probe_batch,
    same,
)
from rlsearch.graph.text import parse
from rlsearch.regimes.replay import REGIME
from rlsearch.simplify.canonical import canonical
from tests.support.strategies import coins, losses, rewritten

NAMES = """\
V = q(online, s)
Q = V[a]
T = max(q(target, s_next))
y = r + discount * T
d = Q - y
loss = """


def of(expression: str, equivalence: str = "gradient") -> Fingerprint:
    return fingerprint(parse(NAMES + expression), equivalence)


def kind(flaw: str) -> str:
    """A flaw but for the op that is named: another way of writing a loss has other ops."""
    return flaw.partition(":")[0]


def alike(one: str, other: str, equivalence: str) -> bool:
    prints = of(one, equivalence), of(other, equivalence)
    assert not any(print_.flaw for print_ in prints)
    return same(*prints)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5 * d**2", "half_square(y - Q)"),
        ("d**2 + log(r)", "d**2"),  # the value differs, what is learnt does not
        ("d * stop(d)", "0.5 * d**2"),
        ("Q**2 - 2 * Q * y", "d**2"),
        ("where(d > 0, d, -d)", "abs(d)"),
        ("max(d, 1) + min(d, 1) + d**2", "d + d**2"),
        ("0.5 * d**2 + 0.1 * Q", "0.5 * (Q - (y - 0.1))**2"),  # DQNReg is a reward shift
        ("d**2 * (r / r)", "d**2"),
    ],
)
def test_equal_gradients_are_one_class(one, other):
    for equivalence in ("gradient", "direction"):
        assert alike(one, other, equivalence)


@pytest.mark.parametrize("factor", ["2", "0.001", "1000", "num_actions / num_actions * 3"])
@pytest.mark.parametrize("expression", ["d**2", "Q * greater(r, 5)", "abs(d) + 0.1 * Q"])
def test_a_positive_factor_matters_to_the_gradient_only(expression, factor):
    assert alike(expression, f"{factor} * ({expression})", "direction")
    assert not alike(expression, f"{factor} * ({expression})", "gradient")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("d**2", "-d**2"),
        ("d**2", "abs(d)"),
        ("d**2", "huber(d)"),
        ("d**2", "d**2 + 0.01 * Q"),
        ("d**2", "(Q - r)**2"),
        ("d**2", "(Q - (r + 0.99 * discount * T))**2"),
        ("d**2", "(Q - (r + discount * max(q(online, s_next))))**2"),  # gradient into s_next as well
        ("d**2", "num_actions * d**2"),  # equal for any one number of actions, yet not a factor
        ("logsumexp(V) - Q", "max(V) - Q"),
        ("max(V) * r", "mean(V) * r"),
        ("d**2 * 0.5", "d**2 * abs(r)"),
    ],
)
@pytest.mark.parametrize("equivalence", ["gradient", "direction"])
def test_different_gradients_are_different_classes(one, other, equivalence):
    assert not alike(one, other, equivalence)


@given(losses(), coins, st.sampled_from(["gradient", "direction"]))
def test_rewriting_keeps_the_class(graph, written, equivalence):
    mine = fingerprint(graph, equivalence)
    theirs = fingerprint(rewritten(graph, written), equivalence)
    assert kind(mine.flaw) == kind(theirs.flaw)
    assert mine.flaw or same(mine, theirs)


@given(losses(ops=("add", "sub", "mul", "neg", "square", "half_square", "abs", "tanh", "minimum", "max", "softmax", "dot")))
def test_canonical_form_keeps_the_class(graph):
    mine, theirs = fingerprint(graph, "gradient"), fingerprint(canonical(graph), "gradient")
    assert kind(mine.flaw) == kind(theirs.flaw)
    assert mine.flaw or same(mine, theirs)


@pytest.mark.parametrize(
    ("expression", "flaw"),
    [
        ("Q - Q", "gradient is zero"),
        ("Q * 0", "gradient is zero"),
        ("sum(softmax(V))", "gradient is zero"),
        ("1e-13 * Q", "gradient is zero"),
        ("Q", "gradient is constant"),
        ("r - 3 * Q", "gradient is constant"),
        ("sum(V)", "gradient is constant"),
        ("mean(V) + y", "gradient is constant"),
        (
            "Q * 1e30 * 1e30 * (d * 1e30)**2 * 1e30 * (1e30 * T)**2 * (1e30 * r)**2 * (1e30 * r)**2",
            "gradient is not finite: mul",
        ),
        (f"Q * {'square(' * 6}exp(100 * r){')' * 6}", "gradient is not finite: square"),
        # Q shrinks by as much as the rewards grow: their product is finite, and its derivative is not.
        ("(((1e-30*Q)*1e-30)*1e-30*1e-30*1e-30)" + "*(1e30*r)" * 12, "gradient is not finite: derivative of mul"),
        (f"minimum({'square(' * 6}exp(100 * r){')' * 6}, 3) * Q", ""),  # infinite, but cut off
        ("Q * r", ""),
        ("max(V)", "gradient is constant"),
        ("Q - mean(V)", "gradient is constant"),  # and its sum over actions is zero
        ("max(V) - Q", ""),
        ("d**2", ""),
    ],
)
def test_flaws(expression, flaw):
    for equivalence in ("gradient", "direction"):
        assert of(expression, equivalence).flaw == flaw


def test_a_group_without_gradient_does_not_spoil_direction():
    """In the batch of the smallest scale nothing exceeds 0.2, so only a factor tells these two apart."""
    expression = "where(abs(d) > 0.2, d**2, r)"
    assert alike(expression, f"1000 * {expression}", "direction")
    assert of(expression).vector.tolist().count(-30.0) == 1


def test_probe_covers_what_a_trainer_meets():
    for sizes in SIZES:
        drawn = probe_batch(REGIME, sizes)
        q = np.stack(list(drawn.views.values()))
        assert q.shape[1] == sizes.actions
        assert set(drawn.inputs["a"].ravel()) == set(range(sizes.actions))
        for reward in ("r", "r_n", "return_to_go"):
            assert (drawn.inputs[reward] > 0).any(1).all() and (drawn.inputs[reward] < 0).any(1).all()
        for discount in ("discount", "discount_n"):
            assert (drawn.inputs[discount] == 0).any(1).all() and (drawn.inputs[discount] <= 1).all()
        assert ((drawn.inputs["has_return"] == 1) == (drawn.inputs["return_to_go"] != 0)).all()
        assert len(np.unique(drawn.inputs["progress"])) == len(SCALES)
        assert (drawn.inputs["behaviour_prob"] > 0).all()
        assert len(np.unique(q)) == q.size, "ties"
        spread = np.abs(q).mean((0, 1, 3))
        np.testing.assert_allclose(spread / spread[2], np.array(SCALES) / SCALES[2], rtol=0.3)


@given(st.integers(0, 10_000))
def test_neighbours_are_found_across_the_borders_of_buckets(seed):
    rng = np.random.default_rng(seed)
    vector = of("d**2").vector.astype(np.float64)
    border = (rng.integers(-500, 500) + 0.5) * BUCKET
    known = Fingerprint(vector.astype(np.float32), border - 1e-9)
    near = Fingerprint((vector + rng.uniform(-0.9, 0.9, vector.size) * TOLERANCE).astype(np.float32), border + 1e-9)
    far = Fingerprint((vector + 2 * TOLERANCE * (np.arange(vector.size) == 3)).astype(np.float32), border + 1e-9)
    classes = Classes()
    classes.add(known, 7)
    assert classes.find(known) == classes.find(near) == 7
    assert classes.find(far) is None


def test_a_bucket_is_wider_than_what_the_tolerance_moves():
    size = of("d**2").vector.size
    assert np.abs(_compass(size)).sum() * TOLERANCE < BUCKET
