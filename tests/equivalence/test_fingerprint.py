"""When two losses count as the same, and when one cannot train anything."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rlsearch.equivalence.fingerprint import (
    BUCKET,
    NEAR,
    Classes,
    Fingerprint,
    _compass,
    fingerprint,
    same,
)
from rlsearch.equivalence.looks import FIRST, LOOKS, SIZES, draw_probe
from rlsearch.graph.text import parse
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.replay import REGIME
from rlsearch.simplify.canonical import canonical
from tests.support.strategies import coins, losses, rewritten

# What cannot be met together, besides a coincidence and its opposite.
IMPOSSIBLE = {
    *(("reward 0", "reward 1"), ("reward 0", "reward -1"), ("reward 1", "reward -1"), ("terminal", "discount 1")),
    *(("return 0", "no return"), ("always", "at random"), ("all equal", "not best twice"), ("all equal", "not greedy")),
    ("discounts equal", "not rewards equal"),
    *(
        (name, "all rewards 0")
        for name in ("reward 1", "reward -1", "not reward 0", "not n-step reward 0", "not rewards equal")
    ),
}
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
        ("where(d > 0, d, -d) * r", "where(-d < 0, d, -d) * r"),
        ("max(d, 1) + min(d, 1) + d**2", "d + d**2"),
        ("0.5 * d**2 + 0.1 * Q", "0.5 * (Q - (y - 0.1))**2"),  # DQNReg is a reward shift
        ("d**2 * (3 * r / r)", "3 * (d**2 * (r / r))"),
        ("mean(V) * r", "sum(V) / num_actions * r"),
        ("d**2 * mean_batch(progress)", "d**2 * progress"),
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
        # What environments produce with positive probability, and generic numbers never meet.
        ("d**2 * (r / r)", "d**2"),
        ("0.5 * sign(r)**2 * d**2", "0.5 * d**2"),
        ("d**2 * (r_n / r_n)", "d**2"),
        ("d**2 * (1 - has_return + has_return * sign(return_to_go)**2)", "d**2"),
        ("where(d > 0, d, -d)", "abs(d)"),  # d is 0 where a wall was hit just after a copy
        ("d**2 * greater(r, 0)", "d**2 * (1 - greater(-r, 0))"),
        ("d**2 * (discount / discount)", "d**2"),
        ("d**2 * where(discount < 1, 1, 2)", "d**2"),
        ("d**2 * where(discount > 0.995, 2, 1)", "d**2"),
        ("d**2 * where(abs(r - 1) > 0, 2, 1)", "d**2"),
        ("d**2 * where(progress < 1, 1, 2)", "d**2"),
        ("d**2 * where(progress > 0.01, 1, 2)", "d**2"),
        ("d**2 * where(behaviour_prob < 1, 1, 2)", "d**2"),
        ("max(V) - Q", "where(max(V) > Q, max(V), V[argmax(q(target, s))]) - Q"),
        ("max(V) * r", "V[argmax(V + 0 * q(target, s))] * r + where(std(V) > 0.000001, 0, 1) * Q"),
        ("d**2 * sign(max(q(target, s)) - max(q(online, s)))**2", "d**2"),  # 0 after every copy
        ("d**2 * sign(max(q(online, s_next)) - max(q(online, s)))**2", "d**2"),
        ("clip(d, -500, 500)**2", "d**2"),
        ("clip(d, -0.01, 0.01) * stop(d)", "clip(d, -0.02, 0.02) * stop(d)"),
        ("d**2 * greater(num_actions, 2)", "d**2 * greater(num_actions, 3)"),
        ("d**2 * greater(num_actions, 12)", "d**2 * greater(num_actions, 13)"),
        ("d**2 * greater(num_actions, 17)", "d**2 * greater(num_actions, 16)"),
        ("d**2 * greater(num_actions, 17)", "d**2 * greater(num_actions, 15)"),
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


def test_a_flaw_of_the_first_look_is_looked_at_again():
    """No batch of the first look has more than 5 actions."""
    for expression in ("d**2 * greater(num_actions, 12)", "Q + d**2 * greater(num_actions, 12)"):
        for equivalence in ("gradient", "direction"):
            assert of(expression, equivalence).flaw == ""
            assert alike(expression, f"2 * ({expression})", equivalence) == (equivalence == "direction")


def test_a_group_without_gradient_does_not_spoil_direction():
    """In the batches of small scales without ones among the rewards nothing is large, so a factor alone tells two apart."""
    expression = "where(abs(stop(V[a])) > 0.2, d**2, r)"
    assert alike(expression, f"1000 * {expression}", "direction")
    floors = of(expression).vector.tolist().count(-30.0)
    assert 1 <= floors < len(FIRST.scales)


def coincidences(drawn: Batch) -> dict[str, NDArray[np.bool_]]:
    """For each coincidence of trainings, the samples `[batches, B]` in which it is met."""
    columns, views = drawn.inputs, {view.name: values for view, values in drawn.views.items()}
    best = {name: values == values.max(0) for name, values in views.items()}
    by_a = {name: np.take_along_axis(values, columns["a"].astype(int)[None], 0)[0] for name, values in views.items()}
    found = {
        "reward 0": columns["r"] == 0,
        "reward 1": columns["r"] == 1,
        "reward -1": columns["r"] == -1,
        "n-step reward 0": columns["r_n"] == 0,
        "rewards equal": columns["r"] == columns["r_n"],
        "terminal": columns["discount"] == 0,
        "n-step terminal": columns["discount_n"] == 0,
        "discount 1": columns["discount"] == 1,
        "discounts equal": columns["discount"] == columns["discount_n"],
        "return 0": (columns["return_to_go"] == 0) & (columns["has_return"] == 1),
        "no return": columns["has_return"] == 0,
        "just after a copy": (views["q_online_s"] == views["q_target_s"]).all(0),
        "never copied": (views["q_target_s"] == views["q_target_old_s"]).all(0),
        "stood still": (views["q_online_s"] == views["q_online_s_next"]).all(0),
        "best twice": best["q_online_s"].sum(0) > 1,
        "next best twice": best["q_target_s_next"].sum(0) > 1,
        "all equal": best["q_online_s"].all(0),
        "all rewards 0": (columns["r"] == 0) & (columns["r_n"] == 0) & (columns["return_to_go"] == 0),
        "greedy": by_a["q_online_s"] == views["q_online_s"].max(0),
        "always": columns["behaviour_prob"] == 1,
        "at random": columns["behaviour_prob"] == 1 / drawn.sizes.actions,
    }
    return found | {"not " + name: ~where for name, where in found.items()}


def test_the_looks_hold_every_coincidence_of_trainings_alone_and_in_pairs():
    met: dict[str, list[NDArray[np.bool_]]] = {}
    for look in LOOKS[:3]:
        for sizes, drawn in zip(look.sizes, draw_probe(REGIME, look), strict=True):
            for name, where in coincidences(drawn).items():
                assert where.any(), (sizes, name)
                met.setdefault(name, []).append(where.ravel())
    together = {name: np.concatenate(where) for name, where in met.items()}
    missing = {pair for pair in combinations(together, 2) if not (together[pair[0]] & together[pair[1]]).any()}
    assert {frozenset(pair) for pair in missing} == {frozenset(pair) for pair in IMPOSSIBLE} | {
        frozenset({name, f"not {name}"}) for name in together if not name.startswith("not ")
    }


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_covers_what_a_trainer_meets(look):
    for sizes, drawn in zip(look.sizes, draw_probe(REGIME, look), strict=True):
        q = np.stack(list(drawn.views.values()))
        assert q.shape[1] == sizes.actions
        assert set(drawn.inputs["a"].ravel()) == set(range(sizes.actions)) or look is SIZES
        assert 2**-10 == drawn.inputs["progress"].min() < drawn.inputs["progress"].max() == 1
        assert (drawn.inputs["behaviour_prob"] > 0).all()
        assert np.ptp(drawn.inputs["progress"], axis=1).max() == 0
        spread = np.median(np.abs(q), axis=(0, 1, 3))
        np.testing.assert_allclose(spread / spread[1], np.array(look.scales) / look.scales[1], rtol=2.5)


def test_numbers_of_actions_from_2_to_18_are_all_looked_at():
    assert {sizes.actions for look in LOOKS for sizes in look.sizes} == {*range(2, 19)}


def test_progress_is_looked_at_closely():
    """The widest gap between two numbers of the first looks is the threshold that may be missed."""
    drawn = [batch.inputs["progress"][:, 0] for look in LOOKS[:3] for batch in draw_probe(REGIME, look)]
    assert np.diff(np.unique(np.concatenate(drawn))).max() < 0.08


@given(st.integers(0, 10_000))
def test_neighbours_are_found_across_the_borders_of_buckets(seed):
    rng, of_dqn = np.random.default_rng(seed), of("d**2")
    compass = _compass(of_dqn.vector.size)
    border = (rng.integers(-500, 500) + 0.5) * BUCKET
    vector = of_dqn.vector + compass * (border - of_dqn.vector @ compass) / (compass @ compass)
    noise = rng.uniform(-0.9, 0.9, vector.size) * NEAR
    far = vector + 2 * NEAR * (np.arange(vector.size) == 3)
    known, near, other = (replace(of_dqn, vector=each.astype(np.float32)) for each in (vector, vector + noise, far))
    classes = Classes()
    classes.add(known, 7)
    assert classes.find(known) == classes.find(near) == 7
    assert classes.find(other) is None


def test_a_bucket_is_wider_than_what_the_tolerance_moves():
    size = of("d**2").vector.size
    assert np.abs(_compass(size)).sum() * NEAR < BUCKET
