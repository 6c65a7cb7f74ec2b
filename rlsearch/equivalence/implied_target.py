"""The implied target: many a loss moves Q(s, a) towards some T with some weight; both are read off its gradient.

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
from rlsearch.equivalence.looks import FIRST, further_batch
from rlsearch.equivalence.target_words import describe
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, parse_expression
from rlsearch.regimes.regime import Regime
from rlsearch.registry import derived, regimes

Array = NDArray[np.float64]

PER_BATCH = 3000  # samples, many more than a fingerprint's: a sign that agrees on few may differ on others
FITS = 1e-8  # residual, relative to each batch of the probe
HUGE = 1e150  # a size whose square has no end, nor has that of its inverse; nothing is trained by such gradients
ZERO_TOL = 1e-7  # a coefficient that is zero but for rounding

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
        target: coefficient of each of the regime's terms that occurs in the target, by the term's symbol.
        away: whether the weight is negative: a step of gradient descent moves Q(s, a) away from the target.
        words: what it is, in one sentence.
    """

    weight: float | None
    target: Mapping[str, float]
    away: bool
    words: str


def implied(graph: Graph) -> Implied | None:
    """The implied target of a loss; None if its gradient is not of that form or its regime knows no targets."""
    regime = graph.regime
    if not regime.estimate:
        return None
    probe = _probe(regime.name)
    gradient = _by_estimate(graph, regime, probe)
    if gradient is None:
        return None
    columns = _columns(regime.name)  # [the estimate and the terms, batches, samples]
    largest = np.abs(gradient).max(axis=1, keepdims=True)
    if not ((largest > 1 / HUGE) & (largest < HUGE)).all():
        return None
    norms = np.linalg.norm(gradient, axis=1, keepdims=True)
    rows = (columns / norms).reshape(len(columns), -1).T
    scale = np.linalg.norm(rows, axis=0)
    found, *_ = np.linalg.lstsq(rows / scale, (gradient / norms).ravel(), rcond=1e-12)
    fit = (rows / scale @ found).reshape(gradient.shape)
    weight, target = float(found[0] / scale[0]), -found[1:] / scale[1:]
    if np.abs(fit - gradient / norms).max() < FITS and abs(weight) > ZERO_TOL:
        values = zip(regime.terms, (target / weight).tolist(), strict=True)
        terms = {name: _round(value) for name, value in values if abs(value) > ZERO_TOL}
        return _from_coefficients(regime, _round(weight), terms, weight < 0)
    return _find_usual_target(regime, gradient, dict(zip(("estimate", *regime.terms), columns, strict=True)))


def _from_coefficients(regime: Regime, weight: float | None, terms: Mapping[str, float], away: bool) -> Implied:
    """An implied target from the coefficients by the terms' names."""
    target = {regime.terms[name].symbol: value for name, value in terms.items()}
    return Implied(weight, target, away, describe(regime, weight, terms, away))


def _find_usual_target(regime: Regime, gradient: Array, columns: Mapping[str, Array]) -> Implied | None:
    """A target among the usual ones, if the gradient's sign is everywhere that of the distance to it."""
    for target in USUAL:
        if not target.keys() <= columns.keys():
            continue
        parts = [columns["estimate"], *(value * columns[name] for name, value in target.items())]
        distance = parts[0] - sum(parts[1:])
        # Where the distance is 0, or nothing but rounding, a weight may be anything.
        known = np.abs(distance) > FITS * sum(map(np.abs, parts))
        for away in (False, True):
            if (np.sign(gradient) * distance * (-1 if away else 1) > 0)[known].all():
                return _from_coefficients(regime, None, target, away)
    return None


def _by_estimate(graph: Graph, regime: Regime, probe: Probe) -> Array | None:
    """The gradient by the estimate `[batches, samples]`; None if other network outputs are moved as well."""
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
    return join([further_batch(regimes()[regime], sizes, PER_BATCH) for sizes in FIRST.sizes])


@derived
@cache
def _columns(name: str) -> Array:
    """The estimate, then every term, on the probe `[1 + terms, batches, samples]`; samples of all sizes side by side."""
    regime, probe, columns = regimes()[name], _probe(name), []
    for text in (regime.estimate, *(term.text for term in regime.terms.values())):
        with np.errstate(all="ignore"):
            value = np.broadcast_to(values(parse_expression(text), probe)[-1], probe.shape)
        columns.append(value.swapaxes(0, 1).reshape(probe.shape[1], -1))
    return np.stack(columns)


def _round(value: float) -> float:
    """The value as far as least squares tell it: a coefficient of 0.9999999 is not 1."""
    return float(f"{value:.9g}")
