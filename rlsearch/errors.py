"""Errors, all in one place: every message says what was met, what is allowed, and what to type."""

from collections.abc import Iterable
from difflib import get_close_matches
from shlex import quote
from unicodedata import name

LONGEST = 200  # characters of what was met that a message repeats
MOST = 80  # names that it lists
CLOSEST = 5  # of them, where a command lists them all
CUT = 60  # characters of a value that it repeats

Path = tuple[str | int, ...]  # of a key or a list's item in YAML: ("rungs", 0, "envs")


class RlsearchError(Exception):
    """The base of all our errors: the request was wrong (exit code 2) unless a subclass says otherwise.

    The message is one line. `rlsearch.cli.main` prints it and exits with `exit_code`; a traceback is a bug.
    """

    exit_code = 2


class LossError(RlsearchError):
    """Text that is not a loss: syntax, an unknown name, a wrong type, no path to the online network."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + message)
        self.line, self.column = line, column


class OpError(RlsearchError):
    """An operation whose facets are missing or contradict each other."""


class SpaceError(RlsearchError):
    """A search space, preset or environment setting that cannot be used.

    Attributes:
        found: where several keys are wrong, each by its path below what was read, with what is said of it.
    """

    def __init__(self, message: str, found: Iterable[tuple[Path, str]] = ()) -> None:
        super().__init__(message)
        self.found = tuple(found)

    @classmethod
    def of(cls, found: Iterable[tuple[Path, str]]) -> "SpaceError":
        """One error that holds several problems."""
        listed = tuple(found)
        return cls("; ".join(message for _, message in listed), listed)


class RunError(RlsearchError):
    """A run folder that is missing, foreign, taken or does not fit the request."""


class RunFailed(RlsearchError):
    """The run itself failed; its journal is intact."""

    exit_code = 1


class RlsearchWarning(UserWarning):
    """What goes on in another way than was asked for, in one line; the command line prints it on stderr."""


def did_you_mean(met: str, allowed: Iterable[str], listed_by: str = "") -> str:
    """The end of a message: the closest name, and what is allowed: `; did you mean 'tanh'? (allowed: abs, ...)`.

    Args:
        met: what was typed.
        allowed: what could have been.
        listed_by: the command that lists all of it, where that is too much for a line.
    """
    names, typed = sorted(allowed), met[:LONGEST]
    many = bool(listed_by) and len(names) > CLOSEST
    nearest = get_close_matches(typed, names, n=CLOSEST, cutoff=0.0) if many else names
    hint = closest(typed, nearest)
    if many:
        return f"{hint} (allowed: {', '.join(nearest)} and {len(names) - CLOSEST} more; `{listed_by}` lists them)"
    return f"{hint} (allowed: {', '.join(names[:MOST])}{', ...' if len(names) > MOST else ''})"


def closest(met: str, allowed: Iterable[str]) -> str:
    """A hint at the closest allowed name, `; did you mean 'tanh'?`; "" if none is close."""
    close = get_close_matches(met[:LONGEST], sorted(allowed), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def shown(value: object) -> str:
    """A value of YAML on one line, cut if long."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= CUT else f"{text[: CUT - 4]} ..."


def quoted(met: str) -> str:
    """A text that was met, in quotes on one line: cut if long, and with the name of a letter that looks like another."""
    strange = next((char for char in met if not char.isascii() and char.isalpha()), None) if met.isidentifier() else None
    cut = met if len(met) <= LONGEST else f"{met[:LONGEST]}..."
    return (repr(cut) if not cut.isprintable() else f"'{cut}'") + (f" ({name(strange, 'no ASCII')})" if strange else "")


def as_word(path: object) -> str:
    """A path or a name as a word to type in a shell: in quotes if it needs them, and never taken for an option."""
    text = str(path)
    return quote(f"./{text}" if text.startswith("-") else text)


def expect_no_problems(found: Iterable[str]) -> None:
    """Fail a contract's test with every sentence: pytest explains no assertion of an installed package."""
    said = list(found)
    assert not said, "\n".join(said)
