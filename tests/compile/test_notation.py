"""The signs of templates, as a reader sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.compile.notation import items_of


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("{a} + {b}", "H S H"),
        ("clip({a}, {low}, {high})", "WG"),
        ("max over a′ {x}", "W W WD H"),
        ("mean_B {x}", "W H"),
        ("½ {a}²", "N HP"),
        ("√({a})", "VG"),
        ("log|{a}|", "WB"),
        ("|{a}|₁", "BD"),
        ("{a} | {b}", "H C H"),
        ("[{a}, {b})", "G"),
        (r"\left({a}\right)_{{+}}", "GD"),
        (r"\left\langle {x}, {z} \right\rangle", "G"),
        (r"\log\left|{a}\right|", "WB"),
        (r"\max_{{a'}} {x}", "WD H"),
        (r"\frac{{{a}}}{{{b}}}", "F"),
        (r"\tfrac{{1}}{{2}} {a}^{{2}}", "F HP"),
        (r"\sqrt[3]{{{a}}}", "R"),
        (r"{a} \, {b}", "H   H"),
        (r"\bar{{{a}}}", "CH"),
        (r"\text{{if }} {a}", "W H"),
    ],
)
def test_codes(template, codes):
    assert "".join(item.code for item in items_of(template)) == codes


@given(
    st.lists(st.sampled_from([*"(){}[]|^_x2-+ ,", r"\left(", r"\right)", r"\frac", r"\sqrt", r"\text", "{hole}"]), max_size=12)
)
def test_every_template_is_read_and_no_hole_is_lost(parts):
    template = "".join(part if part == "{hole}" else part.replace("{", "{{").replace("}", "}}") for part in parts)

    def holes(items):
        return sum(item.code == "H" or holes(item.inner) for item in items)

    assert holes(items_of(template)) == parts.count("{hole}")
