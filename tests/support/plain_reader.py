"""Reads formulas in plain characters as a person does, and computes them: what brackets are missing shows in the value.

Written without a look at the printer: a product binds tighter than `/`, a prefix such as `max over a′` takes the whole term
that follows, `²` belongs to what stands right before it, a minus after a blank subtracts, `x + −y`, `2 ½` and `2 3` are
mistakes, and a sign that nobody knows stands alone between its operands.
"""

import re
from collections.abc import Callable
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from rlsearch.regimes.heads import View
from tests.support import reading
from tests.support.evaluate import VIEWS, Batch
from tests.support.reading import Array, Formula, Page

STATES = {"s": "s", "s′": "s_next", "s_n": "s_n"}
NETWORKS = {"Q⁻⁻": "target_old", "Q⁻": "target", "Q": "online"}
NUMBER = re.compile(r"½|10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(\d+(?:\.\d+)?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
WORD = re.compile(r"[A-Za-zγτμσ]+(?:_[nB])?")
LETTER = re.compile(r"[u-z][₀-₉]*(?![A-Za-z])")
NEXT_NUMBER = re.compile(r" ?[½\d]")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


class Reader:
    """A position in a line of a formula."""

    def __init__(self, text: str, page: Page) -> None:
        self.text, self.page, self.at = text, page, 0

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
        """`x + y − z`, or two operands of a strange sign."""
        start = self.at
        signed = [(-1 if self.takes("−") else 1, self.term())]
        for sign, value in reading.STRANGE.items():
            if self.text.startswith(f" {sign} ", self.at):
                return self.strange(value, start, f" {sign} ")
        while sign := 1 if self.takes(" + ") else -1 if self.takes(" − ") else 0:
            assert not self.text.startswith("−", self.at), f"two signs in a row in {self.text}"
            signed.append((sign, self.term()))
        assert not any(self.text.startswith(f" {sign}", self.at) for sign in reading.STRANGE), (
            f"who binds first in {self.text}?"
        )
        return lambda a: sum(sign * term(a) for sign, term in signed)

    def strange(self, value: Callable[..., Any], start: int, sign: str) -> Formula:
        """Two factors with a sign between, and nothing before or behind."""
        self.at = start
        left = self.power()
        self.needs(sign)
        right = self.power()
        alone = self.at == len(self.text) or self.text[self.at] in ")],|‖⟩" or self.text.startswith((" > ", " |"), self.at)
        assert alone, f"who binds first in {self.text}?"
        return lambda a: value(left(a), right(a))

    def term(self) -> Formula:
        """`x y / z`."""
        total, divisors = self.product(), list[Formula]()
        while self.takes(" / "):
            divisors.append(self.product())
        return lambda a: reduce(reading.quotient, [divisor(a) for divisor in divisors], total(a))

    def product(self) -> Formula:
        """`x y z` or `x·y`."""
        factors = [self.power()]
        while self.text[self.at : self.at + 1] == "·" or self.follows():
            self.at += 1
            factors.append(self.power())
        return lambda a: prod(factor(a) for factor in factors)

    def follows(self) -> bool:
        """Whether a factor follows a blank."""
        return self.text[self.at : self.at + 1] == " " and self.text[self.at + 1] not in ("+", "−", "/", ">", *reading.STRANGE)

    def power(self) -> Formula:
        """`x²` or `x^1.5`."""
        base = self.base()
        if self.takes("^"):
            exponent = self.base()
            return lambda a: reading.power(base(a), float(exponent(a)))
        if self.takes("²"):
            assert not self.text.startswith("²", self.at), f"two exponents in {self.text}"
            return lambda a: base(a) ** 2
        for sign, value in reading.POSTFIXES.items():
            if self.takes(sign):
                assert self.at == len(self.text) or self.text[self.at] in ")],|‖⟩ ", self.text
                return lambda a: value(base(a))
        return base

    def base(self) -> Formula:
        """What needs no brackets."""
        if number := self.matches(NUMBER):
            next_number = number[0] != "½" and NEXT_NUMBER.match(self.text, self.at)
            assert not next_number, f"two numbers in a row in {self.text}"
            small, whole, exponent = number.groups()
            power = int((small or exponent or "0").translate(DIGITS))
            value = 0.5 if number[0] == "½" else float(f"{whole or 1}e{power}")
            return lambda _: value
        if self.takes("("):
            return self.bracket()
        if self.takes("["):
            left, right = self.until(" > "), self.until("]")
            return lambda a: np.where(left(a) > right(a), 1.0, 0.0)
        if self.takes("⟨"):
            return self.page.reduced(lambda x, z: (x * z).sum(0), self.until(", "), self.until("⟩"))
        if self.takes("√"):
            radicand = self.base() if not self.takes("(") else self.until(")")
            return lambda a: reading.root(radicand(a))
        if self.takes("|A|"):
            return lambda _: float(self.page.batch.num_actions)
        for bar in "|‖":
            if self.takes(bar):
                inner = self.until(bar)
                return lambda a: np.abs(inner(a))
        return self.word()

    def bracket(self) -> Formula:
        """`x)`, `x)₊`, `x°)[a]` or `x, if y > z, else w)`."""
        first = self.sum()
        if self.takes(", if "):
            return self.page.where([first, self.until(" > "), self.until(", else "), self.until(")")])
        if self.takes("°)["):
            return self.page.picked(reading.PER_ACTION["°"], first, self.action("]"))
        self.needs(")")
        return (lambda a: np.maximum(first(a), 0)) if self.takes("₊") else first

    def word(self) -> Formula:
        """A symbol, a letter, a network's value, a call, or a prefix with its term."""
        for name, network in NETWORKS.items():
            if self.takes(f"{name}("):
                return self.network(network)
        if self.takes("one_hot("):
            one = self.action(", ")
            self.until(")")
            self.needs("[")
            other = self.action("]")
            return lambda a: np.where(np.equal(one(a), other(a)), 1.0, 0.0)
        for name, value in reading.OVER_ACTIONS.items():
            if self.takes("sup " if name == "sup" else f"{name} over a′ "):
                return self.page.reduced(value, self.term())
        for name, value in reading.PER_ACTION.items():
            if self.takes(f"{name} over a′ "):
                inner = self.base()
                self.needs("[")
                return self.page.picked(value, inner, self.action("]"))
        if self.takes("e^"):
            exponent = self.base()
            return lambda a: reading.exp(exponent(a))
        if self.takes("log|") or self.takes("ln|"):
            self.at -= 1
            inner = self.power()
            return lambda a: reading.log(inner(a))
        start = self.at
        if (letter := self.matches(LETTER)) and letter[0] in self.page.letters:
            return self.letter(letter[0])
        self.at = start
        found = self.matches(WORD)
        assert found, f"no word at {self.at} of {self.text}"
        name = found[0].removesuffix("_B")
        if name != found[0] or name == "E":
            self.needs(" ")
            return self.page.over_batch(reading.OVER_BATCH[name], self.term())
        if name in reading.PREFIXES:
            self.needs(" ")
            inner = self.term()
            return lambda a: reading.PREFIXES[name](inner(a))
        if self.takes("("):
            return self.call(name)
        return lambda _: self.page.column(reading.COLUMN_OF[found[0]])

    def call(self, name: str) -> Formula:
        """`x, y)` behind a name."""
        args = [self.sum()]
        while self.takes(", "):
            args.append(self.sum())
        self.needs(")")
        if name == "σ":
            self.needs("[")
            return self.page.picked(reading.CALLS_OVER_ACTIONS[name], args[0], self.action("]"))
        if name in reading.CALLS_OVER_ACTIONS:
            return self.page.reduced(reading.CALLS_OVER_ACTIONS[name], *args)
        return lambda a: reading.CALLS[name](*(arg(a) for arg in args))

    def letter(self, letter: str) -> Formula:
        """What a letter stands for, at an action if it has one."""
        value = self.page.letters[letter]
        if value.ndim == 1:
            return lambda _: value
        self.needs("(")
        action = self.action(")")
        return lambda a: reading.taken(value, action(a))

    def network(self, network: str) -> Formula:
        """`s′, a)`: the rest of a network's value."""
        state = next(state for symbol, state in STATES.items() if self.takes(f"{symbol}, "))
        values, action = self.page.batch.q[VIEWS.index(View("q", network, state))], self.action(")")
        return lambda a: reading.taken(values, action(a))

    def action(self, end: str) -> Formula:
        """`a`, `a′` or an argmax."""
        if self.takes(f"a′{end}"):
            return lambda a: a
        for symbol, name in reading.ACTIONS.items():
            if self.takes(f"{symbol}{end}"):
                return lambda _, column=name: self.page.column(column).astype(int)
        return self.until(end)

    def until(self, end: str) -> Formula:
        """A sum and what must follow it."""
        found = self.sum()
        self.needs(end)
        return found


def value_of_plain(text: str, batch: Batch) -> Array:
    """The value `[B]` of a formula, with its definitions in the lines behind it."""
    main, *definitions = text.split("\n")
    page = Page(batch)
    with np.errstate(all="ignore"):
        for line in definitions:
            name, _, body = re.sub(r"^(where|  and) ", "", line).replace(" ≈ ", " = ", 1).partition(" = ")
            page.define(name.removesuffix("(a′)"), _whole(body, page), name.endswith("(a′)"))
        return _whole(main.removeprefix("≈ "), page)(None) + np.zeros(page.size)


def _whole(text: str, page: Page) -> Formula:
    reader = Reader(text, page)
    found = reader.sum()
    assert reader.at == len(text), f"'{text[reader.at :]}' is left of {text}"
    return found
