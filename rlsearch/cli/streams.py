"""Standard streams that write every letter, and say when they are lost: full, or left by their reader."""

import io
import os
import sys
from typing import Any, TextIO

from rlsearch.errors import RlsearchError

ESCAPE = "backslashreplace"  # what an encoding lacks is written as its number, `\u03b3`


class OutputLost(RlsearchError):
    """Output that cannot be written.

    Attributes:
        harmless: all work was done, and a reader has had enough of its result, as in `rlsearch ops | head -1`.
    """

    exit_code = 1

    def __init__(self, error: OSError, descriptor: int) -> None:
        super().__init__(f"the output cannot be written: {error.strerror}")
        self.harmless = isinstance(error, BrokenPipeError)
        self._descriptor = descriptor

    def forget(self) -> None:
        """Write what is left of it nowhere; Python would try again at its end."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._descriptor)


class _Descriptor(io.FileIO):
    """A descriptor for output, whose failures are told from those of files and of other pipes."""

    def write(self, data: Any, /) -> int:
        """Write bytes.

        Raises:
            OutputLost: they cannot be written.
        """
        try:
            return super().write(data)
        except OSError as error:
            raise OutputLost(error, self.fileno()) from None


def take_streams() -> None:
    """Replace this process's stdout and stderr; one that is closed (`>&-`) writes nowhere."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:  # the next file that is opened would be taken for output
            os.open(os.devnull, os.O_RDWR)  # as the lowest descriptor that is free
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(sys.stdout, 1)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(sys.stderr, 2)


def flush_streams(code: int) -> int:
    """Write what is buffered; returns the exit code, which is no longer 0 if the output is lost."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OutputLost as lost:
            lost.forget()
            code = code or say_lost(lost)  # what has failed has said so
    return code


def say_lost(lost: OutputLost) -> int:
    """Say on stderr that output is lost, unless that harms nobody; returns the exit code."""
    lost.forget()
    return 0 if lost.harmless else complain(str(lost), lost.exit_code)


def complain(message: str, code: int) -> int:
    """Print the line of an error on stderr, if that can be written; returns the exit code."""
    try:
        print(f"rlsearch: {message}", file=sys.stderr, flush=True)
    except OutputLost as lost:
        lost.forget()
    return code


def _stream(given: TextIO | None, descriptor: int) -> TextIO:
    """A stream as Python has made it, but for what it does with letters that its encoding lacks, and with errors."""
    binary = io.BufferedWriter(_Descriptor(descriptor, "w", closefd=False))
    if not isinstance(given, io.TextIOWrapper):
        return io.TextIOWrapper(binary, "utf-8", ESCAPE)
    errors = ESCAPE if given.errors in ("strict", "surrogateescape") else given.errors
    buffering, through = given.line_buffering, given.write_through
    return io.TextIOWrapper(binary, given.encoding, errors, line_buffering=buffering, write_through=through)
