"""A run's folder with a journal that has no rows yet."""

from pathlib import Path

import pytest

from rlsearch.store.database import create_database
from tests.support.journals import METADATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_database(tmp_path / "run", METADATA)
    return tmp_path / "run"
