"""A loss around a single op, so that whatever is checked of losses is checked of every op."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from evaluate import Batch
from numpy.typing import NDArray

from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS
from rlsearch.graph.graph import Builder, Graph
from rlsearch.op import Op, Type
from rlsearch.registry import operations

OPERATIONS = [op for op in operations().values() if not op.external]
ELEMENTWISE = [op for op in OPERATIONS if op.elementwise]
OVER_ACTIONS = [op for op in OPERATIONS if not op.elementwise]
# Whoever comes first carries the gradient.
VIEWS = (("online", "s"), ("target", "s_next"), ("online", "s_next"), ("target", "s"))


class Case(NamedTuple):
    """A one-op loss and the argument that carries the gradient."""

    graph: Graph
    place: int
    wide: tuple[bool, ...]


def samples(op: Op, size: int, seed: int = 0) -> list[NDArray[np.float64]]:
    """Values for each argument, drawn from the op's domain."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(low, high, size) for low, high in op.domain]


def cases(op: Op) -> Iterator[Case]:
    """Losses that apply the op to every combination of Real and Vector, gradient flowing into each argument in turn."""
    if not op.elementwise:
        yield from (Case(_over_actions(op, place), place, ()) for place in range(len(op.args)) if op.partials[place])
        if not op.differentiable:
            yield Case(_over_actions(op, 0), 0, ())
        return
    free = [place for place, arg in enumerate(op.args) if arg not in op.literals]
    for place in free:
        for mask in range(2 ** len(free)):
            wide = tuple(arg in free and bool(mask >> free.index(arg) & 1) for arg in range(len(op.args)))
            yield Case(_elementwise(op, place, wide), place, wide)


def _elementwise(op: Op, place: int, wide: tuple[bool, ...]) -> Graph:
    builder = Builder()
    order = [place, *(k for k in range(len(op.args)) if k != place)]  # the first view and the first Real are online
    args = [0] * len(op.args)
    for turn, k in enumerate(order):
        if op.args[k] in op.literals:
            args[k] = builder.constant(sum(op.domain[k]) / 2)
        elif wide[k]:
            args[k] = _view(builder, turn)
        else:
            args[k] = builder.input("r") if turn == 1 else builder.apply("select", _view(builder, turn), builder.input("a"))
    made = builder.apply(op.name, *args)
    return builder.graph(_to_real(builder, made))


def _over_actions(op: Op, place: int) -> Graph:
    builder = Builder()
    order = [place, *(k for k in range(len(op.args)) if k != place)]
    args = [0] * len(op.args)
    for turn, k in enumerate(order):
        kind = op.arg_types[k]
        args[k] = builder.input("a") if kind == Type.ACTION else _view(builder, turn)
        if kind == Type.REAL:
            args[k] = builder.apply("select", args[k], builder.input("a"))
        if kind == Type.SIMPLEX:
            args[k] = builder.apply("softmax", args[k])
    made = builder.apply(op.name, *args)
    if builder.types[made] == Type.ACTION:
        made = builder.apply("select", _view(builder, 1), made)
    return builder.graph(_to_real(builder, made))


def _view(builder: Builder, turn: int) -> int:
    return builder.apply("q", *(builder.input(name) for name in VIEWS[turn]))


def _to_real(builder: Builder, made: int) -> int:
    """Unequal weights for the actions, so that no mistake among them cancels."""
    return builder.apply("dot", made, _view(builder, 3)) if builder.types[made] in (Type.VECTOR, Type.SIMPLEX) else made


def batch(op: Op, num_actions: int, place: int, size: int = 8, seed: int = 0) -> Batch:
    """A batch whose values lie in the op's domain, wherever the one-op loss reads them."""
    rng = np.random.default_rng([seed, num_actions, place])
    domain = [span for k, span in enumerate(op.domain) if k != place]
    order = [op.domain[place], *domain, *[(-1.0, 1.0)] * 4][:4]
    by_view = {view: rng.uniform(*span, (num_actions, size)) for view, span in zip(VIEWS, order, strict=True)}
    q = np.stack([by_view.get(pair, np.zeros((num_actions, size))) for pair in Q_INPUTS])
    r, others = rng.uniform(*order[1], size), rng.uniform(0, 1, (len(SAMPLE_INPUTS) - 2, size))
    return Batch(q, np.stack([np.arange(size) % num_actions, r, *others]))
