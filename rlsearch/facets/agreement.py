"""Checks of facets in pairs: NumPy, TorchScript, autograd, differences, numba and sympy must agree on every one-op loss."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.evaluate import by_kernels, evaluate
from rlsearch.compile.kernels import compile_family, load_kernels
from rlsearch.compile.numpy_tape import partials_of, value_of
from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.facets.evaluate import by_differences, by_sympy
from rlsearch.facets.one_op import Case, arrays, batch, cases, parts, turns
from rlsearch.op import Op
from rlsearch.regimes.batch import Batch
from rlsearch.registry.pack import one_line

ACTIONS = (2, 5)
SMOOTH = 0.9  # least share of the domain where differences must tell something


def tried(run: Callable[..., object], *given: object) -> str:
    """The error that a facet raised, on one line; "" if none. It is a user's code, which may raise anything."""
    try:
        run(*given)
    except Exception as error:
        return one_line(error)
    return ""


def values(op: Op) -> Iterator[str]:
    """Disagreements of NumPy and torch, for every mixture of Reals and Vectors."""
    given = arrays(op, (3, 12))
    if error := tried(value_of(op), *given):
        yield f"facet 'numpy': {error}"
        return
    shape = (12,) if op.signatures[0][1].axis is None else (3, 12)
    if np.shape(value_of(op)(*given)) != shape:
        met = list(np.shape(value_of(op)(*given)))
        yield f"facet 'numpy' gives {met} for 3 actions and 12 samples; wanted: {list(shape)}"
        return
    for case, sample in _tries(op):
        for facet, run in (("partials", evaluate), ("torch", evaluate_torchscript)):
            if error := tried(run, case.graph, sample):
                yield f"facet '{facet}'{_mixture(op, case)}: {error}"
                return
        ours, theirs = evaluate(case.graph, sample).value, evaluate_torchscript(case.graph, sample).value
        if theirs.shape != ours.shape:
            made = f"makes a loss {list(theirs.shape)} of {len(ours)} samples"
            yield f"facet 'torch'{_mixture(op, case)} {made}; samples are axis 0, actions the last"
            return
        for facet, value in (("numpy", ours), ("torch", theirs)):
            if not np.isfinite(value).all():
                yield f"facet '{facet}' gives {value[~np.isfinite(value)][0]} within the domain {op.domain}"
                return
        if gap := _gap((ours, theirs), 1e-7, 1e-12):
            yield f"facets 'numpy' and 'torch' differ{_mixture(op, case)}: {gap[0]:.6g} and {gap[1]:.6g}"
            return


def gradients(op: Op) -> Iterator[str]:
    """Disagreements of the written derivatives with autograd and with differences; where none is written, there is none."""
    used: set[int] = set()
    for case, given in _tries(op):
        ours, theirs = evaluate(case.graph, given).grads, evaluate_torchscript(case.graph, given).grads
        slopes, smooth = by_differences(case.graph, given, step=1e-5)
        # The first view carries the gradient to one argument, and so does the third.
        for turn in (0, 2):
            view = parts().views[turn]
            if turn >= len(op.args):
                continue
            arg = turns(op, case.place)[turn]
            facet = f"facet 'partials' by '{op.args[arg]}'{_mixture(op, case)}"
            if gap := _gap((ours[view], theirs[view], slopes[view]), 1e-6, 1e-12):
                if op.partials[arg] is None:
                    yield f"{facet} is None, but autograd of 'torch' gives {gap[1]:.6g}"
                else:
                    yield f"{facet} gives {gap[0]:.6g}, autograd of 'torch' {gap[1]:.6g}, differences of 'numpy' {gap[2]:.6g}"
                return
            if op.partials[arg] is None:
                continue
            if smooth[view].mean() <= SMOOTH:
                yield f"{facet}: only {smooth[view].mean():.0%} of the domain is smooth; narrow the domain"
                return
            if gap := _gap((ours[view], slopes[view]), 1e-5, 1e-6, smooth[view]):
                yield f"{facet} gives {gap[0]:.6g}, as autograd does, but differences of 'numpy' {gap[1]:.6g}"
                return
            if ours[view].any():
                used.add(arg)
    for arg, partial in enumerate(op.partials):
        if partial is not None and arg not in used and op.args[arg] not in op.literals:
            yield f"facet 'partials' by '{op.args[arg]}' is 0 everywhere in the domain; write None"


