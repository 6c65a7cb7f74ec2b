"""Losses made of a single op, so that whatever is checked of losses is checked of every op."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.graph.graph import Builder, Graph
from rlsearch.op import Axis, Op, Type
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.registry import regimes

Array = NDArray[np.float64]


class Parts(NamedTuple):
    """The parts of one-op losses, from a regime that has them.

    Attributes:
        views: four that stand along actions: the first carries the gradient, and so does the third.
        number, weight: inputs that are one number.
        action: the input that is an action.
    """

    regime: Regime
    views: tuple[View, View, View, View]
    number: str
    weight: str
    action: str


def parts() -> Parts:
    """The parts that the first regime has."""
    regime = next(iter(regimes().values()))
    along = [view for view in regime.views if regime.type_of(view).axis is Axis.ACTIONS]
    trained, others = ([view for view in along if (view.network == regime.trained) is wanted] for wanted in (True, False))
    number, weight, *_ = (name for name in regime.columns if regime.inputs[name].type is Type.REAL)
    action = next(name for name in regime.columns if regime.inputs[name].type is Type.ACTION)
    return Parts(regime, (trained[0], others[0], trained[1], others[1]), number, weight, action)


class Case(NamedTuple):
    """A one-op loss and the argument that carries the gradient.

    `wide` says for each argument of an elementwise op whether it is a Vector; empty for an op over actions.
    """

    graph: Graph
    place: int
    wide: tuple[bool, ...]


def arrays(op: Op, shape: tuple[int, int], seed: int = 0) -> list[Array]:
    """Arguments for the op's `numpy`, drawn from its domain: `[A, B]` for arguments over actions, `[B]` for others."""
    rng, out = np.random.default_rng(seed), list[Array]()
    for kind, (low, high) in zip(op.arg_types, op.domain, strict=True):
        values = rng.uniform(low, high, shape if kind.axis is not None else shape[1:])
        if kind == Type.SIMPLEX:
            values = np.exp(values) / np.exp(values).sum(0)
        out.append(rng.integers(0, shape[0], shape[1:]).astype(float) if kind == Type.ACTION else values)
    return out


def cases(op: Op) -> Iterator[Case]:
    """Losses that apply the op to every combination of Real and Vector, gradient flowing into each argument in turn."""
    if not op.elementwise:
        places = [place for place, kind in enumerate(op.arg_types) if kind not in (Type.ACTION, Type.CONSTANT)]
        yield from (Case(_over_actions(op, place), place, ()) for place in places)
        return
    free = [place for place, arg in enumerate(op.args) if arg not in op.literals]
    for place in free:
        for mask in range(2 ** len(free)):
            wide = tuple(arg in free and bool(mask >> free.index(arg) & 1) for arg in range(len(op.args)))
            yield Case(_elementwise(op, place, wide), place, wide)


def turns(op: Op, place: int) -> list[int]:
    """The arguments in the order in which they are given views: the one that carries the gradient first."""
    return [place, *(k for k in range(len(op.args)) if k != place)]


def _elementwise(op: Op, place: int, wide: tuple[bool, ...]) -> Graph:
    builder = Builder()
    args = [0] * len(op.args)
    for turn, k in enumerate(turns(op, place)):
        if op.args[k] in op.literals:
            args[k] = _literal(builder, op, k)
        elif wide[k]:
            args[k] = _view(builder, turn)
        else:
            args[k] = builder.input(parts().number) if turn == 1 else _taken(builder, _view(builder, turn))
    made = builder.apply(op.name, *args)
    return builder.graph(_to_real(builder, made))


def _over_actions(op: Op, place: int) -> Graph:
    builder = Builder()
    args = [0] * len(op.args)
    for turn, k in enumerate(turns(op, place)):
        kind = op.arg_types[k]
        if kind == Type.CONSTANT:
            args[k] = _literal(builder, op, k)
            continue
        args[k] = builder.input(parts().action) if kind == Type.ACTION else _view(builder, turn)
        if kind == Type.SIMPLEX:
            args[k] = builder.apply("softmax", args[k])
        elif kind == Type.REAL:
            args[k] = _taken(builder, args[k])
    made = builder.apply(op.name, *args)
    if builder.types[made] == Type.ACTION:
        made = builder.apply("select", _view(builder, 1), made)
    return builder.graph(_to_real(builder, made))


def _literal(builder: Builder, op: Op, place: int) -> int:
    """A literal off the middle of the domain, which is often 0."""
    low, high = op.domain[place]
    return builder.constant(0.4 * low + 0.6 * high)


def _view(builder: Builder, turn: int) -> int:
    head, *read = parts().views[turn]
    return builder.apply(head, *map(builder.input, read))


def _taken(builder: Builder, view: int) -> int:
    """A view's number for the action taken."""
    return builder.apply("select", view, builder.input(parts().action))


def _to_real(builder: Builder, made: int) -> int:
    """A Real from a Vector, by unequal weights for actions and samples, so that no mistakes cancel."""
    if builder.types[made].axis is not None:
        return builder.apply("dot", made, _view(builder, 3))
    return builder.apply("mul", made, builder.input(parts().weight))


def batch(op: Op, num_actions: int, place: int, size: int = 8, seed: int = 0) -> Batch:
    """A batch whose values lie in the op's domain, wherever the one-op loss reads them."""
    rng, made = np.random.default_rng([seed, num_actions, place]), parts()
    order = [*(op.domain[k] for k in turns(op, place)), *[(-1.0, 1.0)] * 4][:4]
    by_view = {view: rng.uniform(*span, (num_actions, size)) for view, span in zip(made.views, order, strict=True)}
    sizes = Sizes(num_actions)
    views = {v: by_view.get(v, np.zeros((sizes.width(made.regime.type_of(v)), size))) for v in made.regime.views}
    named = {
        made.action: (np.arange(size) % num_actions).astype(float),
        made.number: rng.uniform(*order[1], size),
        made.weight: rng.uniform(0.5, 2.0, size),
    }
    return Batch(made.regime, sizes, views, {name: named.get(name, np.zeros(size)) for name in made.regime.columns})
