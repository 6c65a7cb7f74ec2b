"""The implied target: many a loss moves Q(s, a) towards something, T, with some weight; this says what and how.

A gradient w * (Q - T) with T affine in the reward, the bootstrapped value and the like is found by least squares on a
probe like the fingerprint's, and believed only if it fits to rounding. So `0.5 * d**2 + 0.1 * q_sa` is said to be DQN with
every reward lowered by 0.1 (Co-Reyes et al. 2021 read it as a regularizer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.numpy_graph import Probe, gradients, join, values
from rlsearch.equivalence.fingerprint import SIZES, probe_batch
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, parse_expression
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, regimes

Array = NDArray[np.float64]

PER_BATCH = 1000  # samples, many more than a fingerprint's: a sign that agrees on few may differ on others
FITS = 1e-8  # residual, relative to each batch of the probe
NOTHING = 1e-7  # a coefficient that is zero but for rounding

# Targets that a weight which varies is looked for with, by the regime's names of terms.
USUAL: tuple[Mapping[str, float], ...] = (
    {"reward": 1.0, "bootstrap": 1.0},
    {"reward": 1.0, "double": 1.0},
    {"rewards_n": 1.0, "bootstrap_n": 1.0},
    {"reward": 1.0, "undiscounted": 1.0},
    {"reward": 1.0},
)


@dataclass(frozen=True)
class Implied:
    """A gradient of the form weight * (Q(s, a) - target).

    Attributes:
        weight: the factor; None where it differs from sample to sample but has one sign throughout.
        terms: coefficient of each of the regime's terms that occurs in the target, by the term's name.
        symbols: of the terms.
        away: whether the weight is negative: a step of gradient descent moves Q(s, a) away from the target.
    """

    weight: float | None
    terms: Mapping[str, float]
    symbols: Mapping[str, str]
    away: bool = False

    @property
    def target(self) -> dict[str, float]:
        """Coefficient of each term that occurs, by its symbol: `{"r": 1.0, "γ max Q⁻(s′)": 1.0}`."""
        return {self.symbols[name]: value for name, value in self.terms.items()}

    @property
    def formula(self) -> str:
        """`r + γ max Q⁻(s′) − 0.1`."""
        signs = [("−" if value < 0 else "+", self._times(abs(value), name)) for name, value in self.terms.items()]
        text = " ".join(f"{sign} {part}" for sign, part in signs) or "0"
        return text.removeprefix("+ ")

    def _times(self, value: float, name: str) -> str:
        if name == "one":
            return _number(value)
        return self.symbols[name] if value == 1 else f"{_number(value)} {self.symbols[name]}"

    @property
    def words(self) -> str:
        """What it is, in one sentence."""
        name = _name(self.terms)
        if self.weight is None:
            sign = "negative" if self.away else "positive"
            head = f"gradient: a {sign} weight that varies, times (Q(s, a) − T), T = {self.formula}"
            notes = [f"as {name} in each transition, but with another fixed point where outcomes vary"] if name else []
        else:
            head = f"gradient: {_number(self.weight)} × (Q(s, a) − T), T = {self.formula}"
            notes = [name] if name else []
        if self.away:
            notes = ["pushes Q(s, a) away from T"]
        elif (discount := self.terms.get("undiscounted", 0.0)) > 0:
            notes.append(f"{'no' if discount == 1 else 'a fixed'} discount; bootstraps past the end of an episode")
        return ": ".join([head, *notes])


def implied(graph: Graph) -> Implied | None:
    """The implied target of a loss, or None where its gradient is not of that form or its regime knows no targets."""
    regime = graph.regime
    if not regime.estimate:
        return None
    probe = _probe(regime.name)
    gradient = _by_estimate(graph, regime, probe)
    if gradient is None:
        return None
    columns = _columns(regime.name)  # [the estimate and the terms, batches, samples]
    norms = np.linalg.norm(gradient, axis=1, keepdims=True)
    if not np.isfinite(gradient).all() or not (norms > 0).all():
        return None
    rows = (columns / norms).reshape(len(columns), -1).T
    scale = np.linalg.norm(rows, axis=0)
    found, *_ = np.linalg.lstsq(rows / scale, (gradient / norms).ravel(), rcond=1e-12)
    fit = (rows / scale @ found).reshape(gradient.shape)
    weight, target = float(found[0] / scale[0]), -found[1:] / scale[1:]
    symbols = {name: term.symbol for name, term in regime.terms.items()}
    if np.abs(fit - gradient / norms).max() < FITS and abs(weight) > NOTHING:
        values = zip(regime.terms, (target / weight).tolist(), strict=True)
        terms = {name: _rounded(value) for name, value in values if abs(value) > NOTHING}
        return Implied(_rounded(weight), terms, symbols, weight < 0)
    return _weighted(gradient, dict(zip(("estimate", *regime.terms), columns, strict=True)), symbols)


def _weighted(gradient: Array, columns: Mapping[str, Array], symbols: Mapping[str, str]) -> Implied | None:
    """A target among the usual ones, if the gradient's sign is everywhere that of the distance to it."""
    for target in USUAL:
        if not target.keys() <= columns.keys():
            continue
        distance = columns["estimate"] - sum(value * columns[name] for name, value in target.items())
        for away in (False, True):
            if (gradient * distance * (-1 if away else 1) > 0).all():
                return Implied(None, target, symbols, away)
    return None


