"""Calls of other libraries: an axis that is the actions' goes, others stay and are refused."""

import ast

import pytest

from rlsearch.errors import LossError
from rlsearch.graph.calls import extremum_of_many, reduced, without_names
from rlsearch.graph.statements import written
from rlsearch.registry import operations


def syntax(text: str) -> ast.Call:
    made = ast.parse(text, mode="eval").body
    assert isinstance(made, ast.Call)
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x.max(1)", "max(x)"),
        ("x.max(dim=-1)", "max(x)"),
        ("x.softmax(axis=-1)", "softmax(x)"),
        ("torch.max(x, 1)", "max(x)"),
        ("torch.logsumexp(x, dim=1, keepdim=True)", "logsumexp(x)"),
        ("x.max(0)", None),  # over the batch
        ("x.max()", None),
        ("x.max(y)", None),
        ("x.max(1, other=2)", None),
        ("x.tanh(1)", None),
        ("max(x, 1)", None),  # the larger of two
    ],
)
def test_a_reduction_that_is_given_its_axis(text, found):
    made = reduced(syntax(text))
    assert (made if made is None else written(made)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("max(x, dim=1)", "max(x)"),
        ("softmax(x, -1)", "softmax(x)"),
        ("mean(x, axis=1, keepdims=True)", "mean(x)"),
        ("clip(x, low=0, high=1)", "clip(x, 0, 1)"),
        ("clip(x, high=1, low=0)", "clip(x, 0, 1)"),
        ("max(x, 1)", None),
        ("tanh(x)", None),
        ("softmax(x, 0)", None),
    ],
)
def test_an_op_without_names_of_arguments(text, found):
    at = syntax(text)
    made = without_names(at, operations()[at.func.id])  # type: ignore[attr-defined]
    assert (made if made is None else written(made)) == found


@pytest.mark.parametrize("text", ["max(x, dim=0)", "tanh(x, inplace=True)", "clip(x, low=0)"])
def test_a_name_that_is_none_of_the_ops_is_refused(text):
    at = syntax(text)
    with pytest.raises(LossError, match="is no argument of"):
        without_names(at, operations()[at.func.id])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("max(x, y, 0)", "max(max(x, y), 0)"),
        ("min([x, y])", "min(x, y)"),
        ("max(x, y)", None),
        ("max(x)", None),
        ("max([x])", None),
    ],
)
def test_extrema_of_many(text, found):
    made = extremum_of_many(syntax(text))
    assert (made if made is None else written(made)) == found
