"""Reads formulas as they are set, in LaTeX or MathML, as a person does, and computes them.

The conventions, written without a look at the printer:

- Signs beside each other are factors, numbers only if no other number follows; `3 ½` is no product. `x + −y` is a mistake.
- A function takes the round brackets behind it, `f(x)²` is the square of f(x); a function without such brackets takes the rest
  of the product: max_a x y is the maximum of x y. The logarithm of bars takes these and their exponent: log|x|² is log(|x|²).
- Softmax takes the next factor; `[a]` behind that is the value at a.
- An exponent belongs to the one sign that it stands at, brackets and all; none stands at a fraction.
- How tightly a sign binds that nobody knows cannot be said: it stands alone between two factors.
"""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from rlsearch.regimes.heads import View
from tests.support import reading
from tests.support.evaluate import VIEWS, Batch
from tests.support.layout import Line, Sign, lines_of_latex, lines_of_mathml
from tests.support.reading import Array, Formula, Page

STATES = {"s": "s", "s′": "s_next", "s_n": "s_n"}
NETWORKS = {"θ": "online", "θ¯": "target", "θ~": "target_old"}
BEGINS_FACTOR = ("symbol", "number", "fence", "fraction", "root")


def value_of_latex(text: str, batch: Batch) -> Array:
    """The value `[B]` of a formula in LaTeX, with definitions in the lines behind it."""
    return _value(lines_of_latex(text), batch)


def value_of_mathml(text: str, batch: Batch) -> Array:
    """The value `[B]` of a formula in MathML, with definitions in the lines behind it."""
    return _value(lines_of_mathml(text), batch)


def _value(lines: list[Line], batch: Batch) -> Array:
    (main, *definitions), page = lines, Page(batch)
    with np.errstate(all="ignore"):
        for word, letter, *rest in definitions:
            assert word.text in ("where", "and"), word
            per_action = rest[0].kind == "fence"
            relation, *body = rest[per_action:]
            assert relation.text in ("=", "≈"), relation
            page.define(_named(letter), Reader(tuple(body), page).whole(), per_action)
        rounded = main[0] == Sign("operator", "≈")
        return Reader(main[rounded:], page).whole()(None) + np.zeros(page.size)


def _named(sign: Sign) -> str:
    return "_".join([sign.text, *(part.text for part in sign.sub)])


def _is_number(sign: Sign) -> bool:
    return sign.kind == "number" or (
        sign.kind == "fraction" and all(len(line) == 1 and _is_number(line[0]) for line in sign.inner)
    )


