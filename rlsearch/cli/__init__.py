"""The command line: one file per command, imported when it is used. The only room that prints."""

import os
import signal
import sys
from collections.abc import Sequence

import click

from rlsearch.cli.group import root
from rlsearch.cli.signals import CODES, Terminated, handle_signals
from rlsearch.cli.usage_errors import explained
from rlsearch.errors import RlsearchError

COMPLETING = "_RLSEARCH_COMPLETE"  # the variable by which a shell asks for completions


def main() -> None:
    """Entry point of `rlsearch`."""
    handle_signals()
    code = _complete() if COMPLETING in os.environ else run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has had enough: `rlsearch ops | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(words: Sequence[str]) -> int:
    """Run the command that was typed; returns the exit code. Every error of a request is one message on stderr."""
    try:
        with root.make_context("rlsearch", list(words)) as context:
            root.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.UsageError as error:
        return _fail(explained(error, words), 2)
    except click.ClickException as error:
        return _fail(error.format_message(), 2)
    except RlsearchError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (KeyboardInterrupt, click.Abort):
        return CODES[signal.SIGINT]
    except Terminated:
        return CODES[signal.SIGTERM]
    return 0


def _complete() -> int:
    from rlsearch.cli.commands.completion import complete  # wanted by shells only

    return complete()


def _fail(message: str, code: int) -> int:
    print(f"rlsearch: {message}", file=sys.stderr)
    return code
