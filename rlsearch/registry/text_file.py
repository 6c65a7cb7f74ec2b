"""Text files that users name: anything but a plain file of UTF-8 text is one clear error, and nothing is waited for."""

from pathlib import Path

from rlsearch.errors import RlsearchError, quoted


def read_text(path: Path, kind: str, at_most: int, error: type[RlsearchError]) -> str:
    """The text of a file that is there, with or without a BOM.

    Args:
        path: the file.
        kind: what it should hold, for messages: `a search space`.
        at_most: bytes that such a file has at most.
        error: what to raise.

    Raises:
        error: it is a pipe or a device, whose reading might never end; too long; not UTF-8; or closed to us.
    """
    shown = quoted(str(path))
    try:
        if not path.is_file():
            raise error(f"{shown} is no plain file; type the path of {kind}")
        if (size := path.stat().st_size) > at_most:
            raise error(f"{shown} has {size:,} bytes; {kind} has at most {at_most:,}")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"{shown} is not UTF-8 text (byte {problem.start}); save it as UTF-8") from None
    except OSError as problem:
        raise error(f"{shown} cannot be read: {problem.strerror}") from None
