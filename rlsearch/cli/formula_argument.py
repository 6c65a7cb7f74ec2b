"""Losses as arguments: a formula may begin with a minus, which click would take for an option."""

import re
from typing import Any

import click

# No option holds `q(`, and every formula does.
MINUS = re.compile(r"-.*\bq\s*\(", re.DOTALL)


class FormulaCommand(click.Command):
    """A command among whose arguments are losses."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A blank before a formula that begins with a minus makes it an argument; `LOSS` takes it off again."""
        return super().parse_args(ctx, [f" {arg}" if MINUS.match(arg) else arg for arg in args])


class _Loss(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    name = "loss"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        return value.removeprefix(" ") if isinstance(value, str) and MINUS.match(value, 1) else value


LOSS = _Loss()
