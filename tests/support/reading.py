"""The meaning of the names and signs that stand in formulas, for readers of formulas: written without a look at the printer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.evaluate import COLUMNS, Batch

Array = NDArray[Any]
Formula = Callable[[Any], Any]  # value [B] for the action that a′ stands for

COLUMN_OF = {"r": "r", "γ": "discount", "r_n": "r_n", "γ_n": "discount_n", "G": "return_to_go", "h": "has_return"}
COLUMN_OF |= {"τ": "progress", "μ": "behaviour_prob"}
ACTIONS = {"a_next": "a_next", "a_+": "a_next", "a": "a"}


def _softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(0))
    return powers / powers.sum(0)


def _std(x: Array, axis: int) -> Array:
    return np.sqrt(np.maximum(((x - x.mean(axis, keepdims=True)) ** 2).mean(axis), 1e-12))


def _logsumexp(x: Array) -> Array:
    return np.log(np.exp(x - x.max(0)).sum(0)) + x.max(0)


def _huber(x: Any) -> Any:
    return np.where(np.abs(x) <= 1, x * x / 2, np.abs(x) - 0.5)


def log(x: Any) -> Any:
    """Of what stands in bars, guarded."""
    return np.log(np.maximum(x, 1e-6))


def root(x: Any) -> Any:
    """Square root, guarded."""
    return np.sqrt(np.maximum(x, 1e-6))


def exp(x: Any) -> Any:
    """Guarded."""
    return np.exp(np.minimum(x, 20))


def quotient(top: Any, bottom: Any) -> Any:
    """Guarded."""
    return top / np.where(np.abs(bottom) < 1e-6, np.where(bottom < 0, -1e-6, 1e-6), bottom)


def power(x: Any, p: float) -> Any:
    """Of an odd whole exponent with the sign; guarded below an exponent of 1. A fractional one of a negative number is none."""
    assert p % 1 == 0 or (np.asarray(x) >= 0).all(), "a fractional power, without bars around what may be negative"
    size = np.maximum(np.abs(x), 1e-6) if p < 1 else np.abs(x)
    return size**p * (np.where(np.asarray(x) < 0, -1.0, 1.0) if p % 2 == 1 else 1.0)


CALLS: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "sign": np.sign,
    "exp": exp,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "huber": _huber,
    "min": np.minimum,
    "max": np.maximum,
    "sg": lambda x: x,
}
# Of arrays [A, B]. Packs call these sup, σ and °.
CALLS_OVER_ACTIONS: dict[str, Callable[..., Any]] = {
    "H": lambda p: -(p * np.log(np.maximum(p, 1e-8))).sum(0),
    "KL": lambda p, m: (p * (np.log(np.maximum(p, 1e-8)) - np.log(np.maximum(m, 1e-8)))).sum(0),
    "σ": _softmax,
}
OVER_ACTIONS: dict[str, Callable[..., Any]] = {
    "max": lambda x: x.max(0),
    "min": lambda x: x.min(0),
    "mean": lambda x: x.mean(0),
    "sum": lambda x: x.sum(0),
    "std": lambda x: _std(x, 0),
    "argmax": lambda x: x.argmax(0),
    "logsumexp": _logsumexp,
    "sup": lambda x: x.max(0),
}
PER_ACTION = {"log softmax": lambda x: x - _logsumexp(x), "softmax": _softmax, "°": lambda x: x - _logsumexp(x)}
OVER_BATCH = {"mean": lambda x: x.mean(), "std": lambda x: _std(x, 0), "E": lambda x: x.mean()}
PREFIXES = {"th": np.tanh}  # of packs: they take what follows up to the end of the term, as sin x y is the sine of x y
POSTFIXES = {"!": _huber}
# Of packs: nobody knows how tightly these bind, so each must stand alone between its two operands.
STRANGE = {"⊖": np.subtract, "÷": quotient, "∨": np.maximum, "∧": np.minimum}


@dataclass
class Page:
    """What is known while a formula is read: the batch, and the letters that are defined so far, `[B]` or `[A, B]`."""

    batch: Batch
    letters: dict[str, Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """B."""
        return int(self.batch.samples.shape[1])

    def column(self, name: str) -> Array:
        """The values of an input `[B]`."""
        return self.batch.samples[COLUMNS.index(name)]

    def over_actions(self, formula: Formula) -> Array:
        """`[A, B]`."""
        return np.stack([formula(a) + np.zeros(self.size) for a in range(self.batch.num_actions)])

    def reduced(self, value: Callable[..., Any], *inner: Formula) -> Formula:
        """A number from values per action."""
        return lambda _: value(*(self.over_actions(each) for each in inner))

    def picked(self, value: Callable[..., Any], inner: Formula, action: Formula) -> Formula:
        """The value at an action, of values per action."""
        return lambda a: taken(value(self.over_actions(inner)), action(a))

    def over_batch(self, value: Callable[..., Any], inner: Formula) -> Formula:
        """A number from the values of all samples."""
        return lambda a: value(inner(a) + np.zeros(self.size))

    def where(self, parts: Sequence[Formula]) -> Formula:
        """c if a > b, else d."""
        chosen, left, right, other = parts
        return lambda a: np.where(left(a) > right(a), chosen(a), other(a))

    def define(self, letter: str, formula: Formula, per_action: bool) -> None:
        """Remember what a letter stands for; it is computed once."""
        value = self.over_actions(formula) if per_action else formula(None)
        self.letters[letter] = value if per_action or np.ndim(value) else value + np.zeros(self.size)


def taken(values: Array, action: Any) -> Any:
    """Of values `[A, B]`, those at an action, which may be one for each sample."""
    return values[action] if np.ndim(action) == 0 else np.take_along_axis(values, action[None], 0)[0]
