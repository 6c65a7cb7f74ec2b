"""The implied target: many a loss moves Q(s, a) towards something, T, with some weight; this says what and how.

A gradient w * (Q - T) with T affine in the reward, the bootstrapped value and the like is found by least squares on a
probe like the fingerprint's, and believed only if it fits to rounding. So `0.5 * d**2 + 0.1 * q_sa` is said to be DQN with
every reward lowered by 0.1 (Co-Reyes et al. 2021 read it as a regularizer).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import gradients, probe
from rlsearch.compile.probe import Points
from rlsearch.compile.tape import Q_INPUTS
from rlsearch.equivalence.fingerprint import ACTIONS, points
from rlsearch.graph.graph import Graph

Array = NDArray[np.float64]

PER_BATCH = 1000  # transitions, many more than a fingerprint's: a sign that agrees on few may differ on others
FITS = 1e-8  # residual, relative to each batch of the probe
NOTHING = 1e-7  # a coefficient that is zero but for rounding

# What a target may be made of, as formulas print it.
TERMS = (
    "r",
    "γ max Q⁻(s′)",
    "rₙ",
    "γₙ max Q⁻(sₙ)",
    "1",
    "γ",
    "max Q⁻(s′)",
    "γ Q⁻(s′, argmax Q(s′))",
    "Q⁻(s, a)",
    "max Q⁻(s)",
)
REWARD, BOOTSTRAP, REWARDS_N, BOOTSTRAP_N, ONE, GOES_ON, UNDISCOUNTED, DOUBLE = TERMS[:8]
# Targets that a weight which varies is looked for with.
USUAL: tuple[Mapping[str, float], ...] = (
    {REWARD: 1.0, BOOTSTRAP: 1.0},
    {REWARD: 1.0, DOUBLE: 1.0},
    {REWARDS_N: 1.0, BOOTSTRAP_N: 1.0},
    {REWARD: 1.0, UNDISCOUNTED: 1.0},
    {REWARD: 1.0},
)


@dataclass(frozen=True)
class Implied:
    """A gradient of the form weight * (Q(s, a) - target).

    Attributes:
        weight: the factor; None where it differs from sample to sample but has one sign throughout.
        target: coefficient of each of TERMS that occurs in the target.
        away: whether the weight is negative: a step of gradient descent moves Q(s, a) away from the target.
    """

    weight: float | None
    target: Mapping[str, float]
    away: bool = False

    @property
    def formula(self) -> str:
        """`r + γ max Q⁻(s′) − 0.1`."""
        signs = [("−" if value < 0 else "+", _times(abs(value), term)) for term, value in self.target.items()]
        text = " ".join(f"{sign} {part}" for sign, part in signs) or "0"
        return text.removeprefix("+ ")

    @property
    def words(self) -> str:
        """What it is, in one sentence."""
        name = _name(self.target)
        if self.weight is None:
            sign = "negative" if self.away else "positive"
            head = f"gradient: a {sign} weight that varies, times (Q(s, a) − T), T = {self.formula}"
            notes = [f"as {name} in each transition, but with another fixed point where outcomes vary"] if name else []
        else:
            head = f"gradient: {_number(self.weight)} × (Q(s, a) − T), T = {self.formula}"
            notes = [name] if name else []
        if self.away:
            notes = ["pushes Q(s, a) away from T"]
        elif (discount := self.target.get(UNDISCOUNTED, 0.0)) > 0:
            notes.append(f"{'no' if discount == 1 else 'a fixed'} discount; bootstraps past the end of an episode")
        return ": ".join([head, *notes])


def implied(graph: Graph) -> Implied | None:
    """The implied target of a loss, or None where its gradient is not of that form."""
    taken = _taken(graph, [points(actions, PER_BATCH) for actions in ACTIONS])
    if taken is None:
        return None
    gradient, columns = taken  # [batches, transitions]; [Q and TERMS, batches, transitions]
    norms = np.linalg.norm(gradient, axis=1, keepdims=True)
    if not np.isfinite(gradient).all() or not (norms > 0).all():
        return None
    rows = (columns / norms).reshape(len(columns), -1).T
    scale = np.linalg.norm(rows, axis=0)
    found, *_ = np.linalg.lstsq(rows / scale, (gradient / norms).ravel(), rcond=1e-12)
    fit = (rows / scale @ found).reshape(gradient.shape)
    weight, target = float(found[0] / scale[0]), -found[1:] / scale[1:]
    if np.abs(fit - gradient / norms).max() < FITS and abs(weight) > NOTHING:
        return Implied(_rounded(weight), _terms(target / weight), weight < 0)
    return _weighted(gradient, columns)


def _weighted(gradient: Array, columns: Array) -> Implied | None:
    """Whether the sign is everywhere that of the distance to a usual target."""
    for target in USUAL:
        distance = columns[0] - sum(value * columns[1 + TERMS.index(term)] for term, value in target.items())
        for away in (False, True):
            if (gradient * distance * (-1 if away else 1) > 0).all():
                return Implied(None, target, away)
    return None


def _taken(graph: Graph, at: Sequence[Points]) -> tuple[Array, Array] | None:
    """The gradient by Q(s, a), and Q(s, a) and TERMS, on the probe; None where other outputs are moved as well."""
    moved = gradients(graph, probe(at))
    if moved.keys() != {"s"}:
        return None
    by_taken, columns = list[Array](), list[Array]()
    for part, given in zip(moved["s"], at, strict=True):
        taken = np.arange(len(part))[:, None, None] == given.sample("a")
        if part[~taken].any():
            return None
        by_taken.append((part * taken).sum(0))
        columns.append(_columns(given, taken))
    return np.concatenate(by_taken, axis=1), np.concatenate(columns, axis=2)


def _columns(at: Points, taken: NDArray[np.bool_]) -> Array:
    q = {pair: at.q[place] for place, pair in enumerate(Q_INPUTS)}
    discount, one = at.sample("discount"), np.ones(taken.shape[1:])
    following, now = q["target", "s_next"], q["target", "s"]
    double = np.take_along_axis(following, q["online", "s_next"].argmax(0)[None], 0)[0]
    values = {
        REWARD: at.sample("r"),
        BOOTSTRAP: discount * following.max(0),
        REWARDS_N: at.sample("r_n"),
        BOOTSTRAP_N: at.sample("discount_n") * q["target", "s_n"].max(0),
        ONE: one,
        GOES_ON: discount,
        UNDISCOUNTED: following.max(0),
        DOUBLE: discount * double,
        "Q⁻(s, a)": (now * taken).sum(0),
        "max Q⁻(s)": now.max(0),
    }
    return np.stack([(q["online", "s"] * taken).sum(0), *(values[term] for term in TERMS)])


def _terms(values: Array) -> dict[str, float]:
    return {term: _rounded(float(value)) for term, value in zip(TERMS, values, strict=True) if abs(value) > NOTHING}


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _times(value: float, term: str) -> str:
    if term == ONE:
        return _number(value)
    return term if value == 1 else f"{_number(value)} {term}"


def _name(target: Mapping[str, float]) -> str:
    """What the field calls such a target, or ""."""
    known = {BOOTSTRAP: "DQN", DOUBLE: "double DQN", BOOTSTRAP_N: "DQN with n-step targets"}
    base = next((term for term in known if term in target), None)
    paid = REWARDS_N if base == BOOTSTRAP_N else REWARD
    rest = {term: value for term, value in target.items() if term not in (paid, base, ONE, GOES_ON)}
    if base is None:
        return "a bandit loss, which looks no further than the next reward" if target.keys() == {REWARD} else ""
    if rest or paid not in target or (base == BOOTSTRAP_N and len(target) > 2):
        return ""
    reward, bootstrap = target[paid], target[base]
    notes = []
    if ONE in target:
        notes.append(f"every reward {_moved(target[ONE] / reward)}")
    if GOES_ON in target:
        notes.append(f"rewards {_moved(target[GOES_ON] / reward)} times γ where the episode goes on")
    if bootstrap != 1:
        notes.append(f"its discount times {_number(bootstrap)}")
    if reward != 1:
        notes.append(f"its rewards times {_number(reward)}")
    return known[base] + (f" with {' and '.join(notes)}" if notes else "")


def _moved(value: float) -> str:
    return f"{'raised' if value > 0 else 'lowered'} by {_number(abs(value))}"
