"""Over the registry: each facet of an op against another."""

import numpy as np
import pytest

from rlsearch.compile.numpy_tape import value_of
from rlsearch.facets.one_op import arrays
from rlsearch.facets.problems import problems
from rlsearch.op import Op
from tests.support.op_lists import ELEMENTWISE, OPERATIONS

every_op = pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
every_elementwise = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)


@every_op
def test_all_facets_agree(op: Op):
    """Torch, NumPy, kernels, sympy and derivatives, for every mixture of Reals and Vectors."""
    assert problems(op) == []


@every_elementwise
def test_no_derivative_is_left_out(op: Op):
    """Where a partial is None and it is not a literal's, the value is flat in that argument, or the op says it stops."""
    values = arrays(op, (1, 50))
    for k, partial in enumerate(op.partials):
        moved = [value + 1e-7 * (place == k) for place, value in enumerate(values)]
        flat = np.array_equal(value_of(op)(*values), value_of(op)(*moved))
        if op.args[k] not in op.literals and op.name != "stop":
            assert flat == (partial is None), op.args[k]


@every_op
def test_doc_is_one_sentence(op: Op):
    assert op.doc[0].isupper()
    assert op.doc.endswith(".")
    assert ". " not in op.doc
    assert "\n" not in op.doc


@every_op
def test_facets_are_text(op: Op):
    facets = op.facets()
    assert facets["name"] == op.name
    assert (facets["forward"] is None) == op.elementwise
    for side in ("forward", "backward"):
        if facets[side]:
            assert facets[side].startswith("def ")
