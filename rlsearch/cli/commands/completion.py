"""`rlsearch completion`, and the answers to a shell that asks for completions. Click does it; two of its shells need help."""

import os
import re

import click
from click.shell_completion import BashComplete, FishComplete, add_completion_class, get_completion_class, shell_complete

from rlsearch.cli import COMPLETING
from rlsearch.cli.group import root
from rlsearch.cli.output import json_option, print_json

SHELLS = ("bash", "zsh", "fish")
BREAKS = re.compile(r"[@=:]+")


@add_completion_class
class _Bash(BashComplete):
    """Click's completion for bash, which splits words also at `@`, `=` and `:`, and replaces the last part alone: `@be` of
    `RUN@be`, `Ca` of `--envs=Ca`.
    """

    kept = ""  # what stands before that part

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words as they were typed."""
        parts, last = super().get_completion_args()
        if not last:
            return _whole(parts), last
        *words, incomplete = _whole([*parts, last])
        start = len(incomplete) - (0 if BREAKS.fullmatch(last) else len(last))
        before = incomplete[:start].removesuffix("@")  # which bash counts to what follows it
        self.kept = before.partition("=")[2] if before.startswith("--") else before  # click completes an option's value alone
        return words, incomplete

    def format_completion(self, item: click.shell_completion.CompletionItem) -> str:  # type: ignore[type-arg,unused-ignore]
        """The part of a completion that bash wants."""
        return f"{item.type},{str(item.value).removeprefix(self.kept)}"


@add_completion_class
class _Fish(FishComplete):
    """Click's completion for fish; its script cuts a completion at the second comma, where lists have theirs."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')


def _whole(parts: list[str]) -> list[str]:
    """The words of which bash has made parts."""
    words: list[str] = []
    glue = False
    for part in parts:
        broken = BREAKS.fullmatch(part) is not None
        if words and (broken or glue):
            words[-1] += part
        else:
            words.append(part)
        glue = broken
    return words


def complete() -> int:
    """Answer a shell's question, which stands in the environment; returns the exit code."""
    return shell_complete(root, {}, "rlsearch", COMPLETING, os.environ[COMPLETING])


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@json_option
def command(shell: str, as_json: bool) -> None:
    """A script for your shell that completes commands, options and names: spaces, losses, runs, ops, environments.

    \b
    eval "$(rlsearch completion bash)"       in ~/.bashrc
    eval "$(rlsearch completion zsh)"        in ~/.zshrc, after compinit
    rlsearch completion fish > ~/.config/fish/completions/rlsearch.fish
    """
    maker = get_completion_class(shell)
    assert maker is not None
    script = maker(root, {}, "rlsearch", COMPLETING).source()
    if as_json:
        print_json({"shell": shell, "script": script})
    else:
        click.echo(script)
