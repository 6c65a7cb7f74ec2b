"""YAML is read with its lines, and whatever is odd about it is one clear error."""

import pytest

from rlsearch.errors import SpaceError
from rlsearch.space.reading import read_yaml


def test_values_and_lines():
    values, lines = read_yaml("# a comment\na: 1\n\nb:\n  c: [2,\n    3]\n  d: |\n    x\n    y\ne: {f: 4}\n", "here")
    assert values == {"a": 1, "b": {"c": [2, 3], "d": "x\ny\n"}, "e": {"f": 4}}
    assert lines == {
        ("a",): 2,
        ("b",): 4,
        ("b", "c"): 5,
        ("b", "c", 0): 5,
        ("b", "c", 1): 6,
        ("b", "d"): 7,
        ("e",): 10,
        ("e", "f"): 10,
    }


ODD = {
    "a: 1\n\tb: 2": "line 2, column 1: not YAML: found character '\\t'",
    "a: [1": "line 1, column 6: not YAML: ",
    "a: 1\nb: {c: 1, c: 2}": "line 2: key 'c' stands twice; delete one",
    "a: 1\nb: 2\na: 3": "line 3: key 'a' stands twice; delete one",
    "a: &x 1\nb: *x": "line 2: YAML aliases (*name) are not allowed; write the value out",
    "a: !!timestamp foo": "line 1: YAML tags (!name) are not allowed; delete it",
    "a: !!python/object/apply:os.system [ls]": "YAML tags (!name) are not allowed",
    "? [a, b]\n: c": "not YAML: found unhashable key",
    "- a": "a search space is a mapping of keys; begin with 'inputs:', 'ops:' and 'rungs:'",
    "": "a search space is a mapping of keys",
    "just words": "a search space is a mapping of keys",
    "a: 1\n---\nb: 2": "line 2, column 1: not YAML: but found another document",
    "a: 2020-13-45": "not readable as YAML: month must be in 1..12",
    "a: " + "9" * 5000: "not readable as YAML: Exceeds the limit",
    "a: " + "[" * 1500: "not readable as YAML: maximum recursion depth",
    "a: \0": "not YAML: unacceptable character #x0000",
}


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:20]))
def test_odd_yaml(text):
    with pytest.raises(SpaceError) as error:
        read_yaml(text, "here.yaml")
    assert str(error.value).startswith("here.yaml: ")
    assert ODD[text] in str(error.value)