class Reader:
    """A position in a line."""

    def __init__(self, line: Line, page: Page) -> None:
        self.line, self.page, self.at = line, page, 0

    @property
    def next(self) -> Sign:
        """The next sign, or an empty one."""
        return self.line[self.at] if self.at < len(self.line) else Sign("end")

    def takes(self, kind: str, text: str) -> bool:
        """Go on past a sign, if it is next."""
        found = (self.next.kind, self.next.text) == (kind, text)
        self.at += found
        return found

    def needs(self, kind: str, text: str) -> None:
        """Go on past a sign that must be next."""
        assert self.takes(kind, text), f"no '{text}' but {self.next}"

    def whole(self) -> Formula:
        """All of the line."""
        found = self.sum()
        assert self.next.kind == "end", f"{self.next} is left"
        return found

    def within(self, line: Line) -> Formula:
        """All of another line."""
        return Reader(line, self.page).whole()

    def sum(self) -> Formula:
        """`x + y − z`, or two factors with a strange sign between."""
        start = self.at
        signed = [(-1 if self.takes("operator", "−") else 1, self.term())]
        if self.next.kind == "operator" and self.next.text in reading.STRANGE:
            return self.strange(start)
        while sign := 1 if self.takes("operator", "+") else -1 if self.takes("operator", "−") else 0:
            signed.append((sign, self.term()))
        return lambda a: sum(sign * term(a) for sign, term in signed)

    def strange(self, start: int) -> Formula:
        """Two factors with a sign between, and nothing before or behind."""
        self.at = start
        left, sign = self.factor(), self.next.text
        self.needs("operator", sign)
        right = self.factor()
        assert self.next.kind in ("end", "text") or self.next.text in (",", ">"), f"who binds first, '{sign}' or {self.next}?"
        return lambda a: reading.STRANGE[sign](left(a), right(a))

    def term(self) -> Formula:
        """`x y z`."""
        factors = [self.factor()]
        while self.next.kind in BEGINS_FACTOR or self.next == Sign("operator", "·"):
            if not self.takes("operator", "·"):
                after_number = _is_number(self.line[self.at - 1])
                assert not (after_number and _is_number(self.next)), f"two numbers in a row in {self.line}"
            factors.append(self.factor())
        return lambda a: prod(factor(a) for factor in factors)

    def factor(self) -> Formula:
        """One factor with its exponent, and what is written behind it: `x²`, `x!`, `x[a]`."""
        sign = self.next
        assert sign.kind in BEGINS_FACTOR, f"{sign} is no factor of {self.line}"
        self.at += 1
        found = self.symbol(sign) if sign.kind == "symbol" else self.raised(self.closed(sign), sign)
        if self.next.kind == "operator" and self.next.text in reading.POSTFIXES:
            value = reading.POSTFIXES[self.next.text]
            self.at += 1
            return lambda a: value(found(a))
        return found

    def raised(self, base: Formula, sign: Sign) -> Formula:
        """The base with the exponent of a sign."""
        if not sign.sup:
            return base
        assert sign.kind != "fraction", "an exponent at a fraction"
        if sign.sup == (Sign("operator", "°"),):
            return base  # of values per action: see `round`
        if sign.kind == "number" and sign.text == "10" and sign.sup != (Sign("number", "2"),):
            *minus, digits = sign.sup
            power = float(f"1e{'-' * len(minus)}{digits.text}")
            return lambda _: power
        exponent = self.within(sign.sup)(None)
        return lambda a: reading.power(base(a), exponent)

    def closed(self, sign: Sign) -> Formula:
        """A number, a fraction, a root or what stands in brackets."""
        if sign.kind == "number":
            value = float(sign.text)
            return lambda _: value
        if sign.kind == "fraction":
            top, bottom = map(self.within, sign.inner)
            return lambda a: reading.quotient(top(a), bottom(a))
        if sign.kind == "root":
            (radicand,) = map(self.within, sign.inner)
            return lambda a: reading.root(radicand(a))
        return {"(": self.round, "[": self.square, "⟨": self.angle, "|": self.bars, "‖": self.bars}[sign.text](sign)

    def round(self, sign: Sign) -> Formula:
        """`(x)`, `(x)₊`, `(x°)[a]` or `(x if y > z else w)`."""
        inner = Reader(sign.inner[0], self.page)
        if inner.line[-1].sup == (Sign("operator", "°"),):
            starred = inner.factor()
            assert inner.next.kind == "end", f"a star at the end of {inner.line}"
            return self.index(reading.PER_ACTION["°"], starred)
        first = inner.sum()
        if inner.takes("text", "if"):
            parts = [first, inner.sum()]
            inner.needs("operator", ">")
            parts.append(inner.sum())
            inner.needs("text", "else")
            first = self.page.where([*parts, inner.sum()])
        assert inner.next.kind == "end", inner.next
        assert not sign.sub or sign.sub == (Sign("operator", "+"),)
        return (lambda a: np.maximum(first(a), 0)) if sign.sub else first

    def square(self, sign: Sign) -> Formula:
        """`[x > y]`."""
        inner = Reader(sign.inner[0], self.page)
        left = inner.sum()
        inner.needs("operator", ">")
        right = inner.whole()
        return lambda a: np.where(left(a) > right(a), 1.0, 0.0)

    def angle(self, sign: Sign) -> Formula:
        """`⟨x, y⟩`."""
        return self.page.reduced(lambda x, z: (x * z).sum(0), *map(self.within, _cells(sign.inner[0])))

    def bars(self, sign: Sign) -> Formula:
        """`|x|`, or the number of actions."""
        if sign.inner[0] == (Sign("symbol", "A"),):
            return lambda _: float(self.page.batch.num_actions)
        inner = self.within(sign.inner[0])
        return lambda a: np.abs(inner(a))

    def symbol(self, sign: Sign) -> Formula:
        """What a name stands for, with all that belongs to it."""
        name, below = sign.text, sign.sub
        if name == "Q":
            return self.network(NETWORKS[below[0].text])
        if _named(sign) in self.page.letters:
            return self.letter(sign)
        if [part.text for part in below] == ["a′"] and name in reading.OVER_ACTIONS:
            return self.page.reduced(reading.OVER_ACTIONS[name], self.term())
        if [part.text for part in below] == ["B"] or name == "E":
            return self.page.over_batch(reading.OVER_BATCH[name], self.term())
        if name == "softmax" or (name == "log" and self.takes("symbol", "softmax")):
            inner = self.factor()
            return self.index(reading.PER_ACTION["softmax" if name == "softmax" else "log softmax"], inner)
        if name == "onehot":
            action, vector = _cells(self.brackets().inner[0])
            one = self.action(action)
            return self.index(lambda x: np.equal(np.arange(len(x))[:, None], one(None)) * 1.0, self.within(vector))
        if name in ("log", "ln"):
            assert self.next.text == "|" and not sign.sup, f"a logarithm of {self.next}"
            inner = self.factor()
            return lambda a: reading.log(inner(a))
        if name == "e":
            exponent = self.within(sign.sup)
            return lambda a: reading.exp(exponent(a))
        if name in reading.PREFIXES:
            inner = self.term()
            return lambda a: reading.PREFIXES[name](inner(a))
        if name in reading.CALLS or name in reading.CALLS_OVER_ACTIONS:
            return self.call(name)
        column = reading.COLUMN_OF["_".join([name, *(part.text for part in below)])]
        return self.raised(lambda _: self.page.column(column), sign)

    def brackets(self) -> Sign:
        """The round brackets that must be next."""
        self.at += 1
        sign = self.line[self.at - 1]
        assert (sign.kind, sign.text) == ("fence", "("), f"{sign} are no brackets of a function"
        return sign

    def call(self, name: str) -> Formula:
        """`(x, y)` behind a name; the exponent of the brackets is that of the call."""
        sign = self.brackets()
        args = [self.within(cell) for cell in _cells(sign.inner[0])]
        if name == "σ":
            return self.index(reading.CALLS_OVER_ACTIONS[name], args[0])
        if name in reading.CALLS_OVER_ACTIONS:
            return self.raised(self.page.reduced(reading.CALLS_OVER_ACTIONS[name], *args), sign)
        return self.raised(lambda a: reading.CALLS[name](*(arg(a) for arg in args)), sign)

    def letter(self, sign: Sign) -> Formula:
        """What a letter stands for, at an action if it has one."""
        value = self.page.letters[_named(sign)]
        if value.ndim == 1:
            return self.raised(lambda _: value, sign)
        brackets = self.brackets()
        action = self.action(brackets.inner[0])
        return self.raised(lambda a: reading.taken(value, action(a)), brackets)

    def network(self, network: str) -> Formula:
        """`(s′, a)`."""
        brackets = self.brackets()
        state, action = _cells(brackets.inner[0])
        values = self.page.batch.q[VIEWS.index(View("q", network, STATES[_named(state[0])]))]
        taken = self.action(action)
        return self.raised(lambda a: reading.taken(values, taken(a)), brackets)

    def index(self, value: Callable[..., Any], inner: Formula) -> Formula:
        """`[a]` behind values per action."""
        sign = self.next
        assert (sign.kind, sign.text) == ("fence", "["), f"{sign} is no index"
        self.at += 1
        return self.raised(self.page.picked(value, inner, self.action(sign.inner[0])), sign)

    def action(self, line: Line) -> Formula:
        """`a`, `a′` or an argmax."""
        if line == (Sign("symbol", "a′"),):
            return lambda a: a
        if len(line) == 1 and (name := reading.ACTIONS.get(_named(line[0]))):
            return lambda _: self.page.column(name).astype(int)
        return self.within(line)


def _cells(line: Line) -> list[Line]:
    """The parts between commas."""
    cells: list[list[Sign]] = [[]]
    for sign in line:
        if (sign.kind, sign.text) == ("operator", ","):
            cells.append([])
        else:
            cells[-1].append(sign)
    return [tuple(cell) for cell in cells]
