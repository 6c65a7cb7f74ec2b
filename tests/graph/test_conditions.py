"""Conditions of others: each is what Python says of numbers, at ties as elsewhere, as a number and as a choice."""

import ast
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.graph.conditions import is_condition, joined
from rlsearch.graph.text import parse, print_graph
from tests.support.evaluate import at

POINTS = tuple(product((-1.0, 0.0, 0.5), repeat=2))
CONDITIONS = (
    *(f"x {sign} z" for sign in (">", "<", ">=", "<=", "==", "!=")),
    *("x > 0 and z > 0", "x > 0 or z > 0", "not x > z", "not (x >= 0 and z == 0)", "x >= 0 and z >= 0 and x != z"),
    *("0 < x < 1", "0 <= x <= z", "z > x > -1 > -2", "(x > 0) & (z > 0)", "(x >= 0) | (z == 0)"),
)


def in_python(condition: str, x: float, z: float) -> float:
    return float(eval(condition, {}, {"x": x, "z": z}))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_one_where_it_holds(condition):
    value, dx, dz = at(f"({condition}) + 0 * x", *POINTS)
    assert value == [in_python(condition, *point) for point in POINTS]
    assert {*dx, *dz} == {0}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("form", ["where({}, 2 * x, 3 * z)", "2 * x if {} else 3 * z", "torch.where({}, 2 * x, 3 * z)"])
def test_a_choice_takes_the_branch_that_holds(condition, form):
    holds = [in_python(condition, *point) for point in POINTS]
    value, dx, dz = at(form.format(condition), *POINTS)
    assert value == [2 * x if yes else 3 * z for yes, (x, z) in zip(holds, POINTS, strict=True)]
    assert (dx, dz) == ([2 * yes for yes in holds], [3 * (1 - yes) for yes in holds])


BOOLEANS = st.recursive(
    st.sampled_from(["x > z", "x <= 0", "z == 0", "x != z", "-1 < x <= 0"]),
    lambda deeper: (
        st.tuples(deeper, deeper).map(lambda two: f"({two[0]}) and ({two[1]})")
        | st.tuples(deeper, deeper).map(lambda two: f"({two[0]}) or ({two[1]})")
        | deeper.map(lambda one: f"not ({one})")
    ),
    max_leaves=4,
)


@given(BOOLEANS)
def test_conditions_of_conditions(condition):
    value, _, _ = at(f"where({condition}, 1, 2) + 0 * x", *POINTS)
    assert value == [1 if in_python(condition, *point) else 2 for point in POINTS]


def test_a_comparison_of_ours_stays_one_op():
    for text in ("where(r >= 0, q(online, s)[a], r)", "q(online, s)[a] if r >= 0 else r"):
        assert print_graph(parse(text)) == "loss = where(0 > r, r, q(online, s)[a])"


@pytest.mark.parametrize(
    ("text", "found"), [("x > y", True), ("not x > y", True), ("x in y", False), ("x and y > 0", False), ("x", False)]
)
def test_what_a_condition_is(text, found):
    at_ = ast.parse(text, mode="eval").body
    assert is_condition(at_) is found and (joined(at_) is None) is (" and " not in text and "not" not in text)
