"""The tape in NumPy: batches of any shape, and constants that do not depend on a sample."""

import numpy as np
import pytest
from hypothesis import given

from rlsearch.compile.folding import fold
from rlsearch.compile.lower import lower
from rlsearch.compile.numpy_tape import backward, forward, partials_of, value_of
from rlsearch.graph.text import parse
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import operations
from tests.support.evaluate import by_tape, random_batch
from tests.support.strategies import PER_SAMPLE, losses


@given(losses(PER_SAMPLE))
def test_any_batch_shape_gives_the_same(graph):
    batch = random_batch(3, size=6)
    (tape,), flat = lower(graph, Sizes(3)), by_tape(graph, batch)
    regs = np.zeros((tape.rows, 2, 3))
    for k, row in enumerate(tape.view_rows.tolist()):
        if row >= 0:
            regs[row : row + 3] = batch.q[k].reshape(3, 2, 3)
    for k, row in enumerate(tape.input_rows.tolist()):
        if row >= 0:
            regs[row] = batch.samples[k].reshape(2, 3)
    grads = np.zeros_like(regs)
    grads[tape.root] = 1
    with np.errstate(all="ignore"):
        forward(tape, regs)
        backward(tape, regs, grads)
    np.testing.assert_allclose(regs[tape.root].ravel(), flat.value, rtol=1e-9, atol=1e-12)
    if tape.view_carries[0]:
        row = tape.view_rows[0]
        np.testing.assert_allclose(grads[row : row + 3].reshape(3, 6), flat.grad[0], rtol=1e-9, atol=1e-9)


def test_fold_knows_literals_and_the_number_of_actions():
    graph = parse("q(online, s)[a] * sqrt(4) + num_actions / 2")
    values = {graph.nodes[index].op: value for index, value in fold(graph, Sizes(6)).items()}
    assert values == {"constant": 2.0, "sqrt": 2.0, "input": 6.0, "div": 3.0}


def test_value_and_partials_are_functions_of_the_arguments():
    mul = operations()["mul"]
    assert value_of(mul)(np.float64(2), np.float64(3)) == 6
    by_a, by_b = partials_of(mul)
    assert (by_a(2.0, 3.0, 6.0, 10.0), by_b(2.0, 3.0, 6.0, 10.0)) == (30, 20)
    assert partials_of(operations()["stop"]) == (None,)


@pytest.mark.parametrize("name", ["__import__('os')", "open('x')", "print(a)"])
def test_facets_see_no_builtins(name):
    with pytest.raises(NameError):
        eval(name, value_of(operations()["add"]).__globals__)
