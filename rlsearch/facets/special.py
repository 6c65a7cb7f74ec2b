"""Checks of an op where its branches meet: at 0, at ties, at its literals, and on both sides of its guards.

Losses meet such points in training all the time, in or out of the domain that an op declares. Which way a branch goes there is
for the op to say, but all its facets must say the same.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rlsearch.compile.evaluate import by_kernels, evaluate
from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.facets.one_op import Array, Case, batch, cases, parts, turns
from rlsearch.op import Op, Type
from rlsearch.regimes.batch import Batch

# Few values, so that arguments are often equal; small and large ones, beyond what guards and cuts let through.
POINTS = (0.0, 0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 1e-9, -1e-9, 300.0, -300.0)
SAMPLES, ACTIONS = 200, 3
RTOL, ATOL = 1e-6, 1e-9
FLOAT32_RTOL, FLOAT32_ATOL = 1e-3, 1e-3


def special_points(op: Op) -> Iterator[str]:
    """Disagreements of an op's facets where branches meet."""
    for case in cases(op):
        given = _special_batch(op, case)
        ours, theirs = evaluate(case.graph, given), evaluate_torchscript(case.graph, given)
        single = evaluate(case.graph, given, by_kernels(load_kernels()))
        views = [view for view in ours.grads if view in parts().views]
        pairs = [("'numpy'", "'torch'", ours.value, theirs.value, RTOL, ATOL)]
        pairs += [("'partials'", "autograd of 'torch'", ours.grads[view], theirs.grads[view], RTOL, ATOL) for view in views]
        single_named = ("numba and float32", "NumPy")
        pairs += [(*single_named, single.value, ours.value, FLOAT32_RTOL, FLOAT32_ATOL)]
        pairs += [(*single_named, single.grads[view], ours.grads[view], FLOAT32_RTOL, FLOAT32_ATOL) for view in views]
        for one, other, mine, yours, rtol, atol in pairs:
            bad = ~np.isclose(mine, yours, rtol=rtol, atol=atol, equal_nan=True)
            if bad.any():
                at = np.unravel_index(bad.argmax(), bad.shape)
                yield f"{one} and {other} differ where {_met(op, case, given, int(at[-1]))}: {mine[at]:.6g} and {yours[at]:.6g}"
                return


def _special_batch(op: Op, case: Case) -> Batch:
    """A batch of special values, wherever the one-op loss reads them."""
    given, made = batch(op, ACTIONS, case.place, size=SAMPLES), parts()
    literals = [node.leaf for node in case.graph.nodes if isinstance(node.leaf, float)]
    points, rng = [*POINTS, *literals], np.random.default_rng(0)
    last = len(op.args)  # what follows the arguments' views is a weight, and stays generic
    views = {view: rng.choice(points, size=given.views[view].shape) for view in made.views[:last]}
    number = {made.number: rng.choice(points, size=SAMPLES)}
    return replace(given, views={**given.views, **views}, inputs={**given.inputs, **number})


def _met(op: Op, case: Case, given: Batch, sample: int) -> str:
    """The arguments of a sample, in words; literals are the same throughout."""
    made, said = parts(), []
    for turn, place in enumerate(turns(op, case.place)):
        kind, taken = op.arg_types[place], int(given.inputs[made.action][sample])
        values: Array = given.views[made.views[turn]][:, sample]
        if kind is Type.CONSTANT or op.args[place] in op.literals:
            continue
        if kind is Type.ACTION:
            values = np.array([taken])
        elif not (case.wide[place] if case.wide else kind.axis is not None):
            values = given.inputs[made.number][[sample]] if turn == 1 and case.wide else values[[taken]]
        said.append(f"{op.args[place]} = {', '.join(f'{value:g}' for value in values)}")
    return "; ".join(said)
