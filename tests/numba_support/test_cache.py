"""The folder of compiled kernels: named, the user's, or, where these cannot be written, a temporary one that is told."""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

from rlsearch.errors import RlsearchError, RlsearchWarning
from rlsearch.numba_support import cache
from rlsearch.numba_support.cache import cache_root


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the temporary cache goes; the variable is restored after the test, which may set it."""
    monkeypatch.setenv("RLSEARCH_CACHE", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cache._usable.cache_clear()
    yield tmp_path / f"rlsearch-{os.getuid()}"
    cache._usable.cache_clear()


def test_the_named_folder_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for named, place in (("a/b", "a/b"), ("~/c", "home/c"), (str(tmp_path / "d é#"), "d é#")):
            monkeypatch.setenv("RLSEARCH_CACHE", named)
            assert cache_root() == tmp_path / place and (tmp_path / place).is_dir()
            assert [*cache_root().iterdir()] == []


def test_without_a_name_it_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert tmp_path in cache_root().parents or sys.platform != "linux"


@pytest.mark.parametrize("named", ["file", "file/below", "\0", "~nobody_of_this_name/x", "/proc/none"])
def test_another_one_is_found_and_told_once(
    named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, temporary: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(os, "environ", {**os.environ, "RLSEARCH_CACHE": named})
    with pytest.warns(RlsearchWarning, match="set RLSEARCH_CACHE to a folder that can be written") as told:
        assert cache_root() == cache_root() == temporary
    assert len(told) == 1 and "\n" not in str(told[0].message)
    assert os.environ["RLSEARCH_CACHE"] == str(temporary)  # for workers


@pytest.mark.parametrize("home", ["/dev/null", "/proc/none"])
def test_a_home_that_is_no_folder(home: str, monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", home)
    with pytest.warns(RlsearchWarning, match="RLSEARCH_CACHE"):
        assert cache_root() == temporary


def test_no_home_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, temporary: Path) -> None:
    """Nor a folder `~` in the current one."""

    def homeless(_: str) -> str:
        raise RuntimeError

    monkeypatch.chdir(tmp_path)
    for of_user in (homeless, lambda _: cache.HOMELESS):
        monkeypatch.setattr(cache.platformdirs, "user_cache_dir", of_user)
        monkeypatch.setattr(cache.os.path, "expanduser", lambda path: path)
        cache._usable.cache_clear()
        monkeypatch.setenv("RLSEARCH_CACHE", "")
        with pytest.warns(RlsearchWarning, match="there is no such home folder"):
            assert cache_root() == temporary
    assert not (tmp_path / "~").exists()


def test_nowhere_to_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RLSEARCH_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(RlsearchError, match=r"cannot be kept in .*file.* nor elsewhere .*set RLSEARCH_CACHE to a folder"):
        cache_root()


@pytest.mark.parametrize("planted", ["link", "open"])
def test_a_temporary_folder_that_others_may_write_is_not_used(planted, monkeypatch, tmp_path: Path, temporary: Path) -> None:
    """What lies in a cache is run."""
    (tmp_path / "elsewhere").mkdir()
    if planted == "link":
        temporary.symlink_to(tmp_path / "elsewhere")
    else:
        temporary.mkdir()
        temporary.chmod(0o777)
    monkeypatch.setenv("RLSEARCH_CACHE", "/dev/null/x")
    with pytest.warns(RlsearchWarning):
        found = cache_root()
    assert found != temporary and found.stat().st_mode & 0o077 == 0 and found.parent == tmp_path


@pytest.mark.parametrize(
    "program",
    ["import rlsearch; rlsearch.Loss('dqn').latex()", "from rlsearch.cli import run; assert run(['show', 'dqn']) == 0"],
)
def test_who_compiles_nothing_needs_no_cache(program: str, tmp_path: Path) -> None:
    broken = {"RLSEARCH_CACHE": "/dev/null/x", "TMPDIR": str(tmp_path), "HOME": "/dev/null"}
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | broken, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "") and [*tmp_path.iterdir()] == []
