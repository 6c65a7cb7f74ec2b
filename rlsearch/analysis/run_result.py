"""The results of a run so far, in one record: commands print it, the report shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlsearch.analysis.ops_used import OpsUsed, ops_used
from rlsearch.analysis.outcomes import Outcomes, outcomes
from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.result import Ranking
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """A run's result.

    Attributes:
        folder: where the run lies.
        space, seed, strategy: what was searched, and how.
        rungs: how many the space has.
        budget: `minutes` and `proposals` in all, one of them None; None before the first session.
        proposals: losses drawn so far, rejected and duplicate ones included.
        outcomes: the proposals counted.
        search_seconds: wall-clock of the search, without confirmation.
        total_seconds: with it; None until the run has come to its end.
        ops: those of the space, as far as trained classes use them.
        expected: what the search was estimated to take; None before the first session.
        ranking: classes and known losses.
    """

    folder: Path
    space: str
    seed: int
    strategy: str
    rungs: int
    budget: Mapping[str, Any] | None
    proposals: int
    outcomes: Outcomes
    ops: OpsUsed
    search_seconds: float
    total_seconds: float | None
    expected: Mapping[str, Any] | None
    ranking: Ranking


def run_result(journal: Journal, space: Space, limit: int = 10) -> RunResult:
    """A run's result, read off its journal, with the first `limit` classes and every confirmed one."""
    metadata = journal.metadata()
    return RunResult(
        folder=journal.folder,
        space=space.name,
        seed=metadata["seed"],
        strategy=metadata["strategy"],
        rungs=len(space.rungs),
        budget=metadata.get("budget"),
        proposals=journal.count(),
        outcomes=outcomes(journal),
        ops=ops_used(journal, space),
        search_seconds=metadata["search_seconds"],
        total_seconds=metadata.get("total_seconds"),
        expected=metadata.get("estimate"),
        ranking=ranking(journal, space, limit),
    )
