"""`rlsearch about`."""

from pathlib import Path

import click

from rlsearch.cli.output import json_option, print_json
from rlsearch.cli.tables import fitting
from rlsearch.numba_support.cache import cache_root
from rlsearch.provenance.stamp import commit, machine, versions


@click.command("about")
@json_option
def command(as_json: bool) -> None:
    """Versions and machine, to paste into a bug report.

    \b
    rlsearch about
    """
    document = {
        "versions": versions(),
        "commit": commit(),
        "machine": machine(),
        "package": str(Path(__file__).parents[2]),
        "kernel_cache": str(cache_root()),
    }
    if as_json:
        print_json(document)
        return
    kept = ("commit", "machine", "package", "kernel_cache")
    facts = {**versions(), **{key.replace("_", " "): document[key] for key in kept}}
    for name, fact in facts.items():
        print("\n".join(fitting(f"{name:<13} {fact or '-'}", indent=" " * 14)))
