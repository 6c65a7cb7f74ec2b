"""Output of commands: one JSON document, words to the right stream, files that overwrite nothing."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from rlsearch.cli.streams import OutputLost
from rlsearch.errors import RlsearchError

SCHEMA = 1  # of every JSON document

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout, words on stderr.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Results alone: no progress, no explanations.")
force_option = click.option("--force", is_flag=True, help="Overwrite an existing file.")


def print_json(document: Mapping[str, Any]) -> None:
    """Print one strict JSON document; a number that is not finite becomes null."""
    given = {"schema": SCHEMA, **_finite(document)}
    text = json.dumps(given, allow_nan=False, ensure_ascii=False, indent=2)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # a stream in ASCII, or a file's name that is no text: JSON has escapes of its own
        text = json.dumps(given, allow_nan=False, indent=2)
    print(text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


@dataclass(frozen=True)
class Words:
    """The stream of words for people about work that goes on: stdout, or stderr where stdout is for JSON.

    Attributes:
        stream: where they are printed.
        quiet: they are not.
    """

    stream: TextIO
    quiet: bool = False

    @staticmethod
    def beside(as_json: bool, quiet: bool = False) -> "Words":
        """The stream that JSON leaves free."""
        return Words(sys.stderr if as_json else sys.stdout, quiet)

    def say(self, line: str = "") -> None:
        """Print a line at once.

        Raises:
            OutputLost: it cannot be printed, so the work stops: nobody would see what becomes of it.
        """
        if self.quiet:
            return
        try:
            print(line, file=self.stream, flush=True)
        except OutputLost as lost:
            lost.harmless = False
            raise


def counted(count: int, word: str) -> str:
    """A count with its noun: `1 loss`, `2 losses`, `1,000 seeds`."""
    return f"{count:,} {word}" + ("" if count == 1 else "es" if word.endswith("s") else "s")


def shown_size(size: int) -> str:
    """A file's size in words: `812 kB`, `3.4 MB`."""
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def inline_loss(text: str) -> str:
    """A loss on one line, which still reads back: its lines joined by `;`, a lone `loss = ` left out."""
    lines = text.strip().splitlines()
    return "; ".join(lines) if len(lines) > 1 else lines[0].removeprefix("loss = ")


def write_new(path: Path, content: str | bytes, force: bool) -> None:
    """Write a file whole or not at all, never over another one unless forced; through a link, and into a device or pipe.

    Raises:
        RlsearchError: it exists, or cannot be written.
    """
    check_vacant(path, force)
    data = content.encode() if isinstance(content, str) else content
    try:
        if _takes_anything(path):
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise RlsearchError(f"'{path}' cannot be written: {error.strerror}; choose another -o") from None


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _takes_anything(path: Path) -> bool:
    """True of a device or a pipe, such as /dev/stdout, where nothing is overwritten and which no file may replace."""
    return path.exists() and not path.is_file() and not path.is_dir()


def check_vacant(path: Path, force: bool) -> None:
    """Refuse a path where a file must not be written.

    Raises:
        RlsearchError: it is a folder, in no folder, or taken.
    """
    if path == Path("-"):
        raise RlsearchError("'-' is not stdout here; choose another -o, or ./- for a file of that name")
    if path.is_dir():
        raise RlsearchError(f"'{path}' is a folder; type the name of a file in it")
    if not path.parent.is_dir():
        raise RlsearchError(f"there is no folder '{path.parent}'; make it first or choose another -o")
    if path.exists() and not _takes_anything(path) and not force:
        raise RlsearchError(f"'{path}' exists already; choose another -o, or --force to overwrite it")
