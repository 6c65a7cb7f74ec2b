"""The folder of compiled kernels, and the hash of the sources that they are made of. Loads no numba."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).parents[1]


def cache_root() -> Path:
    """The folder named by RLSEARCH_CACHE, or the user's cache directory."""
    return Path(os.environ.get("RLSEARCH_CACHE") or platformdirs.user_cache_dir("rlsearch"))


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
