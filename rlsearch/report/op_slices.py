"""Slices of an op: one of its arguments moves, the others are held. Every number comes from the op's facets.

An argument over actions, or over the batch, is moved at its first action or sample, whose number is also the one shown where
the op's result has one for each.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_tape import partials_of, value_of
from rlsearch.op import Op, Type

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]
Piece = list[tuple[float, float]]

ACTIONS = 3  # or samples
# Where in its domain an argument is held; different for neighbours, so that `where(a > b, c, d)` has something to choose.
SHARES = (2 / 3, 1 / 3, 5 / 6, 1 / 6)
PROBABILITIES = (0.5, 0.2, 0.3)  # held likewise, rotated; while one moves they do not sum to one
HALVINGS = 12


@dataclass(frozen=True)
class Slice:
    """An op as a function of one number.

    Attributes:
        arg: what moves: `a`, or `x[0]` of an argument over actions or over the batch.
        result: what is shown: `add(a, b)`, or `softmax(x)[0]`.
        held: the other numbers, in words: `b = -1`; empty for an op of one argument.
        low, high: the op's domain for the argument.
        value: the result at each of an array of numbers.
        derivative: of the result by the argument, likewise; None where no gradient flows.
    """

    arg: str
    result: str
    held: str
    low: float
    high: float
    value: Curve
    derivative: Curve | None

    def grid(self, points: int) -> Array:
        """Evenly spaced numbers from low to high."""
        return np.linspace(self.low, self.high, points)


def slices(op: Op) -> tuple[Slice, ...]:
    """A slice for each argument that can move; for an op that commutes only the first, since the others look the same.

    Literals and actions stay put. A network's outputs are no function of numbers: an external op has no slices.
    """
    if op.external:
        return ()
    free = [k for k, kind in enumerate(op.arg_types) if kind != Type.ACTION and op.args[k] not in op.literals]
    return tuple(_slice(op, index) for index in (free[:1] if op.commutes else free))


def _slice(op: Op, moving: int) -> Slice:
    wide, held = op.over_batch or op.arg_types[moving].axis is not None, [_held_value(op, k) for k in range(len(op.args))]
    many = op.over_batch or (not op.elementwise and op.signatures[0][1].axis is not None)
    first = "[0]" if many else ""

    def arguments(at: Array) -> list[Array]:
        filled = [np.broadcast_to(part[..., None], (*part.shape, len(at))).copy() for part in held]
        (filled[moving][:1] if wide else filled[moving][None])[0] = at
        return [_transpose_samples(op, part) for part in filled]

    def value(at: Array) -> Array:
        with np.errstate(all="ignore"):
            y = np.asarray(value_of(op)(*arguments(at)), dtype=float)
        return np.broadcast_to(_transpose_samples(op, y)[0] if many else y, at.shape)

    def derivative(at: Array) -> Array:
        args = arguments(at)
        with np.errstate(all="ignore"):
            y = np.asarray(value_of(op)(*args), dtype=float)
            g = np.zeros_like(y) if many else np.ones_like(y)
            if many:
                _transpose_samples(op, g)[0] = 1
            partial = partials_of(op)[moving]
            assert partial is not None
            change = _transpose_samples(op, np.asarray(partial(*args, y, g), dtype=float))
        return np.broadcast_to(change[0] if wide else change, at.shape)

    low, high = op.domain[moving]
    return Slice(
        op.args[moving] + ("[0]" if wide else ""),
        f"{op.name}({', '.join(op.args)}){first}",
        ", ".join(_held_words(op, held, moving)),
        low,
        high,
        value,
        None if op.partials[moving] is None else derivative,
    )


def _transpose_samples(op: Op, values: Array) -> Array:
    """The values with samples last, where an op over the batch wants them, or first again; actions stay first."""
    return values.T if op.over_batch else values


def _held_value(op: Op, index: int) -> Array:
    """The value of an argument while others move: a number, or one for each action `[A]` or sample."""
    kind, (low, high) = op.arg_types[index], op.domain[index]
    if kind == Type.ACTION:
        return np.zeros(())
    if kind == Type.SIMPLEX:
        return np.roll(PROBABILITIES, index)
    if kind == Type.VECTOR or op.over_batch:
        return np.array([_held_number(low, high, index + action) for action in range(ACTIONS)])
    return np.array(_held_number(low, high, index))


def _held_number(low: float, high: float, turn: int) -> float:
    """The number at a share of a domain, of two digits, since it is printed."""
    return float(f"{low + SHARES[turn % len(SHARES)] * (high - low):.2g}")


def _held_words(op: Op, held: Sequence[Array], moving: int) -> Iterator[str]:
    for index, (name, part) in enumerate(zip(op.args, held, strict=True)):
        if part.ndim == 0 and index != moving:
            yield f"{name} = {part:g}"
        for action in range(index == moving, part.size if part.ndim else 0):
            yield f"{name}[{action}] = {part[action]:g}"


def pieces(curve: Curve, at: Array) -> list[Piece]:
    """The points of a curve, cut where it jumps: a step that stays however short its interval is cut is no slope."""
    values = curve(at)
    jumps = _jumps(curve, at, values)
    cut: list[Piece] = [[]]
    for k, (x, y) in enumerate(zip(at.tolist(), values.tolist(), strict=True)):
        if k and jumps[k - 1]:
            cut.append([])
        cut[-1].append((x, y))
    return cut


def _jumps(curve: Curve, at: Array, values: Array) -> NDArray[Any]:
    """For each point but the last, true if the curve jumps before the next one."""
    left, right, below, above = at[:-1], at[1:], values[:-1], values[1:]
    step = np.abs(above - below)
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        between = curve(middle)
        lower = np.abs(between - below) >= np.abs(above - between)
        left, right = np.where(lower, left, middle), np.where(lower, middle, right)
        below, above = np.where(lower, below, between), np.where(lower, between, above)
    kept: NDArray[Any] = (np.abs(above - below) > step / 2) & (step > 1e-9 * (1 + np.abs(values).max()))
    return kept
