"""`rlsearch runs`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rlsearch.cli.output import json_option, print_json, shown_size
from rlsearch.cli.prune import prune
from rlsearch.cli.tables import fitting, table
from rlsearch.errors import as_word
from rlsearch.runs.folders import RUNS

if TYPE_CHECKING:
    from rlsearch.store.listing import RunSummary

HOW_TO_START = "type `rlsearch search quickstart --minutes 2` to make one"
SPARE = ("strategy", "seed", "minutes", "space", "size")  # columns that go first where there is no room


@click.command("runs")
@click.argument("root", required=False, type=click.Path(path_type=Path))
@click.option("--prune", "pruning", is_flag=True, help="Remove runs that hold nothing: they are listed, and you are asked.")
@click.option("--older-than", metavar="DAYS", type=click.FloatRange(min=0), help="With --prune, also what was written before.")
@click.option("--dry-run", is_flag=True, help="With --prune, list what would be removed.")
@click.option("-y", "--yes", is_flag=True, help="With --prune, do not ask.")
@json_option
def command(root: Path | None, pruning: bool, older_than: float | None, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Runs on disk, the last written first: what was searched, how far, how large.

    ROOT is the folder that holds them.  [default: results/runs]

    A run that a process works on is never removed, nor a damaged one, nor files that are not the run's.

    \b
    rlsearch runs
    rlsearch runs my_runs --json
    rlsearch runs --prune --older-than 30
    """
    from rlsearch.store.listing import list_runs  # heavy: numpy, 0.1 s

    if not pruning and (dry_run or yes or older_than is not None):
        raise click.UsageError("--older-than, --dry-run and --yes go with --prune", click.get_current_context())
    place = root or RUNS
    found = [] if root is None and not RUNS.exists() else list_runs(place)
    if pruning:
        click.get_current_context().exit(prune(found, place, older_than, dry_run, yes, as_json))
    elif as_json:
        print_json({"runs": [_document(run) for run in found]})
    elif not found:
        print("\n".join(fitting(f"no runs in {place}; {_remedy(place)}")))
    else:
        head = ["run", "state", "space", "seed", "strategy", "proposals", "minutes", "size", "last written (UTC)"]
        damaged = any(run.why for run in found)
        rows = [_row(run)[: len(head) + damaged] for run in found]
        print("\n".join(table([*head, "what is wrong"][: len(head) + damaged], rows, SPARE)))


def _remedy(place: Path) -> str:
    """What to type where there are no runs: the folders below that hold some, or how to make one."""
    from rlsearch.store.listing import holds_runs

    holding = [entry for entry in sorted(place.iterdir()) if holds_runs(entry)] if place.is_dir() else []
    return f"type `rlsearch runs {as_word(holding[0])}`" if holding else HOW_TO_START


def _document(run: "RunSummary") -> dict[str, Any]:
    return {
        "name": run.folder.name,
        "folder": str(run.folder),
        "state": run.state,
        "why": run.why,
        "space": run.space or None,
        "seed": run.seed,
        "strategy": run.strategy or None,
        "proposals": run.proposals,
        "classes": run.classes,
        "search_seconds": run.search_seconds,
        "bytes": run.size,
        "written": run.written.isoformat(timespec="seconds"),
    }


def _row(run: "RunSummary") -> tuple[str, ...]:
    return (
        _printable(run.folder.name),
        run.state,
        _printable(run.space) or "-",
        "-" if run.seed is None else str(run.seed),
        _printable(run.strategy) or "-",
        "-" if run.proposals is None else f"{run.proposals:,}",
        "-" if run.search_seconds is None else f"{run.search_seconds / 60:.1f}",
        shown_size(run.size),
        f"{run.written:%Y-%m-%d %H:%M}",
        _printable(run.why),
    )


def _printable(text: str) -> str:
    """A text on one line; a folder's name may hold what is no text."""
    return text if text.isprintable() else ascii(text)[1:-1]
