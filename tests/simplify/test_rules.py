"""The table of rules: each equation keeps value and gradient, is brought about by the canonical form, and by its own row."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rlsearch.graph.graph import Graph
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.simplify.normal_forms import NORMAL_FORMS
from rlsearch.simplify.refused import REFUSED
from rlsearch.simplify.rule import Phase, Rule
from rlsearch.simplify.rules import rules, rules_of, table
from tests.support.evaluate import by_tape, by_torch, random_batch, steady
from tests.support.rule_examples import EXAMPLES, examples, loss

BATCHES = [random_batch(actions, size=12, seed=seed) for actions in (2, 5) for seed in (0, 1)]
# Rows that say what an op is, where others say it too: the op becomes another one, or is decided.
OTHERS_TOO = {f"{rule.equation}" for op in ("relu", "clip", "stop", "greater", "where") for rule in rules_of(op)[:1]}
OTHERS_TOO |= {"stop(stop(a)) = stop(a)", "relu(relu(a)) = relu(a)", "stop(-a) = -stop(a)", "0 * a = 0"}
OTHERS_TOO |= {"one_hot(h, stop(W)) = one_hot(h, W)"}

every_rule = pytest.mark.parametrize("rule", [rule.equation for rule in rules()], indirect=True)


@pytest.fixture
def rule(request):
    """The row of today: a pack that another test uses makes the table anew."""
    return next(rule for rule in rules() if rule.equation == request.param)


def key(graph: Graph, without: Rule | None = None) -> str:
    rows = [rule for rule in rules() if without is None or rule.apply != without.apply]
    return structural_key(canonical(graph, table(rows)))


@every_rule
def test_both_sides_have_one_value_and_one_gradient(rule):
    seen = 0
    for number, (left, right) in enumerate(examples(rule)):
        for batch in BATCHES:
            ok = steady(left, batch) & steady(right, batch)
            seen += ok.sum()
            sides = [(by_tape(left, batch), by_tape(right, batch))]
            if number == 0:
                sides.append((by_torch(left, batch), by_torch(right, batch)))
            for one, other in sides:
                assert_allclose(one.value[ok], other.value[ok], rtol=1e-9, atol=1e-9)
                assert_allclose(one.grad[..., ok], other.grad[..., ok], rtol=1e-8, atol=1e-9)
    assert seen > 0.5 * EXAMPLES * 12 * len(BATCHES)


@every_rule
def test_both_sides_have_one_form(rule):
    for left, right in examples(rule):
        assert key(left) == key(right)


@every_rule
def test_no_row_is_there_for_nothing(rule):
    """Without it (and the rows of the same function) its own examples are told apart, unless other rows say it too."""
    told_apart = any(key(left, without=rule) != key(right, without=rule) for left, right in examples(rule))
    assert told_apart == (rule.equation not in OTHERS_TOO)


@every_rule
def test_a_row_is_stated_in_words(rule):
    assert rule.sides[0] != rule.sides[1]
    assert rule in rules_of(rule.op)
    for text in (rule.when, rule.differs):
        assert not text.endswith(".")


def test_labels_are_the_rows_of_normal_forms_which_are_tried_last():
    labels = [rule for rule in rules() if rule.phase == Phase.NORMAL_FORM]
    assert {rule.op for rule in labels} == set(NORMAL_FORMS)
    assert {rule.equation for rule in labels} == {r.equation for r in rules() if r.apply in NORMAL_FORMS.values()}
    for op, tried in table(rules()).items():
        own = [NORMAL_FORMS[op]] if op in NORMAL_FORMS else []
        assert [apply for apply in tried if apply in NORMAL_FORMS.values()] == own == list(tried)[len(tried) - len(own) :]


def test_every_op_but_networks_has_rules():
    assert {name for name in operations() if not rules_of(name)} <= {"q", "entropy"}
    assert rules_of("no_such_op") == ()


# Where the sides of a refused equation differ.
WITNESSES = {
    "a / a = 1": {"a": "1e-8 * Q"},
    "a / b * b = a": {"a": "Q", "b": "1e-8 * T"},
    "a / -b = -(a / b)": {"a": "Q", "b": "discount"},
    "a / (k * b) = 1 / k * (a / b)": {"a": "Q", "b": "1e-8 * T", "k": "1000"},
    "exp(log(a)) = a": {"a": "Q"},
    "log(exp(a)) = a": {"a": "100 * Q"},
    "exp(a) * exp(b) = exp(a + b)": {"a": "100 * Q", "b": "T - 100 * Q"},
    "log(a * b) = log(a) + log(b)": {"a": "1e-8 * Q", "b": "1000 * T"},
    "log(k * a) = log(k) + log(a)": {"a": "1e-8 * Q", "k": "1000"},
    "sqrt(a**2) = abs(a)": {"a": "1e-4 * Q"},
    "sign(a)**2 = 1": {"a": "discount * Q"},
    "where(a > b, c, d) = where(b > a, d, c)": {"a": "discount * Q", "b": "discount * r", "c": "Q", "d": "T"},
    "a > b = 1 - (b > a)": {"a": "discount * Q", "b": "discount * r"},
    "max(max(a, b), c) = max(a, max(b, c))": {"a": "Q", "b": "stop(Q)", "c": "stop(V)[a]"},
    "max(max(a, k), k) = max(a, k)": {"a": "Q - stop(Q)", "k": "0"},
    "max(a, min(a, b)) = a": {"a": "Q", "b": "stop(Q)"},
    "clip(a, k, m) = min(max(a, k), m)": {"a": "Q - stop(Q)", "k": "0", "m": "1"},
    "relu(a) = max(a, 0)": {"a": "Q - stop(Q)"},
    "abs(max(a, 0)) = max(a, 0)": {"a": "Q - stop(Q)"},
    "abs(a) * sign(a) = a": {"a": "Q - stop(Q)"},
    "where(a > b, a, b) = max(a, b)": {"a": "Q", "b": "stop(Q)"},
    "sqrt(a)**2 = max(a, 1e-6)": {"a": "Q - stop(Q) + 1e-6"},
    "stop(a) * b = a * b": {"a": "Q", "b": "Q"},
}


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.equation)
def test_what_is_refused_would_change_value_or_gradient(refused):
    letters = {letter: f"({text})" if letter not in "km" else text for letter, text in WITNESSES[refused.equation].items()}
    left, right = (loss(side, letters) for side in refused.equation.rsplit(" = ", 1))
    assert key(left) != key(right)
    batch = random_batch(2, size=40)
    one, other = by_tape(left, batch), by_tape(right, batch)
    differ = ~np.isclose(one.value, other.value) | ~np.isclose(one.grad, other.grad).all((0, 1))
    assert differ.mean() > 0.1
