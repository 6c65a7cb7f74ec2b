"""Conversion of trials, and of what they recorded, to columns of the journal's tables, and back."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from rlsearch.evaluation.recording import RecordedBatch
from rlsearch.evaluation.trial import BINS, Phase, TrialResult, TrialRow
from rlsearch.regimes.inputs import Sizes

TRIAL_COLUMNS = (
    *("phase", "rung", "env_index", "env", "seed_index", "steps"),
    *("curve", "area", "final", "episodes", "mean_return", "diverged_at", "culprit", "seconds", "cut_after_s"),
)
TRIAL = ("rung", "env_index", "seed_index")  # what tells the trials of one candidate on the rungs apart
RECORDING_COLUMNS = (*TRIAL, "step", "actions", "predictions", "batch")


def to_columns(row: TrialRow) -> tuple[Any, ...]:
    """The values of TRIAL_COLUMNS; SQLite makes NULL of a mean return that is NaN."""
    result = row.result
    return (
        *(row.phase, row.rung, row.env_index, row.env, row.seed_index, row.steps),
        *(np.array(result.curve, np.float64).tobytes(), result.area, result.final),
        *(result.episodes, result.mean_return, result.diverged_at, result.culprit, result.seconds, result.cut_after_s),
    )


def from_columns(values: Sequence[Any]) -> TrialRow:
    """The trial that columns hold.

    Raises:
        ValueError, TypeError: some value is none that was written.
    """
    phase, rung, env_index, env, seed_index, steps, curve, area, final, *rest = values
    episodes, mean_return, diverged_at, culprit, seconds, cut_after_s = rest
    result = TrialResult(
        curve=tuple(np.frombuffer(curve, np.float64, BINS).tolist()),
        episodes=episodes,
        mean_return=float("nan") if mean_return is None else mean_return,
        diverged_at=diverged_at,
        seconds=seconds,
        culprit=culprit,
        cut_after_s=cut_after_s,
    )
    if area is not None and (area, final) != (result.area, result.final):
        raise ValueError("the means are not the curve's")
    return TrialRow(Phase(phase), rung, env_index, env, seed_index, steps, result)


def recordings_to_columns(row: TrialRow) -> list[tuple[Any, ...]]:
    """The values of RECORDING_COLUMNS, for each batch that a trial recorded."""
    trial = row.rung, row.env_index, row.seed_index
    return [(*trial, one.step, *one.sizes, zlib.compress(one.values)) for one in row.result.recordings]


def recording_from_columns(values: Sequence[Any]) -> tuple[tuple[int, int, int], RecordedBatch]:
    """The batch that columns hold, with the values of TRIAL.

    Raises:
        ValueError, TypeError: some value is none that was written.
    """
    rung, env_index, seed_index, step, actions, predictions, batch = values
    try:
        recorded = RecordedBatch(step, Sizes(actions, predictions), zlib.decompress(batch))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    return (rung, env_index, seed_index), recorded
