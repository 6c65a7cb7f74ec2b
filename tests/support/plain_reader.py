"""Reads formulas in plain characters as a person does, and computes them: what brackets are missing shows in the value.

Written without a look at the printer: a product binds tighter than `/`, a prefix such as `max over a′` takes the whole term
that follows, `²` belongs to what stands right before it, a minus after a blank subtracts, `2 ½` and `2 3` are mistakes.
"""

import re
from collections.abc import Callable
from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.heads import View
from tests.support.evaluate import COLUMNS, VIEWS, Batch

Array = NDArray[Any]
Formula = Callable[[Any], Any]  # value [B] for the action that a′ stands for

SYMBOLS = {"r": "r", "γ": "discount", "r_n": "r_n", "γ_n": "discount_n", "G": "return_to_go", "h": "has_return"}
SYMBOLS |= {"τ": "progress", "μ": "behaviour_prob"}
STATES = {"s": "s", "s′": "s_next", "s_n": "s_n"}
NETWORKS = {"Q⁻⁻": "target_old", "Q⁻": "target", "Q": "online"}
NUMBER = re.compile(r"½|10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(\d+(?:\.\d+)?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
WORD = re.compile(r"[A-Za-zγτμ]+(?:_[nB])?")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(0))
    return powers / powers.sum(0)


def _std(x: Array, axis: int) -> Array:
    return np.sqrt(np.maximum(((x - x.mean(axis, keepdims=True)) ** 2).mean(axis), 1e-12))


def _logsumexp(x: Array) -> Array:
    return np.log(np.exp(x - x.max(0)).sum(0)) + x.max(0)


CALLS: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "sign": np.sign,
    "exp": lambda x: np.exp(np.minimum(x, 20)),
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "huber": lambda x: np.where(np.abs(x) <= 1, x * x / 2, np.abs(x) - 0.5),
    "min": np.minimum,
    "max": np.maximum,
    "sg": lambda x: x,
}
OVER_ACTIONS: dict[str, Callable[..., Any]] = {  # of arrays [A, B]
    "H": lambda p: -(p * np.log(np.maximum(p, 1e-8))).sum(0),
    "KL": lambda p, m: (p * (np.log(np.maximum(p, 1e-8)) - np.log(np.maximum(m, 1e-8)))).sum(0),
    "max over a′": lambda x: x.max(0),
    "min over a′": lambda x: x.min(0),
    "mean over a′": lambda x: x.mean(0),
    "sum over a′": lambda x: x.sum(0),
    "std over a′": lambda x: _std(x, 0),
    "argmax over a′": lambda x: x.argmax(0),
    "logsumexp over a′": _logsumexp,
}
PER_ACTION = {"log softmax over a′": lambda x: x - _logsumexp(x), "softmax over a′": _softmax}
OVER_BATCH = {"mean_B": lambda x: x.mean(), "std_B": lambda x: _std(x, 0)}


