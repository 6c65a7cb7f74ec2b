"""The variable that says how compiled code multiplies matrices."""

import pytest

from rlsearch.errors import RlsearchError
from rlsearch.numba_support.matmul_way import BLAS, TILES, VARIABLE, choose_blas, matmul_way


def test_the_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert matmul_way() == TILES
    monkeypatch.setenv(VARIABLE, "")
    assert matmul_way() == TILES
    choose_blas()
    assert matmul_way() == BLAS


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "tile")
    with pytest.raises(RlsearchError, match=r"RLSEARCH_MATMUL is 'tile'; did you mean 'tiles'\? \(allowed: blas, tiles\)"):
        matmul_way()
