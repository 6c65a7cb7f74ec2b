"""Folders of runs, named by their path or by their name under results/runs."""

import re
from pathlib import Path

from rlsearch.errors import RunError, did_you_mean, quoted

RUNS = Path("results/runs")


def is_run(what: str) -> bool:
    """True if a text names a run, by its path or by its name under results/runs."""
    from rlsearch.store.database import FILE

    try:
        return bool(what.strip()) and any((folder / FILE).is_file() for folder in (Path(what), RUNS / what))
    except (OSError, ValueError):
        return False


def is_folder(what: str) -> bool:
    """True if a text names a folder."""
    try:
        return Path(what).is_dir()
    except (OSError, ValueError):  # too long for a name, or a null byte
        return False


def is_path(what: str) -> bool:
    """True if a text names something on disk, or would: `runs/mine`."""
    try:
        return Path(what).exists() or ("/" in what and not re.search(r"[\s(*+\[]", what))
    except (OSError, ValueError):
        return False


def run_folder(run: str) -> Path:
    """The folder of a run that is named by its path, or by its name under results/runs.

    Raises:
        RunError: there is none.
    """
    try:
        for folder in (Path(run), RUNS / run):
            if folder.is_dir():
                return folder
        if Path(run).is_file():
            raise RunError(f"{quoted(run)} is a file; a run is the folder that holds its journal.sqlite")
    except (OSError, ValueError) as error:  # a name too long, a null byte
        raise RunError(f"{quoted(run)} cannot be read: {getattr(error, 'strerror', error)}") from None
    from rlsearch.store.database import FILE

    names = sorted(journal.parent.name for journal in RUNS.glob(f"*/{FILE}"))
    hint = did_you_mean(run, names) if names else "; type `rlsearch search quickstart --minutes 2` to make one"
    raise RunError(f"there is no run {quoted(run)}{hint}")
