"""`rlsearch about`."""

from pathlib import Path

import click

from rlsearch.cli.output import json_option, print_json
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
    for name, version in versions().items():
        print(f"{name:<13} {version}")
    for key in ("commit", "machine", "package", "kernel_cache"):
        print(f"{key.replace('_', ' '):<13} {document[key] or '-'}")
