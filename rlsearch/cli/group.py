"""The group of all commands. A command's module is imported only when the command is used, so that `--help` is instant."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from rlsearch.cli.usage_errors import unknown_command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Search": {
        "search": "Search a space for losses.",
        "resume": "Go on with a search that was stopped, or with a greater budget.",
        "runs": "Runs on disk: what was searched, how far, how large.",
        "top": "The best losses of a run.",
        "report": "A web page about a run or a loss, in one file.",
    },
    "Losses": {
        "show": "A loss as formula, text, tree, source or diagram.",
        "compare": "Train losses side by side on common seeds.",
        "export": "Write a loss as PyTorch source, TorchScript, sympy, LaTeX or a picture.",
        "check": "Say what is wrong with a space, a loss, a run, an op pack or an environment.",
    },
    "What there is": {
        "spaces": "Shipped search spaces.",
        "losses": "Known losses.",
        "ops": "Operations that losses are made of.",
        "inputs": "What a loss may read.",
        "envs": "Environments to train in.",
        "bench": "Measure the speed of this installation.",
        "about": "Versions and machine, to paste into a bug report.",
        "completion": "A script for bash, zsh or fish that completes what you type.",
    },
}
EXIT_CODES: Mapping[int, str] = {
    0: "Done.",
    1: "The work failed or its output is lost; a run's journal is intact.",
    2: "The request was wrong; nothing was done.",
    4: "`check` has found problems.",
    130: "Stopped by Ctrl-C; a search is saved.",
    143: "Stopped by TERM; a search is saved.",
}
COMMANDS = {name: doc for section in SECTIONS.values() for name, doc in section.items()}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when asked for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every command's name, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rlsearch.cli.commands.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """The completions of what was typed, without importing any command."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=doc) for name, doc in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that was typed, or say which is meant."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:  # a shell that completes is not told what is wrong
            raise unknown_command(args[0], COMMANDS, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands in sections, without importing any."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in EXIT_CODES.items()])


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"rlsearch {version('rlsearch')}")
        context.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def root() -> None:
    """Discover reinforcement-learning loss functions as formulas.

    \b
    rlsearch search quickstart --minutes 2   find a loss
    rlsearch show dqn                        read one
    rlsearch COMMAND -h                      explains one

    LOSS is a known name (dqn), a .loss file, an expression in quotes, RUN@HASH or RUN@best.
    """
