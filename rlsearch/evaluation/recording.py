"""Recording in a search: the trials that record batches, the steps at which they do, and the samples that are kept.

Hashes of the search's seed, the trial and the step decide, so no clock and no order of arrival does. The more trials a rung has
had the fewer of them record: the recordings of a run grow with the logarithm of its length.
"""

from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.train.recording import Record, Recording

BATCHES = 3  # of a trial that records: one in each third of what it learns from
DRAWN = 128  # samples of a batch, of which some are kept
KEPT = 32  # samples: a batch of most agents
OF_A_KIND = 8  # samples at most that are kept for their reward of 0, and as many for the end of their episode
EXTREME = 2  # samples that are kept for the largest network outputs, and as many for the largest rewards
STREAM = 1  # random numbers apart from those that drew the batch
# The share of trials that record on a rung that has had n of them is RARE / (1 + n), but never more than OFTEN; of known
# losses, which come first, about KNOWN on each rung.
RARE, OFTEN, KNOWN = 4.0, 0.5, 16.0

Trial = tuple[int | str, int, int, int]  # candidate, rung, and the indices of seed and environment

FLOAT32 = np.dtype("<f4")


class RecordedBatch(NamedTuple):
    """A batch that a trial recorded: drawn after so many steps, KEPT samples of it.

    `values` are float32 `[rows, KEPT]`: the regime's views in their order, then its columns, each of its width.
    """

    step: int
    sizes: Sizes
    values: bytes


def share_of(trials: int) -> float:
    """The share of trials that record, on a rung that has had so many."""
    return min(OFTEN, RARE / (1 + trials))


def number(*parts: int | str) -> int:
    """A hash of some words and numbers, from 0 to 2**64 - 1."""
    return int.from_bytes(blake2b(" ".join(map(str, parts)).encode(), digest_size=8).digest())


def wish(search_seed: int, trial: Trial, share: float, first: int, steps: int) -> Record | None:
    """The record that a trial is to make, between its first update and its last step; None if it makes none."""
    if first > steps or number(search_seed, *trial) >= share * 2**64:
        return None
    edges = [first + (steps + 1 - first) * part // BATCHES for part in range(BATCHES + 1)]
    drawn = [low + number(search_seed, *trial, low) % (high - low) for low, high in pairwise(edges) if low < high]
    return Record(tuple(drawn), DRAWN)


def due(record: Record | None, diverged_at: int) -> tuple[int, ...]:
    """The steps of the batches that a training has recorded, given where it diverged; -1 if it did not."""
    return tuple(step for step in (record.steps if record else ()) if diverged_at < 0 or step <= diverged_at)


def keep(recording: Recording, rng_seed: int) -> RecordedBatch:
    """The part of a recording that is kept; the trial's seed and the step decide what is drawn."""
    batch = recording.batch
    chosen = choose(batch, np.random.default_rng([rng_seed, recording.step, STREAM]))
    values = np.concatenate([*map(np.atleast_2d, batch.views.values()), *map(np.atleast_2d, batch.inputs.values())])
    return RecordedBatch(recording.step, batch.sizes, values[:, chosen].astype(FLOAT32).tobytes())


def choose(batch: Batch, rng: np.random.Generator) -> NDArray[np.int64]:
    """The indices of KEPT samples, in order: some of each kind that is met seldom, the others at random."""
    regime, shuffled = batch.regime, rng.permutation(batch.shape[-1])
    chosen: dict[int, None] = {}
    for name in (regime.reward, regime.discount):
        if name:
            chosen |= dict.fromkeys(shuffled[batch.inputs[name][shuffled] == 0][:OF_A_KIND].tolist())
    outputs = np.concatenate([np.abs(values) for values in batch.views.values()]).max(axis=0)
    for sizes in (outputs, np.abs(batch.inputs[regime.reward]) if regime.reward else outputs):
        chosen |= dict.fromkeys(np.argsort(-sizes, kind="stable")[:EXTREME].tolist())
    chosen |= dict.fromkeys(shuffled.tolist())
    return np.sort(np.array(list(chosen)[:KEPT]))


def batch_of(recorded: RecordedBatch, regime: Regime) -> Batch:
    """A recorded batch as losses of its regime read it, in float64.

    Raises:
        ValueError: it holds more or fewer values than such a batch has.
    """
    kinds = {view: regime.type_of(view) for view in regime.views} | {name: regime.inputs[name].type for name in regime.columns}
    ends = np.cumsum([recorded.sizes.width(kind) for kind in kinds.values()])
    values = np.frombuffer(recorded.values, FLOAT32).reshape(int(ends[-1]), -1).astype(np.float64)
    parts = dict(zip(kinds, np.split(values, ends[:-1]), strict=True))
    views = {view: parts[view] for view in regime.views}
    inputs = {name: parts[name] if regime.inputs[name].type.axis else parts[name][0] for name in regime.columns}
    return Batch(regime, recorded.sizes, views, inputs)
