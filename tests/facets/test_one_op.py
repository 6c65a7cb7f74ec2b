"""One-op losses: every mixture, every argument in turn, values from the domain."""

from itertools import product

import numpy as np
import pytest

from rlsearch.facets.one_op import arrays, batch, cases, parts, turns
from rlsearch.op import Type
from rlsearch.registry import operations


def test_an_elementwise_op_meets_every_mixture_with_every_argument_in_front():
    found = [(case.place, case.wide) for case in cases(operations()["where"])]
    assert sorted(found) == sorted(product(range(4), product((False, True), repeat=4)))
    clip = list(cases(operations()["clip"]))
    assert [(case.place, case.wide) for case in clip] == [(0, (False, False, False)), (0, (True, False, False))]


@pytest.mark.parametrize("name", ["mul", "where", "kl", "max", "select", "softmax"])
def test_the_gradient_flows_where_it_is_said_to(name):
    op = operations()[name]
    for case in cases(op):
        assert case.graph.types[case.graph.root] == Type.REAL
        assert case.graph.carries[case.graph.root] == any(
            op.partials[turns(op, case.place)[turn]] is not None for turn in (0, 2) if turn < len(op.args)
        )


def test_values_lie_in_the_domain():
    op = operations()["div"]
    for place in range(2):
        given = batch(op, 3, place, size=50)
        for view, argument in zip(parts().views, turns(op, place), strict=False):
            low, high = op.domain[argument]
            values = given.views[view]
            assert low <= values.min() < values.max() <= high
    for name in ("kl", "select", "div"):
        op = operations()[name]
        for array, kind in zip(arrays(op, (5, 12)), op.arg_types, strict=True):
            assert array.shape == ((5, 12) if kind in (Type.VECTOR, Type.SIMPLEX) else (12,))
            assert kind != Type.SIMPLEX or np.allclose(array.sum(0), 1)
            assert kind != Type.ACTION or set(array) <= set(range(5))
