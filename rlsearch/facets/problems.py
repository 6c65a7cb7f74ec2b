"""Checks of an op before anything is trained with it: its facets are compared with each other over its domain
and where its branches meet."""

from collections.abc import Iterable, Iterator

import numpy as np

from rlsearch.compile.latex import mathml
from rlsearch.compile.numpy_tape import value_of
from rlsearch.compile.plain import plain
from rlsearch.compile.tape import MAX_ARGS
from rlsearch.errors import OpError
from rlsearch.facets.agreement import broadcasting, formula, gradients, kernels, tried, values
from rlsearch.facets.algebra import claimed, held
from rlsearch.facets.one_op import arrays, cases
from rlsearch.facets.special import special_points
from rlsearch.graph.text import parse, print_graph
from rlsearch.op import Axis, Op, Type
from rlsearch.registry import known_inputs
from rlsearch.registry.pack import Pack

# What an op of a user's may take and give; along the actions, from where it carries over to other axes.
TAKES = tuple(kind for kind in Type if kind.axis in (None, Axis.ACTIONS) and kind not in (Type.STATE, Type.NETWORK))
GIVES = tuple(kind for kind in TAKES if kind is not Type.CONSTANT)


def problems(op: Op) -> list[str]:
    """Everything wrong with an op that is in use: sentences that name the facet; [] if all its facets agree.

    One mistake makes many facets disagree, so the checks stop at the first of them that finds something.
    """
    with np.errstate(all="ignore"):
        for check in (_unfit, _text, values, gradients, broadcasting, kernels, special_points, formula, _simplex, _algebra):
            if found := list(check(op)):
                return found
    return []


def refuse_wrong(packs: Iterable[Pack]) -> None:
    """Refuse packs in use that have an op whose facets disagree.

    Raises:
        OpError: one line for each op that is wrong, naming pack, op and facet.
    """
    found = [f"op pack '{pack.where}': op '{op.name}': {said}" for pack in packs for op in pack.ops for said in problems(op)]
    if found:
        raise OpError("\n".join(found))


def _unfit(op: Op) -> Iterator[str]:
    """Reasons for which no loss could be made of the op."""
    if op.name in known_inputs():
        yield f"the name is that of an input; choose another (taken: {', '.join(known_inputs())})"
    if op.external:
        yield "facet 'external' is for what the trainer computes; give kernels `forward` and `backward` instead"
        return
    if {*op.literals} == {*op.args}:
        yield "facet 'literals' holds every argument, but an op of literals alone is a number"
    if not 1 <= len(op.args) <= MAX_ARGS:
        yield f"facet 'args' has {len(op.args)} names; allowed: 1 to {MAX_ARGS}"
    elif not op.elementwise:
        made = op.signature.split("->")[1].strip()
        if not {*op.arg_types} <= {*TAKES} or made not in GIVES:
            yield f"facet 'signature' is '{op.signature}'; allowed: {', '.join(TAKES)} -> {', '.join(GIVES)}"
        elif all(kind.axis is None for kind in op.arg_types) and not (op.over_batch and made == Type.REAL):
            what = "what reads no Vector is elementwise, or Real -> Real and of the whole batch"
            yield f"facet 'signature' is '{op.signature}', but {what}"
    for arg, (low, high) in zip(op.args, op.domain, strict=True):
        if not (np.isfinite([low, high]).all() and (low < high or (arg in op.literals and low == high))):
            yield f"facet 'domain' of '{arg}' is ({low:g}, {high:g}); write two finite numbers (low, high)"


def _text(op: Op) -> Iterator[str]:
    """Problems of the text form: a loss with the op must read back, and print as a formula."""
    for case in cases(op):
        text = print_graph(case.graph)
        if case.graph.carries[case.graph.root] and (error := tried(_read_back, text)):
            yield f"facets 'name' and 'symbol': its text '{text.splitlines()[-1]}' does not read back: {error}"
            return
        if error := tried(mathml, case.graph):
            yield f"facet 'latex': {error}"
            return
        if error := tried(plain, case.graph):
            yield f"facet 'plain': {error}"
            return


def _read_back(text: str) -> None:
    if print_graph(parse(text)) != text:
        raise ValueError("it reads as something else")


def _simplex(op: Op) -> Iterator[str]:
    """Problems of probabilities: they must sum to one."""
    if op.signatures[0][1] == Type.SIMPLEX:
        value = value_of(op)(*arrays(op, (5, 12)))
        if not (np.allclose(value.sum(0), 1) and (value >= 0).all()):
            sum_, least = value.sum(0)[0], value.min()
            yield f"facet 'signature' says Simplex, but of 5 values the sum is {sum_:.6g} and the least {least:.6g}"


def _algebra(op: Op) -> Iterator[str]:
    """Problems of the declared algebra: it must hold, as rewriting trusts it; what holds need not be declared."""
    for claim in sorted(claimed(op) - held(op)):
        facet, _, number = claim.partition(" ")
        yield f"facet '{facet}' is {number or True}, which does not hold"
