"""An empty journal, a row for it, and what must not change where one is refused."""

from pathlib import Path

import pytest

from rlsearch.errors import RunError
from rlsearch.store.journal import Journal, ProposalRow
from rlsearch.store.lock import LOCK

METADATA = {"seed": 3, "search_seconds": 0.0, "starts": ["loss = 1"], "share": 0.25, "nested": {"a": None}}
ROW = ProposalRow(0, "loss = q_sa**2", "[3, 4]", "graft", "rejected", "gradient is zero", "00ff", -1, 4, "")


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder, save a lock that nobody holds and what SQLite leaves beside a database it has read."""
    found = {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}
    return {
        path: data
        for path, data in found.items()
        if not path.endswith((LOCK, "-shm")) and not (path.endswith("-wal") and data == b"")
    }


def refused(folder: Path, match: str, write: bool = False) -> None:
    """Opening and reading fails with one line, and changes nothing."""
    before = contents(folder.parent)
    with pytest.raises(RunError, match=match) as error, Journal(folder, write) as journal:
        list(journal.proposals())
    assert "\n" not in str(error.value) and str(folder) in str(error.value)
    assert contents(folder.parent) == before
