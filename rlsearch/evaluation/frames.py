"""Trials and learning curves as records, and records as data frames of pandas, where it is installed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.trial import TrialRow

if TYPE_CHECKING:
    import pandas

WHERE = ("env", "seed")
TRIAL = (*WHERE, "steps", "area", "final", "mean_return", "episodes", "diverged_at", "culprit", "seconds")
CURVE = (*WHERE, "step", "score")


def trial_record(trial: TrialRow) -> dict[str, Any]:
    """A trial under the names of TRIAL; `mean_return` is NaN if no episode ended, `diverged_at` -1 if it did not diverge."""
    result = trial.result
    return {"env": trial.env, "seed": trial.seed_index, "steps": trial.steps} | {
        name: getattr(result, name) for name in TRIAL[3:]
    }


def curve_records(trial: TrialRow) -> Iterator[dict[str, Any]]:
    """The learning curve of a trial under the names of CURVE: the mean score of each stretch, at the step where it ends."""
    curve = trial.result.curve
    for number, score in enumerate(curve, 1):
        yield {
            "env": trial.env,
            "seed": trial.seed_index,
            "step": trial.steps * number // len(curve),
            "score": score,
        }


def data_frame(records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> "pandas.DataFrame":
    """A data frame of records, with these columns also where there is no record.

    Raises:
        RlsearchError: pandas is not installed.
    """
    try:
        from pandas import DataFrame  # not needed for anything else
    except ImportError:
        raise RlsearchError("a data frame needs pandas, which is not installed; type `pip install pandas`") from None
    return DataFrame.from_records(list(records), columns=list(columns))
