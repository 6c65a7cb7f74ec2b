"""Errors of usage in one line: what was wrong with what was typed, and what to type."""

from collections.abc import Iterable, Sequence

import click

from rlsearch.errors import as_word, did_you_mean
from rlsearch.runs.folders import is_path


def explained(error: click.UsageError, words: Sequence[str]) -> str:
    """Click's complaint about what was typed, in our words."""
    context = error.ctx
    command = context.command_path if context else f"rlsearch {words[0]}"  # click forgets where an option lacks its value
    help_ = f"see `{command} -h`"
    if isinstance(error, click.NoSuchOption):
        if path := _path_like_option(words):
            return f"no option '{error.option_name}'; a path that begins with a minus is typed {as_word(path)}"
        return f"no option '{error.option_name}'{did_you_mean(error.option_name, _options(context))}; {help_}"
    if isinstance(error, click.MissingParameter):
        return f"{_label(error, context)} is missing; {help_}"
    if isinstance(error, click.BadParameter):
        return f"{_label(error, context)}: {_uncapitalize(error.message)}"
    return f"{_uncapitalize(error.message)}; {help_}"


def unknown_command(name: str, allowed: Iterable[str], context: click.Context) -> click.UsageError:
    """The error for a command that does not exist."""
    return click.UsageError(f"no command '{name}'{did_you_mean(name, allowed)}", context)


def _path_like_option(words: Iterable[str]) -> str:
    """The first word that begins with a minus and is a path, or a loss of a run; "" if none is."""
    found = (word for word in words if word.startswith("-") and is_path(word.rpartition("@")[0] or word))
    return next(found, "")


def _label(error: click.BadParameter, context: click.Context | None) -> str:
    if error.param is None or context is None:
        return str(error.param_hint or "an argument")
    hint = error.param.get_error_hint(context)
    return " ".join(hint).replace("'", "") if isinstance(hint, list) else hint.replace("'", "")


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    return [name for param in context.command.get_params(context) if isinstance(param, click.Option) for name in param.opts]


def _uncapitalize(message: str) -> str:
    return (message[:1].lower() + message[1:]).rstrip(".")
