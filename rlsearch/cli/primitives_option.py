"""The option --primitives, on every command where ops may be named."""

import click

from rlsearch.cli.argument_types import PACK
from rlsearch.registry import use_primitives


def _use(_: click.Context, __: click.Parameter, places: tuple[str, ...]) -> None:
    use_primitives(*places)


primitives_option = click.option(
    "--primitives",
    multiple=True,
    type=PACK,
    expose_value=False,
    callback=_use,
    help="A Python file with ops of your own; may be repeated.",
)
