"""Values: whole numbers in other words, and lists that hold something twice."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rlsearch.space.kinds import LONGEST_LIST, Duplicate, Environments, at_most, number_key, unique, whole


@pytest.mark.parametrize(("given", "meant"), [("1e4", 10_000), ("7", 7), (7, 7), ("1.5", "1.5"), ("x", "x"), ("inf", "inf")])
def test_whole_numbers_in_other_words(given, meant):
    assert whole(given) == meant


@given(st.lists(st.integers(0, 5) | st.sampled_from(["1", "2.0", 3.0, "x", None, math.nan])))
def test_only_the_first_of_equals_stays(items):
    marked = unique(number_key).func(items)
    kept = [number_key(item) for item in marked if not isinstance(item, Duplicate)]
    assert kept == list(dict.fromkeys(map(number_key, items)))
    assert [item.item if isinstance(item, Duplicate) else item for item in marked] == items


def test_environments_are_the_same_by_what_they_mean():
    entries = ["Catch", {"env": "Catch"}, {"env": "Garnet", "states": [5, 5]}, {"states": "5", "env": "Garnet"}, "Garnet"]
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Environments).validate_python(entries)
    assert [found["loc"][0] for found in error.value.errors()] == [1, 3]


def test_long_lists_are_refused_before_their_items():
    assert at_most(2).func([1, 2]) == [1, 2]
    with pytest.raises(ValueError, match="must hold at most 2, not 3"):
        at_most(2).func([1, 2, 3])
    assert unique().func(["x"] * (LONGEST_LIST + 1)) == ["x"] * (LONGEST_LIST + 1)
