"""`rlsearch losses`."""

import click

from rlsearch.cli.output import json_option, print_json
from rlsearch.cli.tables import table
from rlsearch.loss import Loss
from rlsearch.registry import comments, known_losses


@click.command("losses")
@json_option
def command(as_json: bool) -> None:
    """Known losses, by the name to type.

    \b
    rlsearch losses
    rlsearch show dqn
    """
    found = [(Loss(name), comments(text)) for name, text in known_losses().items()]
    if as_json:
        print_json(
            {
                "losses": [
                    {"name": loss.name, "loss": loss.text, "hash": loss.key, "size": loss.size, "doc": doc}
                    for loss, doc in found
                ]
            }
        )
    else:
        rows = [(loss.name, loss.key[:8], str(loss.size), doc) for loss, doc in found]
        print("\n".join(table(("loss", "hash", "size", "what it is"), rows)))
