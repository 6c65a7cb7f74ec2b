"""Pairs of losses that are easily taken for one: a loss, and the same with one part changed by something that seldom matters.

What is changed branches on a sign, on zero, on a literal, on how many actions there are or how far a training is; it cuts off
what is far out; or it goes through a guard and back.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from rlsearch.errors import LossError
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse

NAMES = """\
V = q(online, s)
Q = V[a]
T = max(q(target, s_next))
d = Q - (r + discount * T)
"""
# Losses with a hole, and what stands there.
SHAPES = (
    ("{x}", "d**2"),
    ("({x})**2", "d"),
    ("abs({x})", "d"),
    ("huber({x})", "d"),
    ("Q * stop({x})", "d"),
    ("({x} - (r + discount * T))**2", "Q"),
    ("(Q - ({x} + discount * T))**2", "r"),
    ("(Q - (r + {x} * T))**2", "discount"),
    ("(Q - (r + discount * {x}))**2", "T"),
    ("(Q - (r + discount * max({x})))**2", "q(target, s_next)"),
    ("(Q - (r + discount * {x}))**2", "q(target, s_next)[argmax(q(online, s_next))]"),
    ("(Q - (r_n + discount_n * {x}))**2", "max(q(target, s_n))"),
    ("(Q - ({x} + discount_n * max(q(target, s_n))))**2", "r_n"),
    ("d**2 + {x}", "0.1 * Q"),
    ("d**2 + 0.1 * (logsumexp({x}) - Q)", "V"),
    ("(Q - (r + discount * T + {x}))**2", "0.5 * return_to_go"),
    ("({x}) * d**2", "0.3 + progress"),
)
# What stands there instead: x as it was, c a number that may be 0, y another part, k a literal.
CHANGES = (
    "sign({c})**2 * ({x})",
    "where({c} > 0, {x}, {y})",
    "where(0 > {c}, {y}, {x})",
    "where(abs({c}) > 0, {x}, {y})",
    "where({c} > {k}, {y}, {x})",
    "where({k} > {c}, {x}, {y})",
    "({c}) / ({c}) * ({x})",
    "({x}) / ({c}) * ({c})",
    "({x}) * sqrt({c})**2 / sqrt({c})**2",
    "({x}) + log(0 * {c}) - log(0)",
    "clip({x}, -{k}, {k})",
    "min({x}, {k})",
    "max({x}, -{k})",
    "max({x}, {y})",
    "min({x}, {y})",
    "relu({x}) - relu(-({x}))",
    "max({x}, 0) + min({x}, 0)",
    "abs({x}) * sign({x})",
    "sqrt({x})**2",
    "sqrt(({x})**2) * sign({x})",
    "exp(log({x})) * sign({x})",
    "log(exp({x}))",
    "({x})**2 / ({x})",
    "({x}) + relu({c} - {k})",
    "({x}) * (1 + greater({c}, {k}))",
    "where(num_actions > {n}, {y}, {x})",
    "where({n} > num_actions, {y}, {x})",
    "where(progress > {p}, {y}, {x})",
    "where({p} > progress, {y}, {x})",
    "where(discount > {p}, {x}, {y})",
    "where(behaviour_prob > {p}, {x}, {y})",
    "where(max(V) > Q, {y}, {x})",
    "where(max(V) > min(V), {x}, {y})",
    "({x}) + max(V) - V[argmax(V)]",
    "where(Q > q(target, s)[a], {x}, {y})",
    "where(T > max(q(target_old, s_next)), {y}, {x})",
)
LETTERS = {
    "c": ("r", "r_n", "return_to_go", "has_return", "discount", "discount_n", "progress", "d", "(Q - q(target, s)[a])"),
    "y": ("2 * ({x})", "0", "({x}) + 1", "r", "0.5 * Q"),
    "k": ("0.01", "0.1", "0.5", "1", "2", "10", "100", "1000"),
    "n": (*map(str, range(2, 19)), "2.5", "5.5", "8.5"),
    "p": ("0.001", "0.01", "0.1", "0.5", "0.9", "0.95", "0.98", "0.999"),
}


class Confusable(NamedTuple):
    """Two losses, and how the second came from the first."""

    one: Graph
    other: Graph
    change: str


def confusable_pairs(count: int, seed: int = 0) -> Iterator[Confusable]:
    """So many pairs; each change and each shape is as likely as any."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        shape, part = rng.choice(SHAPES)
        change = rng.choice(CHANGES)
        letters = {letter: rng.choice(texts) for letter, texts in LETTERS.items()}
        letters["y"] = letters["y"].format(x=part)
        try:
            pair = [parse(f"{NAMES}loss = {shape.format(x=text)}") for text in (part, change.format(x=part, **letters))]
        except LossError:  # no gradient is left
            continue
        made += 1
        yield Confusable(*pair, change)
