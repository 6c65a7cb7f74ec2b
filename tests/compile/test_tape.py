"""The contract that the trainer builds on: columns and loads, in their fixed order."""

from itertools import product

from rlsearch.compile.tape import ARGS, CARRIES, FIRST, MAX_ARGS, Q_INPUTS, SAMPLE_INPUTS, STEP, WIDTH
from rlsearch.graph.inputs import INPUTS
from rlsearch.op import Type


def test_columns_do_not_overlap():
    columns = [ARGS + 3 * k + column for k in range(MAX_ARGS) for column in (FIRST, STEP, CARRIES)]
    assert columns == list(range(ARGS, WIDTH))


def test_every_input_of_a_loss_is_loaded_or_known():
    by_type = {kind: [name for name, given in INPUTS.items() if given.type == kind] for kind in Type}
    assert set(Q_INPUTS) == set(product(by_type[Type.NETWORK], by_type[Type.STATE]))
    assert {*SAMPLE_INPUTS, "num_actions"} == {*by_type[Type.ACTION], *by_type[Type.REAL]}
