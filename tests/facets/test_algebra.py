"""Over the registry: what an op says of its algebra holds, and what it does not say does not."""

import pytest

from rlsearch.facets.algebra import claimed, held
from rlsearch.op import Op
from rlsearch.registry import operations
from tests.support.op_lists import ELEMENTWISE, OPERATIONS


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_what_is_said_is_what_holds(op: Op):
    assert claimed(op) == held(op)


@pytest.mark.parametrize("op", [op for op in OPERATIONS if not op.elementwise], ids=lambda op: op.name)
def test_over_actions_nothing_false_is_said(op: Op):
    assert claimed(op) <= held(op)
    assert op.commutes == ("commutes" in held(op))


@pytest.mark.parametrize("op", [op for op in ELEMENTWISE if len(op.args) > 2], ids=lambda op: op.name)
def test_ops_of_many_arguments_claim_nothing(op: Op):
    """The flags speak of two arguments, or of one; here they would mean nothing."""
    assert not claimed(op)


def test_what_cannot_be_swapped_has_no_algebra():
    """A literal stays where it is, and arguments of two types cannot change places."""
    assert held(operations()["clip"]) == held(operations()["select"]) == frozenset()
    assert "commutes" in held(operations()["dot"]) and "associates" not in held(operations()["dot"])
