"""Ops that are wrong in one facet: each is refused, and the facet named."""

import re

import pytest

from rlsearch.errors import OpError
from rlsearch.facets.problems import problems, refuse_wrong
from rlsearch.registry import operations, packs, use_primitives
from tests.support.packs import SCALED, SPREAD, variant, written

WRONG = {
    "a wrong derivative": (
        "tanh",
        {"partials": ("1 - y",)},
        r"'partials' by 'a' gives .+, autograd of 'torch' .+, diff",
    ),
    "the other argument's": ("sub", {"partials": ("1", "1")}, r"'partials' by 'b' gives .+, autograd of 'torch' -"),
    "a derivative left out": ("tanh", {"partials": (None,)}, r"'partials' by 'a' is None, but autograd of 'torch' gives"),
    "a derivative of nothing": (
        "sign",
        {"partials": ("0 * a",)},
        r"'partials' by 'a' is 0 everywhere .+; write None",
    ),
    "a derivative that raises": ("tanh", {"partials": ("exp()",)}, r"'partials': TypeError"),
    "straight through": (
        "sign",
        {"torch": "torch.sign(a) + a - a.detach()", "partials": ("1 + 0 * a",)},
        r"'partials' by 'a' gives .+, as autograd does, but differences of 'numpy' 0",
    ),
    "a derivative over the batch": ("mean_batch", {"partials": ("g",)}, r"'partials' by 'x' gives .+, autograd of 'torch'"),
    "a derivative without g": ("max", {"partials": ("1.0 * (x == max(x, 0))",)}, r"'partials' by 'x' gives .+, autograd"),
    "a batch of batches": (
        "mean_batch",
        {"numpy": "sum(x) / len(x) + 0 * x"},
        r"'numpy' (takes|for) samples of shape \[3, 4\]",
    ),
    "mostly kinks": ("relu", {"domain": ((-1e-9, 1e-9),)}, r"only \d+% of the domain is smooth; narrow the domain"),
    "another value in numpy": ("tanh", {"numpy": "tanh(1.001 * a)"}, r"'numpy' and 'torch' differ: "),
    "another value of vectors": ("sub", {"torch": "a - b.mean()"}, r"'numpy' and 'torch' differ"),
    "torch that does not compile": ("tanh", {"torch": "torch.nope(a)"}, r"'torch': RuntimeError"),
    "numpy that raises": ("tanh", {"numpy": "tanh(a, a, a, a)"}, r"'numpy': TypeError"),
    "not finite": (
        "log",
        {"numpy": "log(a)", "torch": "torch.log(a)", "domain": ((-1, 1),)},
        r"'numpy' gives nan ",
    ),
    "no kernel": ("tanh", {"numpy": "tanh(a).astype(a.dtype)"}, r"'numpy' and 'partials' are not what numba can compile: "),
    "too large for float32": (
        "neg",
        {"numpy": "-log(exp(40 * a) + 1) / 40", "domain": ((1, 3),)},
        r"'numpy' gives .+ in numba and float32, NumPy",
    ),
    "a slope at 0": (
        "abs",
        {"partials": ("where(a >= 0, 1, -1)",)},
        r"'partials' and autograd .+ differ where a = -?0: .+ and -?0$",
    ),
    "a tie": (
        "maximum",
        {"partials": ("where(a >= b, 1, 0)", "where(b > a, 1, 0)")},
        r"'partials' and autograd of 'torch' differ where a = (.+); b = \1: .+",
    ),
    "another guard": (
        "log",
        {"numpy": "log(maximum(abs(a), 1e-7))"},
        r"'numpy' and 'torch' differ where a = .+: -.+ and -1.+",
    ),
    "a cut in float64 alone": (
        "exp",
        {"torch": "torch.exp(a)", "numpy": "exp(a)", "partials": ("y",)},
        r"numba and float32 and NumPy differ where a = 300: inf and 1.+e\+130",
    ),
    "the last of the best": (
        "max",
        {"partials": ("g * (x == max(x, 0))",)},
        r"'partials' and autograd of 'torch' differ where x = ",
    ),
    "another formula": ("tanh", {"sympy": "tanh(2 * a)"}, r"'sympy' and 'numpy' differ: "),
    "a formula that raises": ("tanh", {"sympy": "Piecewise(a)"}, r"'sympy': "),
    "samples first": (
        "max",
        {"numpy": "max(x, -2)"},
        r"'numpy' (takes|for) samples of shape \[3, 4\]",
    ),
    "no formula": ("tanh", {"latex": "\\left({a}"}, r"'latex': "),
    "no plain formula": ("tanh", {"plain": "{a:d}"}, r"'plain': "),
    "a symbol": ("sub", {"symbol": "@"}, r"'name' and 'symbol': its text .+ @ .+ does not read back"),
    "a keyword": ("tanh", {"name": "lambda"}, r"'name' and 'symbol': its text .+ does not read back"),
    "an input's name": ("tanh", {"name": "discount"}, r"the name is that of an input; choose another"),
    "numpy of another shape": (
        "max",
        {"numpy": "x - max(x, 0)"},
        r"'numpy' gives \[3, 12\] for 3 actions and 12 samples",
    ),
    "torch of another shape": ("tanh", {"torch": "torch.tanh(a).unsqueeze(-1)"}, r"'torch' makes a loss \[8, 8\] of 8 samples"),
    "nothing but literals": ("tanh", {"literals": ("a",)}, r"'literals' holds every argument"),
    "no domain": ("tanh", {"domain": ((1, 1),)}, r"'domain' of 'a' is \(1, 1\)"),
    "no probabilities": (
        "log_softmax",
        {"signature": "Vector -> Simplex"},
        r"'signature' says Simplex, but of 5 values",
    ),
    "a network": ("q", {}, r"'external' is for what the trainer computes"),
    "it commutes": ("sub", {"commutes": True}, r"'commutes' is True, which does not hold"),
    "it associates": ("sub", {"associates": True}, r"'associates' is True, which does not hold"),
    "it is idempotent": ("add", {"idempotent": True}, r"'idempotent' is True, which does not hold"),
    "it has an identity": ("mul", {"identity": 0.5}, r"'identity' is 0.5, which does not hold"),
    "it is even": ("tanh", {"even": True}, r"'even' is True, which does not hold"),
    "it is a projection": ("tanh", {"projection": True}, r"'projection' is True, which does not hold"),
}


