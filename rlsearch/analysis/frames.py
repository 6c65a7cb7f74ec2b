"""A run's trials and learning curves as records for data frames, read off its journal."""

from collections.abc import Iterator
from typing import Any

from rlsearch.evaluation.frames import CURVE, TRIAL
from rlsearch.evaluation.trial import Phase, TrialRow
from rlsearch.store.journal import Journal

OWNER = ("phase", "rung", "proposal", "class_index", "loss")
TRIALS, CURVES = (*OWNER, *TRIAL), (*OWNER, *CURVE)


def owned_trials(journal: Journal) -> Iterator[tuple[dict[str, Any], TrialRow]]:
    """Every trial of a run with whose it is, under the names of OWNER: proposals', then known losses', then confirmation's.

    `rung` counts from 1 and is 0 outside the rungs. `loss` is the hash of the class's first proposal, or a known loss's name;
    `proposal` and `class_index` are -1 for that one, `proposal` also in a confirmation.
    """
    rows = {row.index: row for row in journal.proposals()}
    for index, trials in journal.trials().items():
        of = rows[index].class_index
        for trial in trials:
            yield _owner(trial, index, of, rows[of].key), trial
    for named in (journal.baselines(), journal.confirmations()):
        for name, trials in named.items():
            of = int(name[1:]) if name.startswith("#") else -1
            for trial in trials:
                yield _owner(trial, -1, of, name if of < 0 else rows[of].key), trial


def _owner(trial: TrialRow, proposal: int, class_index: int, loss: str) -> dict[str, Any]:
    rung = trial.rung + 1 if trial.phase == Phase.RUNG else 0
    return dict(zip(OWNER, (str(trial.phase), rung, proposal, class_index, loss), strict=True))