class Reader:
    """A position in a formula."""

    def __init__(self, text: str, batch: Batch) -> None:
        self.text, self.batch, self.at = text, batch, 0

    def takes(self, token: str) -> bool:
        """Go on past a token, if it is next."""
        found = self.text.startswith(token, self.at)
        self.at += len(token) * found
        return found

    def needs(self, token: str) -> None:
        """Go on past a token that must be next."""
        assert self.takes(token), f"no '{token}' at {self.at} of {self.text}"

    def matches(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go on past a pattern, if it is next."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found

    def sum(self) -> Formula:
        """`x + y − z`."""
        signed = [(1, self.term())]
        while sign := 1 if self.takes(" + ") else -1 if self.takes(" − ") or self.takes(" −") else 0:
            signed.append((sign, self.term()))
        return lambda a: sum(sign * term(a) for sign, term in signed)

    def term(self) -> Formula:
        """`x y / z`."""
        if self.takes("−"):
            negated = self.term()
            return lambda a: -negated(a)
        total, divisors = self.product(), list[Formula]()
        while self.takes(" / "):
            divisors.append(self.product())
        return lambda a: reduce(_quotient, [divisor(a) for divisor in divisors], total(a))

    def product(self) -> Formula:
        """`x y z`."""
        factors = [self.power()]
        while self.text[self.at : self.at + 1] == " " and self.text[self.at + 1] not in "+−/>":
            self.takes(" ")
            factors.append(self.power())
        return lambda a: prod(factor(a) for factor in factors)

    def power(self) -> Formula:
        """`x²` or `x^1.5`."""
        base = self.base()
        if self.takes("^"):
            exponent = self.base()
            return lambda a: _power(base(a), float(exponent(a)))
        return (lambda a: base(a) ** 2) if self.takes("²") else base

    def base(self) -> Formula:
        """What needs no brackets."""
        if number := self.matches(NUMBER):
            next_number = number[0] != "½" and re.match(r" [½\d]", self.text[self.at :])
            assert not next_number, f"two numbers in a row in {self.text}"
            small, whole, exponent = number.groups()
            value = 0.5 if number[0] == "½" else float(whole or 1) * 10.0 ** int((small or exponent or "0").translate(DIGITS))
            return lambda _: value
        if self.takes("("):
            return self.bracket()
        if self.takes("["):
            left, right = self.pair(" > ", "]")
            return lambda a: np.where(left(a) > right(a), 1.0, 0.0)
        if self.takes("⟨"):
            left, right = self.pair(", ", "⟩")
            return lambda _: (self.over_actions(left) * self.over_actions(right)).sum(0)
        if self.takes("√("):
            inner = self.until(")")
            return lambda a: np.sqrt(np.maximum(inner(a), 1e-6))
        if self.takes("|A|"):
            return lambda _: float(self.batch.num_actions)
        if self.takes("|"):
            inner = self.until("|")
            return lambda a: np.abs(inner(a))
        return self.word()

    def bracket(self) -> Formula:
        """`x)`, `x)₊` or `x, if y > z, else w)`."""
        first = self.sum()
        if self.takes(", if "):
            left, right = self.pair(" > ", ", else ")
            other = self.until(")")
            return lambda a: np.where(left(a) > right(a), first(a), other(a))
        self.needs(")")
        return (lambda a: np.maximum(first(a), 0)) if self.takes("₊") else first

    def word(self) -> Formula:
        """A symbol, a network's value, a call, or a prefix with its term."""
        for name, network in NETWORKS.items():
            if self.takes(f"{name}("):
                return self.network(network)
        for prefix, value in OVER_ACTIONS.items():
            if self.takes(f"{prefix} "):
                return self.reduced(value)
        for prefix, value in PER_ACTION.items():
            if self.takes(f"{prefix} "):
                return self.picked(value)
        if self.takes("one_hot("):
            one = self.action(", ")
            self.until(")")
            self.needs("[")
            other = self.action("]")
            return lambda a: np.where(np.equal(one(a), other(a)), 1.0, 0.0)
        if self.takes("log|"):
            self.at -= 1
            inner = self.power()
            return lambda a: np.log(np.maximum(inner(a), 1e-6))
        found = self.matches(WORD)
        assert found, f"no word at {self.at} of {self.text}"
        if found[0] in OVER_BATCH:
            self.needs(" ")
            inner = self.term()
            return lambda a: OVER_BATCH[found[0]](inner(a) + np.zeros(self.batch.samples.shape[1]))
        if self.takes("("):
            args = [self.sum()]
            while self.takes(", "):
                args.append(self.sum())
            self.needs(")")
            if found[0] in OVER_ACTIONS:
                return lambda _: OVER_ACTIONS[found[0]](*(self.over_actions(arg) for arg in args))
            return lambda a: CALLS[found[0]](*(arg(a) for arg in args))
        return lambda _: self.batch.samples[COLUMNS.index(SYMBOLS[found[0]])]

    def reduced(self, value: Callable[..., Any]) -> Formula:
        """`x` after `max over a′`."""
        inner = self.term()
        return lambda _: value(self.over_actions(inner))

    def picked(self, value: Callable[..., Any]) -> Formula:
        """`x[a]` after `softmax over a′`."""
        inner = self.base()
        self.needs("[")
        action = self.action("]")
        return lambda a: _taken(value(self.over_actions(inner)), action(a))

    def network(self, network: str) -> Formula:
        """`s′, a)`: the rest of a network's value."""
        state = next(state for symbol, state in STATES.items() if self.takes(f"{symbol}, "))
        values, action = self.batch.q[VIEWS.index(View("q", network, state))], self.action(")")
        return lambda a: _taken(values, action(a))

    def action(self, end: str) -> Formula:
        """`a`, `a′` or an argmax."""
        if self.takes(f"a′{end}"):
            return lambda a: a
        for symbol, name in (("a", "a"), ("a_next", "a_next")):
            if self.takes(f"{symbol}{end}"):
                return lambda _, name=name: self.batch.samples[COLUMNS.index(name)].astype(int)
        return self.until(end)

    def pair(self, between: str, end: str) -> tuple[Formula, Formula]:
        """Two sums."""
        return self.until(between), self.until(end)

    def until(self, end: str) -> Formula:
        """A sum and what must follow it."""
        found = self.sum()
        self.needs(end)
        return found

    def over_actions(self, formula: Formula) -> Array:
        """`[A, B]`."""
        size = self.batch.samples.shape[1]
        return np.stack([formula(a) + np.zeros(size) for a in range(self.batch.num_actions)])


def _quotient(top: Any, bottom: Any) -> Any:
    return top / np.where(np.abs(bottom) < 1e-6, np.where(bottom < 0, -1e-6, 1e-6), bottom)


def _power(x: Any, p: float) -> Any:
    """Guarded as the op says."""
    size = np.maximum(np.abs(x), 1e-6) if p < 1 else np.abs(x)
    return size**p * (np.where(np.asarray(x) < 0, -1.0, 1.0) if p % 2 == 1 else 1.0)


def _taken(values: Array, action: Any) -> Any:
    return values[action] if np.ndim(action) == 0 else np.take_along_axis(values, action[None], 0)[0]


def value_of_plain(text: str, batch: Batch) -> Array:
    """What a formula comes to, `[B]`."""
    reader = Reader(text, batch)
    found = reader.sum()
    assert reader.at == len(text), f"'{text[reader.at :]}' is left of {text}"
    with np.errstate(all="ignore"):
        return found(None) + np.zeros(batch.samples.shape[1])
