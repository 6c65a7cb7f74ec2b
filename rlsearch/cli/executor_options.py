"""The options --workers, --executor, --address and --mixed-cpus of commands that search."""

import functools
from collections.abc import Callable
from typing import Any

import click

from rlsearch.executor.config import EXECUTORS, ExecutorConfig

workers_option = click.option(
    "--workers", type=click.IntRange(min=0), help="Processes; 0: none, work in this one.  [default: all cores]"
)


def executor_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that adds these options to a command, joined to its argument `executor_config`."""

    @functools.wraps(command)
    def with_config(
        *args: Any, executor: str, workers: int | None, address: str | None, mixed_cpus: bool, **kwargs: Any
    ) -> Any:
        return command(*args, executor_config=ExecutorConfig(executor, workers, address, mixed_cpus), **kwargs)

    options = (
        workers_option,
        click.option(
            "--executor",
            default="local",
            show_default=True,
            type=click.Choice(EXECUTORS),
            help="Where trials run: here, or by Ray.",
        ),
        click.option("--address", metavar="HOST:PORT", help="Head of a Ray cluster, or auto.  [default: start one here]"),
        click.option("--mixed-cpus", is_flag=True, help="Its machines may have different CPU models: last digits may differ."),
    )
    wrapped: Callable[..., Any] = with_config
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
