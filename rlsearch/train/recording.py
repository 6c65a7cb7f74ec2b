"""Recordings: batches as a loss met them in a real training, with everything that any loss of the regime may read."""

from typing import NamedTuple

from rlsearch.regimes.batch import Batch


class Record(NamedTuple):
    """A wish to record: the steps (from 1, in order) after which a batch is drawn, and how many samples it shall have.

    Nothing is recorded before there is something to learn from, nor after a divergence.
    """

    steps: tuple[int, ...]
    size: int


class Recording(NamedTuple):
    """A batch of samples `[..., B]` in float64, drawn after so many steps of a training."""

    step: int
    batch: Batch