@pytest.mark.usefixtures("no_packs")
@pytest.mark.parametrize(("base", "changes", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_facet_is_named(tmp_path, base, changes, said):
    use_primitives(written(tmp_path, variant(base, **changes)))
    (found,) = problems(operations()[changes.get("name", "mine")])
    assert re.search(said, found), found
    assert "\n" not in found


SPREADS = {
    "right": ("", "", None),
    "another kernel": ("high - low\n", "high\n", "facet 'forward' gives .+ in numba and float32, numpy "),
    "another gradient": ("-= grads", "+= grads", "facet 'backward' gives .+ in numba and float32, partials "),
    "a kernel that does not compile": (
        "low = high = regs",
        "low = high = nobody",
        "facets 'forward' and 'backward' are not",
    ),
    "a gradient without g": ("+= grads[y, j]", "+= 1", "facet 'backward' gives .+ in numba and float32, partials "),
    "two actions fewer": ("Vector -> Real", "Vector, Real -> Real", "for 1 arguments"),
    "a state": ("Vector -> Real", "State -> Real", "facet 'signature' is 'State -> Real'; allowed: "),
    "no vector": ("Vector -> Real", "Action -> Real", "what reads no Vector is elementwise"),
    "a state made": ("Vector -> Real", "Vector -> State", "facet 'signature' is 'Vector -> State'; allowed: "),
}


@pytest.mark.usefixtures("no_packs")
@pytest.mark.parametrize(("right", "wrong", "said"), SPREADS.values(), ids=SPREADS)
def test_an_op_over_actions_with_kernels_of_its_own(tmp_path, right, wrong, said):
    assert right in SPREAD
    path = written(tmp_path, SPREAD.replace(right, wrong, 1))
    if said is None:
        use_primitives(path)
        assert problems(operations()["spread"]) == []
        return
    with pytest.raises(OpError, match=said) as refused:
        use_primitives(path)
        refuse_wrong(packs())
    assert str(refused.value).startswith(f"op pack '{path}': op 'spread': ")


@pytest.mark.usefixtures("no_packs")
def test_reals_and_literals_beside_a_vector(tmp_path):
    use_primitives(written(tmp_path, SCALED))
    assert problems(operations()["scaled"]) == []
    literal = SCALED.replace("Vector, Real", "Vector, Constant").replace("r.unsqueeze(-1)", "r")
    use_primitives(written(tmp_path, literal.replace('"sum(g * v, 0)"', "None")))
    assert problems(operations()["scaled"]) == []
    use_primitives(written(tmp_path, SCALED.replace("sum(g * v, 0)", "sum(g, 0)")))
    (found,) = problems(operations()["scaled"])
    assert found.startswith("facet 'partials' by 'r' gives ")


@pytest.mark.usefixtures("no_packs")
def test_every_wrong_op_has_a_line_and_right_ones_have_none(tmp_path):
    tanh = "replace(operations()['tanh'], name='{}', partials=('{}',))"
    ops = ", ".join(tanh.format(*given) for given in (("one", "y"), ("fine", "1 - y * y"), ("two", "-y")))
    head = variant("tanh").splitlines()[:2]
    use_primitives(written(tmp_path, "\n".join([*head, f"OPS = ({ops})"])))
    with pytest.raises(OpError) as refused:
        refuse_wrong(packs())
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == ["op 'one'", "op 'two'"]
