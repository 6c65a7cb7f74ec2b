"""Errors that are neither the request's nor a bug of ours, in one line: a full disk, a user's `torch.py` in place of torch."""

import errno
import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from traceback import extract_tb

from rlsearch.errors import quoted

OURS = {"rlsearch", "primitives", "search_spaces"}  # in a checkout, which is found as a user's files are
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
EXHAUSTED = (*FULL, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)
ROOM = "make room, or name folders that have some: RLSEARCH_CACHE for compiled kernels, TMPDIR for temporary files, --out"


def explain_foreign(error: Exception) -> tuple[str, int]:
    """The line for an error that nobody has foreseen, and the exit code; "" if it is a bug."""
    if line := _hiding_file(error):
        return line, 2
    if isinstance(error, OSError) and (error.filename or error.errno in EXHAUSTED):
        where = f"{quoted(str(error.filename))}: " if error.filename else ""
        return f"{where}{error.strerror}" + (f"; {ROOM}" if error.errno in FULL else ""), 1
    return "", 1


def _hiding_file(error: Exception) -> str:
    """The line that blames a user's file that hides a package, if the error has to do with it; "" otherwise."""
    passed, said = {frame.filename for frame in extract_tb(error.__traceback__)}, re.findall(r"\w+", str(error))
    for name, file in _hiding():
        if name in said or str(file) in passed:
            return f"'{file}' hides the package {name}, which rlsearch needs ({error}); rename it, or work in another folder"
    return ""


def _hiding() -> Iterator[tuple[str, Path]]:
    """The files that Python finds before the packages of their names."""
    packages = (sys.stdlib_module_names | packages_distributions().keys()) - OURS
    installed = {Path(path) for path in sysconfig.get_paths().values()}
    for place in sys.path:
        folder = Path(place).absolute()
        if folder in installed:
            return
        for file in (*sorted(folder.glob("*.py")), *sorted(folder.glob("*/__init__.py"))):
            name = file.parent.name if file.stem == "__init__" else file.stem
            if name in packages:
                yield name, file
