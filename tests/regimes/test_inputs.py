"""What a loss may read: each input has a type, one sentence and a symbol."""

import pytest

from rlsearch.op import Type
from rlsearch.registry import known_inputs, operations


@pytest.mark.parametrize("name", known_inputs())
def test_an_input_says_what_it_is(name):
    given = known_inputs()[name]
    assert given.doc.endswith(".")
    assert given.latex and given.plain
    assert not given.mark or given.type == Type.NETWORK
    assert given.type in Type
    assert name not in operations(), "calls and names would read alike"


def test_symbols_are_distinct():
    for form in ("latex", "plain"):
        assert len({getattr(given, form) for given in known_inputs().values()}) == len(known_inputs())
    marks = [given.mark for given in known_inputs().values() if given.type == Type.NETWORK]
    assert len({*marks}) == len(marks)


def test_inputs_cannot_be_changed():
    with pytest.raises(TypeError):
        known_inputs()["mine"] = known_inputs()["r"]
