"""Advice about arguments of the wrong type: what fits."""

import ast

import pytest

from rlsearch.graph.advice import advice
from rlsearch.op import Type

OVER_BATCH = "; for that of the batch as a number write"


@pytest.mark.parametrize(
    ("name", "args", "kinds", "said"),
    [
        ("mean", "x", (Type.REAL,), f"; training takes the mean over the batch itself{OVER_BATCH} mean_batch(x)"),
        ("std", "x + 1", (Type.REAL,), f"{OVER_BATCH} std_batch(x + 1)"),
        ("max", "x", (Type.REAL,), ""),
        ("log_softmax", "v, a", (Type.VECTOR, Type.ACTION), "; write log_softmax(v)[a]"),
        ("clip", "x, r, 1", (Type.REAL, Type.REAL, Type.CONSTANT), "; write min(max(x, r), 1)"),
        ("power", "x, r", (Type.REAL, Type.REAL), "; write exp(r * log(x))"),
        ("power", "v, 2", (Type.ACTION, Type.CONSTANT), ""),
        ("tanh", "x, y", (Type.REAL, Type.REAL), ""),
        ("nothing", "x", (Type.REAL,), ""),
        ("q", "s, a", (Type.STATE, Type.ACTION), ""),
    ],
)  # fmt: skip
def test_what_fits_is_told(name, args, kinds, said):
    call = ast.parse(f"f({args})", mode="eval").body
    assert isinstance(call, ast.Call)
    assert advice(name, call.args, kinds) == said
