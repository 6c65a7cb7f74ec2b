"""The folder of compiled kernels, one that can be written, and the hash of their sources. Loads no numba."""

import hashlib
import os
import stat
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile, gettempdir, mkdtemp

import platformdirs

from rlsearch.errors import RlsearchError, RlsearchWarning, quoted

PACKAGE = Path(__file__).parents[1]
VARIABLE = "RLSEARCH_CACHE"
HOMELESS = "~/.cache/rlsearch"
PROBE_BYTES = 2**16  # what a full disk has no room for


def cache_root() -> Path:
    """The folder named by RLSEARCH_CACHE, or the user's cache directory; made if there is none.

    One that cannot be written, as in a read-only container or without a home, is replaced by a temporary one of this user's,
    with a warning. It stays, so that the next process need not compile anew, and it is named in this process's environment,
    so that its workers share it.

    Raises:
        RlsearchError: the temporary one cannot be written either.
    """
    found, notice = _usable(os.environ.get(VARIABLE) or _of_user())
    if notice:
        os.environ[VARIABLE] = str(found)
        warnings.warn(notice, RlsearchWarning, stacklevel=2)
    return found


def _of_user() -> str:
    """The user's cache directory; in a container the user may have none."""
    try:
        return platformdirs.user_cache_dir("rlsearch")
    except RuntimeError:
        return HOMELESS


@cache
def _usable(named: str) -> tuple[Path, str]:
    """The folder that is named and no notice; or another one, and a notice of why."""
    expanded = os.path.expanduser(named)  # noqa: PTH111 (Path's own raises where there is no home)
    folder = Path(expanded).absolute()
    why = "there is no such home folder" if expanded.startswith("~") else _obstacle(folder)
    if not why:
        return folder, ""
    remedy = f"set {VARIABLE} to a folder that can be written"
    try:
        other = _temporary()
        worse = _obstacle(other)
    except OSError as error:
        worse = error.strerror or str(error)
    if worse:
        raise RlsearchError(f"compiled kernels cannot be kept in {quoted(named)} ({why}) nor elsewhere ({worse}); {remedy}")
    return other, f"compiled kernels cannot be kept in {quoted(named)} ({why}) and are kept in '{other}'; {remedy}"


def _obstacle(folder: Path) -> str:
    """The reason why a folder, which is made if it can be, cannot be written; "" if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBE_BYTES))
    except (OSError, ValueError) as error:  # a null byte
        return getattr(error, "strerror", None) or str(error)
    return ""


def _temporary() -> Path:
    """A folder that only this user can write: what lies in a cache is run."""
    folder = Path(gettempdir(), f"rlsearch-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022
    return folder if ours else Path(mkdtemp(prefix="rlsearch-"))


def source_digest(parts: Iterable[str | Path], salt: str = "", size: int = 8) -> str:
    """Hash of source files, with their names.

    Args:
        parts: files, and folders of Python files; a text is a path below the package `rlsearch`.
        salt: what else decides, such as versions.
        size: of the hash, in bytes.
    """
    digest = hashlib.blake2b(salt.encode(), digest_size=size)
    for part in parts:
        path = PACKAGE / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(path.parent).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
