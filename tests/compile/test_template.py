"""Where the holes of a template stand."""

import pytest

from rlsearch.compile.precedence import Start
from rlsearch.compile.template import read_template


@pytest.mark.parametrize(
    ("text", "enclosed", "first", "last"),
    [
        ("{a} + {b}", "", "a", "b"),
        ("clip({a}, {low}, {high})", "a low high", None, None),
        ("max over a′ {x}", "", None, "x"),
        ("½ {a}²", "", None, None),
        ("log|{a}|", "a", None, None),
        ("⟨{x}, {z}⟩", "x z", None, None),
        ("|{a}| {b}", "a", None, "b"),
        ("{a}({b})", "b", "a", None),
        (r"\frac{{{a}}}{{{b}}}", "a b", None, None),
        (r"\left\langle {x}, {z} \right\rangle", "x z", None, None),
        (r"\log\left|{a}\right|", "a", None, None),
        (r"\max_{{a'}} {x}", "", None, "x"),
        (r"{a}^{{2}}", "", "a", None),
        ("({a}) {a}", "", None, "a"),
    ],
)
def test_holes(text, enclosed, first, last):
    found = read_template(text)
    assert (found.enclosed, found.first, found.last) == (set(enclosed.split()), first, last)
    assert found.closed == (text.count("{a}") < 2 and bool(enclosed) and not (first or last))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("−{a}", Start.SIGN),
        ("-{a}", Start.SIGN),
        ("½ {a}²", Start.NUMBER),
        (r"\tfrac{{1}}{{2}} {a}^{{2}}", Start.NUMBER),
        ("2 {a}", Start.NUMBER),
        ("tanh({a})", Start.OTHER),
        ("{a} − {b}", Start.OTHER),
    ],
)
def test_starts(text, start):
    assert read_template(text).start == start
