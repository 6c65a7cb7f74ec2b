"""Values: numbers that are none, and lists that hold something twice."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rlsearch.space.kinds import LONGEST, Constant, Environments, OpName, Positive, Twice, at_most, once, same_number, whole


@pytest.mark.parametrize(("given", "meant"), [("1e4", 10_000), ("7", 7), (7, 7), ("1.5", "1.5"), ("x", "x"), ("inf", "inf")])
def test_whole_numbers_in_other_words(given, meant):
    assert whole(given) == meant


@pytest.mark.parametrize(("kind", "value"), [(Positive, True), (Constant, False), (Positive, 0), (Positive, 10**400)])
def test_what_is_no_such_number(kind, value):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_numbers_beyond_floats_are_not_finite():
    with pytest.raises(ValidationError, match="finite"):
        TypeAdapter(Constant).validate_python(-(10**400))


@given(st.lists(st.integers(0, 5) | st.sampled_from(["1", "2.0", 3.0, "x", None, math.nan])))
def test_only_the_first_of_equals_stays(items):
    marked = once(same_number).func(items)
    kept = [same_number(item) for item in marked if not isinstance(item, Twice)]
    assert kept == list(dict.fromkeys(map(same_number, items)))
    assert [item.item if isinstance(item, Twice) else item for item in marked] == items


def test_environments_are_the_same_by_what_they_mean():
    entries = ["Catch", {"env": "Catch"}, {"env": "Garnet", "states": [5, 5]}, {"states": "5", "env": "Garnet"}, "Garnet"]
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Environments).validate_python(entries)
    assert [found["loc"][0] for found in error.value.errors()] == [1, 3]


def test_long_lists_are_refused_before_their_items():
    assert at_most(2).func([1, 2]) == [1, 2]
    with pytest.raises(ValueError, match="must hold at most 2, not 3"):
        at_most(2).func([1, 2, 3])
    assert once().func(["x"] * (LONGEST + 1)) == ["x"] * (LONGEST + 1)


def test_a_family_is_an_op_name_too():
    assert TypeAdapter(OpName).validate_python("arithmetic") == "arithmetic"
