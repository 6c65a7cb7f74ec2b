"""`rlsearch spaces`."""

import click

from rlsearch.cli.output import json_option, print_json, table
from rlsearch.registry import comments, shipped_spaces


@click.command("spaces")
@json_option
def command(as_json: bool) -> None:
    """Shipped search spaces, by the name to type; their files are examples to copy.

    \b
    rlsearch spaces
    rlsearch search quickstart --minutes 2
    """
    found = {name: entry.read_text(encoding="utf-8") for name, entry in shipped_spaces().items()}
    paths = {name: str(entry) for name, entry in shipped_spaces().items()}
    if as_json:
        print_json(
            {
                "spaces": [
                    {"name": name, "doc": comments(text), "path": paths[name], "yaml": text} for name, text in found.items()
                ]
            }
        )
    else:
        rows = [(name, paths[name], comments(text)) for name, text in found.items()]
        print("\n".join(table(("space", "file", "what it asks"), rows, wrap=True)))
