"""An op whose facets are missing or do not fit together is refused where it is declared, by name."""

import re

import pytest

from rlsearch.errors import OpError
from rlsearch.op import Op, Spelling, Type
from rlsearch.registry import operations

SOFTSIGN = {
    "name": "softsign",
    "args": ("a",),
    "doc": "The argument over one plus its size.",
    "torch": "a / (1 + torch.abs(a))",
    "numpy": "a / (1 + abs(a))",
    "partials": ("1 / (1 + abs(a)) / (1 + abs(a))",),
    "sympy": "a / (1 + Abs(a))",
    "latex": r"\operatorname{{softsign}}\left({a}\right)",
    "source": "elementary",
    "domain": ((-3.0, 3.0),),
}


def nothing(regs, x, y, actions) -> None:
    """A kernel's shape."""


OVER = SOFTSIGN | {"name": "over", "signature": "Vector -> Real", "numpy": "sum(a, 0)", "partials": ("g + 0 * a",)}
OVER |= {"sympy": "Add(*a)", "forward": nothing, "backward": nothing}
PAIR = SOFTSIGN | {"args": ("a", "b"), "torch": "a + b", "numpy": "a + b", "sympy": "a + b", "latex": "{a} + {b}"}
PAIR |= {"partials": ("1", "1"), "domain": ((-1.0, 1.0),) * 2}


def test_how_an_op_is_written_is_no_facet():
    told = {"spellings": (Spelling("soft_sign(x)", "softsign(x)"),), "otherwise": "a"}
    plain, said = Op(**SOFTSIGN), Op(**SOFTSIGN, **told)
    assert plain.facets() == said.facets() and plain.digest == said.digest


@pytest.mark.parametrize(
    "told", [{"spellings": Spelling("f(x)", "g(x)")}, {"spellings": (Spelling("f(x", "g(x)"),)}, {"otherwise": ")"}]
)
def test_spellings_that_cannot_be_read_are_refused(told):
    with pytest.raises(OpError, match="op 'softsign': spellings"):
        Op(**SOFTSIGN, **told)


def test_a_whole_op_is_taken():
    assert Op(**SOFTSIGN).result_type((Type.VECTOR,)) == Type.VECTOR
    assert Op(**OVER).result_type((Type.SIMPLEX,)) == Type.REAL
    assert Op(**PAIR, commutes=True, identity=0.0).elementwise


def test_ops_are_equal_as_objects_and_alike_by_digest():
    one, same, other = Op(**OVER), Op(**OVER), Op(**OVER | {"latex": "{a}"})
    assert one != same and len({one, same, one}) == 2
    assert one.digest == same.digest != other.digest


def test_the_call_stands_in_for_a_plain_formula():
    assert Op(**PAIR).plain_template == "softsign({a}, {b})"
    assert Op(**PAIR, plain="{a} ± {b}").plain_template == "{a} ± {b}"


@pytest.mark.parametrize("facet", sorted(SOFTSIGN))
def test_no_facet_has_a_default(facet):
    with pytest.raises(TypeError, match=facet):
        Op(**{key: value for key, value in SOFTSIGN.items() if key != facet})


@pytest.mark.parametrize(
    ("base", "changes", "message"),
    [
        (SOFTSIGN, {"name": "soft sign"}, "the name is not an identifier"),
        *(
            (SOFTSIGN, {facet: ""}, f"facet '{facet}' is missing")
            for facet in ("doc", "torch", "numpy", "sympy", "latex", "source")
        ),
        (SOFTSIGN, {"partials": ()}, "0 partials for 1 arguments ('a',)"),
        (SOFTSIGN, {"domain": ((0.0, 1.0),) * 2}, "2 domain for 1 arguments"),
        (SOFTSIGN, {"doc": "No full stop"}, "doc is one sentence"),
        *((SOFTSIGN, {facet: "a +"}, f"facet '{facet}' is not an expression: a +") for facet in ("torch", "numpy", "sympy")),
        (SOFTSIGN, {"partials": ("1 +",)}, "facet 'partials' is not an expression"),
        *((SOFTSIGN, {facet: "1"}, f"facet '{facet}' never reads ['a']") for facet in ("torch", "numpy", "sympy")),
        (SOFTSIGN, {"torch": "F.softsign(a)"}, "facet 'torch' uses the unknown ['F']; allowed: a, torch"),
        (SOFTSIGN, {"numpy": "softsign(a)"}, "facet 'numpy' uses the unknown ['softsign']; allowed: a, exp, log"),
        (SOFTSIGN, {"numpy": "cumsum(a)"}, "facet 'numpy' uses the unknown ['cumsum']"),  # for arrays over actions only
        (SOFTSIGN, {"numpy": "a / (1 + abs(y))"}, "facet 'numpy' uses the unknown ['y']"),
        (SOFTSIGN, {"partials": ("g * y",)}, "facet 'partials' uses the unknown ['g']"),
        (SOFTSIGN, {"partials": ("1 / (1 + abs(b))",)}, "facet 'partials' uses the unknown ['b']"),
        (SOFTSIGN, {"sympy": "a / (1 + abs(a))"}, "facet 'sympy' uses the unknown ['abs']"),
        (SOFTSIGN, {"latex": r"\operatorname{softsign} {a}"}, "facet 'latex' has holes ['a', 'softsign']"),
        (SOFTSIGN, {"latex": "{"}, "facet 'latex' is not a template"),
        (SOFTSIGN, {"latex": "x"}, "facet 'latex' has holes []; wanted: ('a',)"),
        (SOFTSIGN, {"plain": "softsign {b}"}, "facet 'plain' has holes ['b']; wanted: ('a',)"),
        (SOFTSIGN, {"plain": "{a"}, "facet 'plain' is not a template"),
        (SOFTSIGN, {"forward": nothing}, "other ops need none"),
        (OVER, {"forward": None}, "an op over actions needs a forward kernel"),
        (OVER, {"backward": None}, "and a backward one if it has a derivative"),
        (OVER, {"partials": (None,)}, "and a backward one if it has a derivative"),
        (OVER, {"signature": "Vektor -> Real"}, "signature 'Vektor -> Real' is not like"),
        (OVER, {"signature": "Vector"}, "is not like 'Vector, Action -> Real'"),
        (OVER, {"signature": "Vector, Action -> Real"}, "signature 'Vector, Action -> Real' for 1 arguments"),
        (SOFTSIGN, {"commutes": True}, "only an op of two arguments commutes"),
        (SOFTSIGN, {"identity": 0.0}, "only an op of two arguments commutes"),
        (PAIR, {"even": True}, "only an op of one argument is even, odd or a projection"),
        (PAIR, {"odd": True}, "only an op of one argument is even, odd or a projection"),
        (PAIR, {"literals": ("low",)}, "literals ('low',) are not all among the arguments"),
    ],
)
def test_a_wrong_facet_is_refused_by_name(base, changes, message):
    fields = base | changes
    with pytest.raises(OpError, match=re.escape(message)) as error:
        Op(**fields)
    assert f"op '{fields['name']}'" in str(error.value)


def test_literals_take_numbers_only():
    clip = operations()["clip"]
    assert clip.result_type((Type.REAL, Type.CONSTANT, Type.CONSTANT)) == Type.REAL
    assert clip.result_type((Type.VECTOR, Type.CONSTANT, Type.CONSTANT)) == Type.VECTOR
    assert clip.result_type((Type.REAL, Type.REAL, Type.CONSTANT)) is None
    assert clip.result_type((Type.REAL,)) is None
    assert clip.result_type((Type.ACTION, Type.CONSTANT, Type.CONSTANT)) is None
