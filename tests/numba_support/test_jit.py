"""Machine code has a folder for each thing that it is made of, and numba's own setting stays as it was."""

from collections.abc import Iterator
from pathlib import Path

import numba
import pytest
from numba import types

from rlsearch.numba_support import cache
from rlsearch.numba_support.jit import cache_folder, compile_into, njit
from rlsearch.train.kernel import kernel

NUMBER = types.int64(types.int64)


def one_more(number):
    return number + 1


def test_kernels_of_a_room_are_kept_in_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whichever was decorated before."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "a users own"))
    decorators = {"numba_support": njit, "train": kernel}
    for order in (("numba_support", "train", "numba_support"), ("train", "numba_support", "train")):
        places = [(room, Path(decorators[room](NUMBER)(one_more).stats.cache_path)) for room in order]
        assert len(dict.fromkeys(places)) == 2
        assert all((cache.cache_root() in place.parents) and "machine_code" in place.parts for _, place in places)
        assert Path(numba.config.CACHE_DIR).name == "a users own"
    assert "a users own" in numba.njit(cache=True)(one_more).stats.cache_path


def test_the_setting_is_given_back_where_nothing_could_be_compiled(tmp_path: Path) -> None:
    def wrong(number):
        return number.nothing

    before = numba.config.CACHE_DIR
    with pytest.raises(numba.TypingError):
        compile_into(tmp_path, wrong, NUMBER)
    assert before == numba.config.CACHE_DIR


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A package of two rooms in which sources can be changed."""
    for room in ("numba_support", "envs"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "file.py").write_text("NUMBER = 1\n")
    monkeypatch.setattr(cache, "PACKAGE", tmp_path)
    cache_folder.cache_clear()
    yield tmp_path
    cache_folder.cache_clear()


@pytest.mark.parametrize("room", ["numba_support", "envs"])
def test_a_changed_source_has_another_folder(rooms: Path, room: str) -> None:
    def folder() -> Path:
        cache_folder.cache_clear()
        return cache_folder(("envs",))

    first = folder()
    (rooms / room / "file.py").write_text("NUMBER = 2\n")
    second = folder()
    (rooms / room / "other.py").write_text("")
    third = folder()
    (rooms / room / "other.py").unlink()
    (rooms / room / "file.py").write_text("NUMBER = 1\n")
    assert len({first, second, third}) == 3 and folder() == first
    assert cache_folder(("envs",), "more") != first and cache_folder() != first
