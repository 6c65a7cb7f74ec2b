"""The command line: one file per command, imported when it is used. It prints; so does Python's progress bar in `runs`."""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from rlsearch.cli.group import root
from rlsearch.cli.signals import CODES, Terminated, handle_signals
from rlsearch.cli.streams import OutputLost, complain, flush_streams, say_lost, take_streams
from rlsearch.cli.usage_errors import explained
from rlsearch.errors import RlsearchError, RlsearchWarning

COMPLETING = "_RLSEARCH_COMPLETE"  # the variable by which a shell asks for completions


def main() -> None:
    """Entry point of `rlsearch`."""
    handle_signals()
    take_streams()
    warnings.showwarning = partial(_show_warning, warnings.showwarning)
    code = _complete() if COMPLETING in os.environ else run(sys.argv[1:])
    sys.exit(flush_streams(code))


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
        return complain(explained(error, words), 2)
    except click.ClickException as error:
        return complain(error.format_message(), 2)
    except OutputLost as lost:
        return say_lost(lost)
    except RlsearchError as error:
        return complain(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return CODES[signal.SIGINT]
    except Terminated:
        return CODES[signal.SIGTERM]
    except Exception as error:
        from rlsearch.cli.foreign_errors import explain_foreign  # wanted seldom

        line, code = explain_foreign(error)
        if not line:
            raise
        return complain(line, code)
    return 0


def _complete() -> int:
    from rlsearch.cli.commands.completion import complete  # wanted by shells only

    return complete()


def _show_warning(otherwise: Callable[..., None], message: Warning | str, category: type[Warning], *rest: Any) -> None:
    """Show a warning of ours as a line for people, another one as Python does."""
    if issubclass(category, RlsearchWarning):
        complain(str(message), 0)
    else:
        otherwise(message, category, *rest)