def _by_estimate(graph: Graph, regime: Regime, probe: Probe) -> Array | None:
    """The gradient by the estimate `[batches, samples]`; None where other network outputs are moved as well."""
    moved, reached = gradients(graph, probe), gradients(parse(regime.estimate), probe)
    if moved.keys() != reached.keys():
        return None
    by_size: list[Array] = []
    for parts in zip(*(zip(moved[view], reached[view], strict=True) for view in moved), strict=True):
        if any(part[mask == 0].any() for part, mask in parts):
            return None
        by_size.append(sum(((part * mask).sum(0) for part, mask in parts), start=np.zeros(parts[0][0].shape[1:])))
    return np.concatenate(by_size, axis=1)


@derived
@cache
def _probe(regime: str) -> Probe:
    return join([probe_batch(regimes()[regime], sizes, PER_BATCH) for sizes in SIZES])


@derived
@cache
def _columns(name: str) -> Array:
    """The estimate, then every term, on the probe `[1 + terms, batches, samples]`; samples of all sizes beside each other."""
    regime, probe, columns = regimes()[name], _probe(name), []
    for text in (regime.estimate, *(term.text for term in regime.terms.values())):
        with np.errstate(all="ignore"):
            value = np.broadcast_to(values(parse_expression(text), probe)[-1], probe.shape)
        columns.append(value.swapaxes(0, 1).reshape(probe.shape[1], -1))
    return np.stack(columns)


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _name(terms: Mapping[str, float]) -> str:
    """What the field calls such a target, or ""."""
    known = {"bootstrap": "DQN", "double": "double DQN", "bootstrap_n": "DQN with n-step targets"}
    base = next((name for name in known if name in terms), None)
    paid = "rewards_n" if base == "bootstrap_n" else "reward"
    rest = {name: value for name, value in terms.items() if name not in (paid, base, "one", "goes_on")}
    if base is None:
        return "a bandit loss, which looks no further than the next reward" if terms.keys() == {"reward"} else ""
    if rest or paid not in terms or (base == "bootstrap_n" and len(terms) > 2):
        return ""
    reward, bootstrap = terms[paid], terms[base]
    notes = []
    if "one" in terms:
        notes.append(f"every reward {_moved(terms['one'] / reward)}")
    if "goes_on" in terms:
        notes.append(f"rewards {_moved(terms['goes_on'] / reward)} times γ where the episode goes on")
    if bootstrap != 1:
        notes.append(f"its discount times {_number(bootstrap)}")
    if reward != 1:
        notes.append(f"its rewards times {_number(reward)}")
    return known[base] + (f" with {' and '.join(notes)}" if notes else "")


def _moved(value: float) -> str:
    return f"{'raised' if value > 0 else 'lowered'} by {_number(abs(value))}"
