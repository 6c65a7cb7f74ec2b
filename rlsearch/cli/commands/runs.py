"""`rlsearch runs`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rlsearch.cli.output import json_option, print_json, table
from rlsearch.runs.folders import RUNS

if TYPE_CHECKING:
    from rlsearch.store.listing import RunSummary

HOW_TO_START = "type `rlsearch search quickstart --minutes 2` to make one"


@click.command("runs")
@click.argument("root", required=False, type=click.Path(path_type=Path))
@json_option
def command(root: Path | None, as_json: bool) -> None:
    """Runs on disk, the last written first: what was searched, how far, how large.

    ROOT is the folder that holds them.  [default: results/runs]

    \b
    rlsearch runs
    rlsearch runs my_runs --json
    """
    from rlsearch.store.listing import list_runs  # heavy: numpy, 0.1 s

    found = [] if root is None and not RUNS.exists() else list_runs(root or RUNS)
    if as_json:
        print_json({"runs": [_document(run) for run in found]})
    elif not found:
        print(f"no runs in {root or RUNS}; {HOW_TO_START}")
    else:
        head = ("run", "state", "space", "seed", "strategy", "proposals", "minutes", "size", "last written (UTC)", "")
        print("\n".join(table(head, [_row(run) for run in found])))


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
        _file_size(run.size),
        f"{run.written:%Y-%m-%d %H:%M}",
        _printable(run.why),
    )


def _printable(text: str) -> str:
    """A text on one line; a folder's name may hold what is no text."""
    return text if text.isprintable() else ascii(text)[1:-1]


def _file_size(size: int) -> str:
    """A file's size in words: `812 kB`, `3.4 MB`."""
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
