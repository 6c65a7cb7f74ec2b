"""Copies of a run's op packs in its folder, by which it is read, resumed and exported, whatever became of the files."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rlsearch.errors import RunError
from rlsearch.registry.pack import Pack, read_pack

FOLDER = "primitives"


def write_packs(folder: Path, packs: Iterable[Pack]) -> None:
    """Copy the sources of packs into a run's folder.

    Raises:
        RunError: they cannot be written.
    """
    for pack in packs:
        copy = folder / FOLDER / f"{pack.name}.py"
        try:
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(pack.source, encoding="utf-8", newline="")
        except OSError as error:
            raise RunError(f"'{copy}' cannot be written: {error.strerror}; choose another --out") from None


def run_packs(folder: Path, stamp: Mapping[str, Any]) -> list[Pack]:
    """The packs of a run, from the copies in its folder.

    Args:
        folder: the run's.
        stamp: made when it began; one of an earlier version names no packs.

    Raises:
        RunError: a copy is missing, or is not what the run began with.
        OpError: it cannot be run here.
    """
    found: list[Pack] = []
    for entry in stamp.get("packs", ()):
        copy = folder / FOLDER / f"{entry['name']}.py"
        if not copy.is_file():
            raise RunError(f"the run in '{folder}' lacks its op pack '{copy}'; put back the file that it was begun with")
        pack = read_pack(str(copy))
        if pack.digest != entry["blake2b"]:
            raise RunError(
                f"op pack '{copy}' was changed after the run began (hash {pack.digest[:8]}, then {entry['blake2b'][:8]}); "
                "put back what it was, or begin a new search with --primitives"
            )
        found.append(pack)
    return found
