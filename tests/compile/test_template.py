"""How templates are read: nothing is assumed but what they show."""

import pytest

from rlsearch.compile.precedence import Binds, Start
from rlsearch.compile.template import read_template
from rlsearch.registry import operations


@pytest.mark.parametrize(
    ("text", "binds"),
    [
        ("({a})", Binds.ATOM),
        ("clip({a}, {low}, {high})", Binds.ATOM),
        ("({a})₊", Binds.ATOM),
        ("⟨{x}, {z}⟩", Binds.ATOM),
        ("|{a}|", Binds.ATOM),
        (r"\left\|{a}\right\|_{{2}}", Binds.ATOM),
        (r"\left\lfloor {a} \right\rfloor", Binds.ATOM),
        (r"\operatorname{{clip}}\left({a}, {b}\right)", Binds.ATOM),
        (r"\mathrm{{f}}_{{2}}\bigl({a}\bigr)", Binds.ATOM),
        (r"\sqrt{{{a}}}", Binds.ATOM),
        (r"\sqrt[3]{{{a}}}", Binds.ATOM),
        ("log|{a}|", Binds.APPLIED),
        (r"\log\left|{a}\right|", Binds.APPLIED),
        ("√({a})", Binds.APPLIED),
        (r"\frac{{{a}}}{{{b}}}", Binds.PRODUCT),
        ("|{a}|³", Binds.POWER),
        ("{a}²", Binds.POWER),
        (r"{a}^{{3}}", Binds.POWER),
        (r"{a}^{{{b}}}", Binds.POWER),
        ("{a}^{b}", Binds.POWER),
        ("e^{a}", Binds.POWER),
        (r"\tanh\left({a}\right)^{{2}}", Binds.POWER),
        ("max over a′ {x}", Binds.PREFIX),
        (r"\log\operatorname{{softmax}}_{{a'}} {x}", Binds.PREFIX),
        ("th ({a})", Binds.PREFIX),
        (r"\log{a}", Binds.PREFIX),
        ("−{a}", Binds.LOOSELY),
        ("-({a})", Binds.LOOSELY),
        ("2({a})", Binds.LOOSELY),
        ("1 − ({a})", Binds.LOOSELY),
        ("½ {a}²", Binds.LOOSELY),
        ("{a}!", Binds.LOOSELY),
        ("{a} {b}", Binds.LOOSELY),
        ("({a}) ({b})", Binds.LOOSELY),
        ("{a} + {b}", Binds.LOOSELY),
        ("{a}({b})", Binds.LOOSELY),
        ("f({a}) + 1", Binds.LOOSELY),
        ("log|{a}|²", Binds.LOOSELY),
        (r"{a} \cdot {b}", Binds.LOOSELY),
        ("{a}, {b}", Binds.LIST),
        ("{a} > {b}", Binds.LIST),
        ("{a} | {b}", Binds.LIST),
        (r"{a} \to {b}", Binds.LIST),
        (r"\left. {a} \right|_{{0}}", Binds.LIST),
        ("({a}", Binds.LIST),
        ("{a})", Binds.LIST),
        ("max. {a}", Binds.LIST),
    ],
)
def test_how_tightly_templates_bind(text, binds):
    assert read_template(text).binds == binds


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("f({a})", {"a": Binds.LOOSELY}),
        ("clip({a}, {low}, {high})", {"a": Binds.LOOSELY, "low": Binds.LOOSELY, "high": Binds.LOOSELY}),
        ("⟨{a} | {b}⟩", {"a": Binds.LOOSELY, "b": Binds.LOOSELY}),
        ("({a} ⊖ {b})", {"a": Binds.APPLIED, "b": Binds.APPLIED}),
        ("max over a′ {x}", {"x": Binds.APPLIED}),
        ("|{a}| {b}", {"a": Binds.LOOSELY, "b": Binds.APPLIED}),
        ("{a}({b})", {"a": Binds.ATOM, "b": Binds.LOOSELY}),
        ("({a}) {a}", {"a": Binds.APPLIED}),
        ("{a}!", {"a": Binds.ATOM}),
        ("{a}²", {"a": Binds.ATOM}),
        ("{a}^{b}", {"a": Binds.ATOM, "b": Binds.ATOM}),
        ("th{a}", {"a": Binds.BRACKETS}),
        ("√{a}", {"a": Binds.BRACKETS}),
        ("{a}th", {"a": Binds.BRACKETS}),
        (r"\frac{{{a}}}{{{b}}}", {"a": Binds.LOOSELY, "b": Binds.LOOSELY}),
        (r"\frac{{{a}^{{2}}}}{{2}}", {"a": Binds.ATOM}),
        (r"\operatorname{{f}} {{{a}}}", {"a": Binds.APPLIED}),
        (r"x_{{{a}}}", {"a": Binds.LOOSELY}),
    ],
)
def test_what_holes_need(text, needs):
    assert {name: hole.needs for name, hole in read_template(text).holes.items()} == needs


@pytest.mark.parametrize(
    ("text", "numeric", "grouped"),
    [
        ("{a} {b}", {"a": False, "b": False}, False),
        ("2 {a}", {"a": False}, False),
        ("th {a}", {"a": True}, False),
        ("{a} ⊖ {b}", {"a": True, "b": True}, False),
        (r"\sqrt{a}", {"a": True}, True),
        (r"\cdot{a}", {"a": True}, True),
        (r"\cdot{{{a}}}", {"a": True}, False),
        (r"\,{a}", {"a": True}, False),
    ],
)
def test_numbers_and_braces(text, numeric, grouped):
    found = read_template(text).holes
    assert {name: hole.numeric for name, hole in found.items()} == numeric
    assert all(hole.grouped == grouped for hole in found.values())


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("{a} + {b}", "a", "b"),
        ("max over a′ {x}", "", "x"),
        ("½ {a}²", "", ""),
        ("|{a}| {b}", "", "b"),
        (r"{a}^{{2}}", "a", ""),
        ("({a}) {a}", "", "a"),
    ],
)
def test_ends(text, first, last):
    found = read_template(text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("−{a}", Start.SIGN),
        ("-{a}", Start.SIGN),
        ("½ {a}²", Start.NUMBER),
        (r"\tfrac{{1}}{{2}} {a}^{{2}}", Start.NUMBER),
        ("2 {a}", Start.NUMBER),
        ("({a})₊", Start.BRACKETS),
        ("({a})", Start.OTHER),
        ("tanh({a})", Start.OTHER),
        ("{a} − {b}", Start.OTHER),
    ],
)
def test_starts(text, start):
    assert read_template(text).start == start


@pytest.mark.parametrize("facet", ["latex", "plain_template"])
def test_most_ops_say_how_they_are_read(facet):
    """All but arithmetic, a comparison and a choice, which the table of precedences has."""
    unsure = {name for name, op in operations().items() if not op.external and not read_template(getattr(op, facet)).sure} - {
        "select"
    }
    assert unsure == {"add", "sub", "mul", "neg", "half_square", "greater", "where"} | ({"div"} if facet != "latex" else set())
    assert all(operations()[name].elementwise for name in unsure)
