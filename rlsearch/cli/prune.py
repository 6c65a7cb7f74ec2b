"""`rlsearch runs --prune`: what would go is listed, and goes when that is confirmed."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rlsearch.cli.output import counted, print_json, shown_size
from rlsearch.cli.streams import complain
from rlsearch.cli.tables import fitting, table
from rlsearch.errors import RlsearchError, RunError

if TYPE_CHECKING:
    from rlsearch.store.listing import RunSummary
    from rlsearch.store.pruning import Prunable


def prune(runs: "Sequence[RunSummary]", root: Path, older_than: float | None, dry_run: bool, yes: bool, as_json: bool) -> int:
    """List and remove runs that hold nothing, or are older than so many days; returns the exit code.

    Raises:
        RlsearchError: nobody can be asked.
    """
    from rlsearch.store.pruning import find_prunable  # heavy: numpy, 0.1 s

    before = None if older_than is None else datetime.now(UTC) - timedelta(days=older_than)
    found = find_prunable(runs, before)
    if found and not (dry_run or yes) and (as_json or not sys.stdin.isatty()):
        raise RlsearchError("nobody can be asked here; type --yes to remove them, or --dry-run to list what would be removed")
    if not as_json:
        _list(found, root)
    agreed = found and not dry_run and (yes or click.confirm(f"Remove {counted(len(found), 'run')}?", err=True))
    removed, failed = _remove(found) if agreed else ([], [])
    if as_json:
        documents = [
            {"folder": str(run.folder), "reason": reason, "bytes": run.size, "removed": run.folder in removed}
            for run, reason in found
        ]
        print_json({"pruned": documents, "dry_run": dry_run, "problems": failed})
    elif found and not dry_run:
        freed = sum(run.size for run, _ in found if run.folder in removed)
        print(f"removed {counted(len(removed), 'run')}, {shown_size(freed)}")
    return 1 if failed else 0


def _list(found: "Sequence[Prunable]", root: Path) -> None:
    if not found:
        print("\n".join(fitting(f"nothing to remove in {root}")))
        return
    rows = [
        (run.folder.name, "-" if run.proposals is None else f"{run.proposals:,}", shown_size(run.size), reason)
        for run, reason in found
    ]
    print("\n".join(table(("run", "proposals", "size", "why it may go"), rows)))
    print(f"\n{counted(len(found), 'run')}, {shown_size(sum(run.size for run, _ in found))}")


def _remove(found: "Sequence[Prunable]") -> tuple[list[Path], list[str]]:
    """Remove runs; returns the folders of those that are gone, and what is wrong with the others."""
    from rlsearch.store.pruning import prune_run

    removed, failed = list[Path](), list[str]()
    for run, _ in found:
        try:
            left = prune_run(run)
        except RunError as error:
            failed.append(str(error))
            complain(str(error), 1)
        else:
            removed.append(run.folder)
            if left:
                complain(f"'{run.folder}' stays, as it holds what is not the run's: {', '.join(left)}", 0)
    return removed, failed
