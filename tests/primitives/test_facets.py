"""Over the registry: each facet of an op against another."""

import numpy as np
import pytest
import sympy
from evaluate import by_differences, by_kernels, by_tape, by_torch
from numpy.testing import assert_allclose
from one_op import ELEMENTWISE, OPERATIONS, batch, cases, samples

from rlsearch.compile.reference import partials_of, value_of
from rlsearch.compile.symbolic import symbol, to_sympy_by_action
from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS
from rlsearch.op import Op

every_op = pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
every_elementwise = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)


def by_sympy(graph, given) -> np.ndarray:
    """Value of each sample from the sympy expression of its action."""
    names = [symbol(f"q_{network}_{state}[{i}]") for network, state in Q_INPUTS for i in range(given.num_actions)]
    names += [symbol(name) for name in SAMPLE_INPUTS]
    rows = np.concatenate([given.q.reshape(-1, given.q.shape[2]), given.samples])
    taken = given.samples[0].astype(int)
    functions = [
        sympy.lambdify(names, to_sympy_by_action(graph, given.num_actions, action), "math", cse=True)
        for action in range(given.num_actions)
    ]
    return np.array([functions[action](*row) for action, row in zip(taken, rows.T, strict=True)], float)


@every_op
@pytest.mark.parametrize("num_actions", [2, 5])
def test_torch_and_numpy_agree_for_every_mixture_of_reals_and_vectors(op: Op, num_actions):
    for case in cases(op):
        given = batch(op, num_actions, case.place)
        torch_, tape = by_torch(case.graph, given), by_tape(case.graph, given)
        assert_allclose(torch_.value, tape.value, rtol=1e-7, atol=1e-12, err_msg=str(case.wide))
        assert_allclose(torch_.grad, tape.grad, rtol=1e-6, atol=1e-12, err_msg=str(case.wide))
        assert op.partials[case.place] is None or tape.grad.any()


@every_op
@pytest.mark.parametrize("num_actions", [2, 5])
def test_kernels_and_numpy_agree_for_every_mixture_of_reals_and_vectors(op: Op, num_actions):
    for case in cases(op):
        given = batch(op, num_actions, case.place, size=37)  # not a multiple of a vector register
        kernels, tape = by_kernels(case.graph, given), by_tape(case.graph, given)
        assert kernels.value.dtype == np.float32
        assert_allclose(kernels.value, tape.value, rtol=1e-4, atol=1e-5, err_msg=str(case.wide))
        assert_allclose(kernels.grad, tape.grad, rtol=1e-4, atol=1e-4, err_msg=str(case.wide))


@pytest.mark.parametrize("op", [op for op in OPERATIONS if not op.over_batch], ids=lambda op: op.name)
def test_sympy_and_numpy_agree(op: Op):
    """To sympy, what is of the whole batch is an unknown function."""
    for case in (case for case in cases(op) if case.place == 0):
        given = batch(op, 3, case.place, size=6)
        assert_allclose(by_sympy(case.graph, given), by_tape(case.graph, given).value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("op", [op for op in OPERATIONS if op.name != "stop"], ids=lambda op: op.name)
def test_written_derivatives_are_slopes(op: Op):
    """All but `stop`, which is there to have none."""
    for case in cases(op):
        given = batch(op, 3, case.place, size=16, seed=1)
        differences, smooth = by_differences(case.graph, given, step=1e-5)
        assert smooth.mean() > 0.9
        assert_allclose(by_tape(case.graph, given).grad[smooth], differences[smooth], rtol=1e-5, atol=1e-6)


@every_elementwise
def test_no_derivative_is_left_out(op: Op):
    """Where a partial is None and it is not a literal's, the value is flat in that argument, or the op says it stops."""
    values = samples(op, 50)
    for k, partial in enumerate(op.partials):
        moved = [value + 1e-7 * (place == k) for place, value in enumerate(values)]
        flat = np.array_equal(value_of(op)(*values), value_of(op)(*moved))
        if op.args[k] not in op.literals and op.name != "stop":
            assert flat == (partial is None), op.args[k]


@every_elementwise
def test_facets_broadcast_like_numpy(op: Op):
    values = samples(op, 12)
    wide = [value.reshape(3, 4) for value in values]
    assert_allclose(value_of(op)(*wide), value_of(op)(*values).reshape(3, 4))
    y, g = value_of(op)(*values), np.linspace(-1, 1, 12)
    for partial in partials_of(op):
        if partial:
            scalars = [float(partial(*(v[i] for v in values), y[i], g[i])) for i in range(12)]
            assert_allclose(np.broadcast_to(partial(*values, y, g), 12), scalars)


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
