"""`rlsearch inputs`."""

import click

from rlsearch.cli.output import json_option, print_json
from rlsearch.cli.tables import table
from rlsearch.registry import known_inputs


@click.command("inputs")
@json_option
def command(as_json: bool) -> None:
    """What a loss may read, by the name to type in a loss or under `inputs` of a search space.

    \b
    rlsearch inputs
    rlsearch show n_step_dqn
    """
    found = [
        {"name": name, "type": str(given.type), "symbol": given.plain, "latex": given.latex, "doc": given.doc}
        for name, given in known_inputs().items()
    ]
    if as_json:
        print_json({"inputs": found})
    else:
        rows = [(given["name"], given["symbol"], given["type"], given["doc"]) for given in found]
        print("\n".join(table(("input", "in formulas", "type", "what it is"), rows)))
