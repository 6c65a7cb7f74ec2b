"""Pruning of runs: those in which nothing was found, and old ones if that is asked for; never one that a process works on."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rlsearch.errors import RunError
from rlsearch.store.listing import RunSummary, last_written
from rlsearch.store.removal import remove_run


class Prunable(NamedTuple):
    """A run that may go, and why."""

    run: RunSummary
    reason: str


def find_prunable(runs: Iterable[RunSummary], before: datetime | None = None) -> list[Prunable]:
    """The runs that hold no result, and those last written before a time; of damaged ones nobody can say what they hold."""
    return [Prunable(run, reason) for run in runs if (reason := _reason(run, before))]


def prune_run(run: RunSummary) -> tuple[str, ...]:
    """Remove a run as it was listed; returns the names of what is not its own, which stays.

    Raises:
        RunError: it was written to since, a process works on it, or it cannot be removed.
    """
    return remove_run(run.folder, lambda: _refuse_changed(run.folder, run.written))


def _refuse_changed(folder: Path, written: datetime) -> None:
    if last_written(folder) != written:
        raise RunError(f"the run in '{folder}' was written to meanwhile; type the command again to see it as it is")


def _reason(run: RunSummary, before: datetime | None) -> str:
    if run.state in ("running", "damaged"):
        return ""
    if not run.proposals:
        return "nothing was proposed"
    if run.state == "finished" and not run.classes:
        return "nothing could be trained"
    return f"not written since {run.written:%Y-%m-%d}" if before is not None and run.written < before else ""
