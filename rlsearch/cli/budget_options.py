"""The options --minutes and --proposals of commands that search."""

from collections.abc import Callable
from typing import Any

import click


def budget_options(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that adds both options; `default` says what budget holds without any."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option("--proposals", type=int, help="Budget in losses proposed, a total."),
            click.option(
                "--minutes", type=float, help=f"Budget in minutes, a total, confirmation included.  [default: {default}]"
            ),
        ):
            command = option(command)
        return command

    return add
