"""The options --confirm-seeds and --confirm or --no-confirm of commands that search."""

import functools
from collections.abc import Callable
from typing import Any

import click

from rlsearch.runs.confirm_request import ConfirmRequest


def confirm_options(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that adds these options to a command, joined to its argument `confirm_request`; `default` says what holds
    without any.
    """

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_request(*args: Any, confirm: bool | None, confirm_seeds: int | None, **kwargs: Any) -> Any:
            return command(*args, confirm_request=ConfirmRequest(confirm, confirm_seeds), **kwargs)

        wrapped: Callable[..., Any] = with_request
        for option in (
            click.option(
                "--confirm/--no-confirm", default=None, help="Whether the best are trained on fresh seeds at the end."
            ),
            click.option("--confirm-seeds", type=int, help=f"How many fresh seeds.  [default: {default}]"),
        ):
            wrapped = option(wrapped)
        return wrapped

    return add
