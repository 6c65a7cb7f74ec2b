"""Losses as arguments: a formula may begin with a minus, which click would take for an option."""

import re

import click

# No option holds `q(`, and every formula does.
MINUS = re.compile(r"-.*\bq\s*\(", re.DOTALL)


class FormulaCommand(click.Command):
    """A command among whose arguments are losses."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A blank before a formula that begins with a minus makes it an argument; `LossNames` takes it off again."""
        return super().parse_args(ctx, [f" {arg}" if MINUS.match(arg) else arg for arg in args])
