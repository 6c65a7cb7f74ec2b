"""When two losses train alike: the gradient fingerprint.

What a loss does to a network is its gradient by the network's outputs. It is taken in float64 on a fixed probe of several
groups of transitions, each with a scale of its own, with 2 and with 5 actions, and two losses whose fingerprints agree
are one class: under `gradient` the gradients are equal, under `direction` equal up to one positive factor.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.lower import lower
from rlsearch.compile.reference import backward, forward
from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS, Tape
from rlsearch.graph.graph import Graph

Array = NDArray[np.float64]

SCALES = (0.01, 0.3, 1.0, 10.0, 100.0)  # one group of transitions each
SAMPLES = 6  # transitions in a group
ACTIONS = (2, 5)
TOLERANCE = 1e-5  # of a group's norm
ROUNDING = 1e-11
NOTHING = 1e-12  # a norm that is zero but for rounding
FLOOR = -30.0  # the logarithm of such a norm, and of any smaller than that
BUCKET = 1e-3  # width of the buckets that candidates for equality are looked up in


@dataclass(frozen=True)
class Probe:
    """Transitions with one number of actions: `[rows, groups, samples]` for each input of a tape."""

    q: Array  # [pairs of Q_INPUTS, A, groups, samples]
    samples: Array  # [SAMPLE_INPUTS, groups, samples]


@dataclass(frozen=True)
class Fingerprint:
    """A gradient on the probe.

    Attributes:
        vector: float32; for each group the gradient divided by its norm, then the (logarithms of the) norms.
        bucket: a coarse coordinate of the vector, for finding neighbours.
        flaw: why this gradient cannot train anything, or "".
    """

    vector: NDArray[np.float32]
    bucket: float
    flaw: str = ""


@cache
def probe(num_actions: int, per_group: int = SAMPLES) -> Probe:
    """The probe; that of SAMPLES per group is part of the identity of losses, so its seed never changes."""
    rng = np.random.default_rng([20210103958, num_actions])
    scale = np.array(SCALES)[:, None]
    shape = (len(SCALES), per_group)
    q = rng.normal(size=(len(Q_INPUTS), num_actions, *shape)) * scale
    discount = rng.uniform(0.05, 1.0, shape)
    discount[:, 0] = 0.0  # terminal transitions
    values = {
        "a": rng.integers(0, num_actions, shape).astype(float),
        "r": rng.normal(size=shape) * scale,
        "discount": discount,
    }
    return Probe(q, np.stack([values[name] for name in SAMPLE_INPUTS]))


def gradients(tape: Tape, at: Probe) -> Array:
    """Per-sample gradient by the online network's outputs: `[2, A, groups, samples]`, for s and for s_next."""
    regs = np.zeros((tape.rows, *at.samples.shape[1:]))
    online = [k for k, (network, _) in enumerate(Q_INPUTS) if network == "online"]
    for k, row in enumerate(tape.q_rows.tolist()):
        if row >= 0:
            regs[row : row + tape.num_actions] = at.q[k]
    for k, row in enumerate(tape.sample_rows.tolist()):
        if row >= 0:
            regs[row] = at.samples[k]
    forward(tape, regs)
    grads = np.zeros_like(regs)
    grads[tape.root] = 1.0
    backward(tape, regs, grads)
    out = np.zeros((len(online), *at.q.shape[1:]))
    for place, k in enumerate(online):
        if tape.q_carries[k]:
            row = tape.q_rows[k]
            out[place] = grads[row : row + tape.num_actions]
    # (q / r) / q has no gradient, but rounding leaves some: what is far below the intermediate values is 0.
    out[np.abs(out) < ROUNDING * np.abs(grads).max(0)] = 0.0
    return out


@cache
def _compass(size: int) -> Array:
    """A fixed random direction: fingerprints that agree have nearly the same coordinate along it."""
    direction: Array = np.random.default_rng(7).normal(size=size) / np.sqrt(size)
    return direction


def fingerprint(graph: Graph, equivalence: str) -> Fingerprint:
    """The fingerprint of a loss under `gradient` or `direction` equivalence."""
    with np.errstate(all="ignore"):
        parts = [gradients(lower(graph, actions), probe(actions)) for actions in ACTIONS]
    # [groups, everything else]: a group is measured on both numbers of actions together.
    rows = np.concatenate([np.moveaxis(part, 2, 0).reshape(len(SCALES), -1) for part in parts], axis=1)
    if not np.isfinite(rows).all():
        return Fingerprint(np.zeros(0, np.float32), 0.0, "gradient is not finite")
    norms: Array = np.linalg.norm(rows, axis=1)
    if not norms.max() > NOTHING:
        return Fingerprint(np.zeros(0, np.float32), 0.0, "gradient is zero")
    if _constant(parts):
        return Fingerprint(np.zeros(0, np.float32), 0.0, "gradient is constant")
    seen = norms > NOTHING
    unit = rows / np.where(seen, norms, 1.0)[:, None]
    logs = np.log(np.where(seen, norms, 1.0))
    if equivalence == "direction":
        logs -= logs[seen].max()
    # A group without gradient has no logarithm; it must not be measured against the others' scale.
    vector = np.concatenate([unit.ravel(), np.where(seen, np.maximum(logs, FLOOR), FLOOR)])
    return Fingerprint(vector.astype(np.float32), float(vector @ _compass(vector.size)))


def _constant(parts: list[Array]) -> bool:
    """Whether every sample pushes the same way by the same amount, whatever was seen: nothing can be learnt from that."""
    for part in parts:
        totals = part.sum(1).reshape(len(part), -1)  # a cheap look first: few losses get further
        if np.ptp(totals, axis=1).max() > 1e-6 * np.abs(part).max():
            return False
        ordered = np.sort(part.reshape(part.shape[0], part.shape[1], -1), axis=1)
        if not np.allclose(ordered, ordered[..., :1], rtol=1e-9, atol=0):
            return False
    return True


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two fingerprints are of one class."""
    return bool(np.abs(one.vector - other.vector).max() <= TOLERANCE)


class Classes:
    """Gradient classes met so far: from a fingerprint to the number of its class, however it was rounded."""

    def __init__(self) -> None:
        self._buckets: dict[int, list[tuple[Fingerprint, int]]] = {}

    def find(self, print_: Fingerprint) -> int | None:
        """The class of a fingerprint, or None if it is new."""
        middle = round(print_.bucket / BUCKET)
        for bucket in (middle, middle - 1, middle + 1):
            for known, number in self._buckets.get(bucket, ()):
                if same(known, print_):
                    return number
        return None

    def add(self, print_: Fingerprint, number: int) -> None:
        """Remember a new class."""
        self._buckets.setdefault(round(print_.bucket / BUCKET), []).append((print_, number))