def kernels(op: Op) -> Iterator[str]:
    """Disagreements of the numba kernels and NumPy; an elementwise op's are generated from its text, others are written out."""
    mine, theirs = (
        (("numpy", "partials"), ("NumPy", "NumPy")) if op.elementwise else (("forward", "backward"), ("numpy", "partials"))
    )
    if tried(load_kernels):
        # Where this op compiles alone, another one of its family is the culprit.
        if error := tried(compile_family, "alone", (op,)):
            yield f"facets '{mine[0]}' and '{mine[1]}' are not what numba can compile: {error}"
        return
    for case, given in _tries(op, size=37):  # not a multiple of a vector register
        ours, others = evaluate(case.graph, given, by_kernels(load_kernels())), evaluate(case.graph, given)
        for k, pair, atol in ((0, (ours.value, others.value), 1e-5), (1, (ours.grad, others.grad), 1e-4)):
            if gap := _gap(pair, 1e-4, atol):
                yield f"facet '{mine[k]}' gives {gap[0]:.6g} in numba and float32, {theirs[k]} {gap[1]:.6g}{_mixture(op, case)}"
                return


def formula(op: Op) -> Iterator[str]:
    """Disagreements of sympy's formula and NumPy; to it, what is of the whole batch is an unknown function."""
    if op.over_batch:
        return
    for case in cases(op):
        if case.place != next(cases(op)).place:
            return
        given = batch(op, 3, case.place, size=6)
        if error := tried(by_sympy, case.graph, given):
            yield f"facet 'sympy'{_mixture(op, case)}: {error}"
            return
        if gap := _gap((by_sympy(case.graph, given), evaluate(case.graph, given).value), 1e-9, 1e-12):
            yield f"facets 'sympy' and 'numpy' differ{_mixture(op, case)}: {gap[0]:.6g} and {gap[1]:.6g}"
            return


def broadcasting(op: Op) -> Iterator[str]:
    """Disagreements of several batches at once, as fingerprints take them, with the same one by one."""
    given = [array.reshape(*array.shape[:-1], 3, 4) for array in arrays(op, (3, 12))]
    runs: list[tuple[str, Callable[..., Any], list[NDArray[Any]]]] = [("facet 'numpy'", value_of(op), given)]
    if not tried(value_of(op), *given):
        y = value_of(op)(*given)
        along = [*given, y, np.linspace(-1, 1, y.size).reshape(y.shape)]
        runs += [(f"facet 'partials' by '{op.args[k]}'", run, along) for k, run in enumerate(partials_of(op)) if run]
    for facet, run, taken in runs:
        if error := tried(run, *taken):
            yield f"{facet} for samples of shape [3, 4]: {error}"
            return
        one_by_one = np.stack([run(*(part[..., batch, :] for part in taken)) for batch in range(3)], axis=-2)
        if _gap((np.asarray(run(*taken)), one_by_one), 1e-9, 1e-12):
            yield f"{facet} takes samples of shape [3, 4] for others than three times [4]; actions are axis 0, samples the last"
            return


def _tries(op: Op, size: int = 8) -> Iterator[tuple[Case, Batch]]:
    for num_actions in ACTIONS:
        for case in cases(op):
            yield case, batch(op, num_actions, case.place, size=size, seed=1)


def _mixture(op: Op, case: Case) -> str:
    many = [arg for arg, wide in zip(op.args, case.wide, strict=False) if wide]
    return f" where {', '.join(many)} is a Vector" if many and len(op.args) > 1 else ""


def _gap(
    values: Sequence[NDArray[Any]], rtol: float, atol: float, where: NDArray[np.bool_] | bool = True
) -> tuple[float, ...] | None:
    """All values at the index where the first two differ most; None if they agree."""
    one, other = values[:2]
    bad = ~np.isclose(one, other, rtol=rtol, atol=atol) & where
    if not bad.any():
        return None
    off = np.where(bad, np.nan_to_num(np.abs(one - other), nan=np.inf), -1.0)
    at = np.unravel_index(off.argmax(), off.shape)
    return tuple(float(value[at]) for value in values)
