"""The contract that the trainer builds on: columns and loads, in their fixed order."""

from itertools import product

from rlsearch.compile.tape import ARGS, CARRIES, FIRST, MAX_ARGS, STEP, WIDTH
from rlsearch.op import Type
from rlsearch.registry import known_inputs
from tests.support.evaluate import COLUMNS, VIEWS


def test_columns_do_not_overlap():
    columns = [ARGS + 3 * k + column for k in range(MAX_ARGS) for column in (FIRST, STEP, CARRIES)]
    assert columns == list(range(ARGS, WIDTH))


def test_every_input_of_a_loss_is_loaded_or_known():
    by_type = {kind: [name for name, given in known_inputs().items() if given.type == kind] for kind in Type}
    assert set(VIEWS) == set(product(["q"], by_type[Type.NETWORK], by_type[Type.STATE]))
    assert {*COLUMNS, "num_actions"} == {*by_type[Type.ACTION], *by_type[Type.REAL]}
