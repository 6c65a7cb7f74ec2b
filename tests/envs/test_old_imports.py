"""A user's environment from before `rlsearch.jit` moved: it works, and one notice says what to type."""

import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from rlsearch.envs import EnvSpec, catalogue, example, make_task
from rlsearch.envs.catalogue import card_named
from rlsearch.envs.old_imports import NOTICE, OLD
from rlsearch.envs.promises.play import fresh_arrays, play
from rlsearch.errors import SpaceError

NEW = "from rlsearch.envs import Card, Option, World, njit\n"
MINE = Path(example.__file__).read_text(encoding="utf-8")
THEN = MINE.replace(NEW, "from rlsearch.envs import Card, Option, World\nfrom rlsearch.jit import njit\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, in which a user's modules are, one of them a package."""
    assert MINE != THEN
    (tmp_path / "my_old.py").write_text(THEN)
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "__init__.py").write_text("from my_package.corridor import CARD\n")
    (tmp_path / "my_package" / "corridor.py").write_text(THEN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    catalogue._own.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] in ("my_old", "my_package", "my_other")]:
        del sys.modules[name]


def test_check_plays_it_and_says_what_to_type(folder: Path) -> None:
    words = [sys.executable, "-m", "rlsearch", "check", "my_old:CARD"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "my_old:CARD: an environment without problems")
    line = THEN.splitlines().index("from rlsearch.jit import njit") + 1
    assert done.stderr == f"{folder / 'my_old.py'}:{line}: FutureWarning: {NOTICE}\n  from rlsearch.jit import njit\n"


@pytest.mark.parametrize(("name", "file"), [("my_old", "my_old.py"), ("my_package", "my_package/corridor.py")])
def test_the_notice_names_the_file_once(folder: Path, name: str, file: str) -> None:
    with pytest.warns(FutureWarning, match="from rlsearch.envs import njit") as told:
        assert card_named(f"{name}:CARD").id == "Corridor"
        assert card_named(f"{name}:CARD").id == "Corridor"
    assert [warning.filename for warning in told] == [str(folder / file)]
    assert OLD not in sys.modules


def count_moments(name: str) -> int:
    """What a worker does first: find the environment by its name, and play it."""
    task = make_task(EnvSpec(name), 0)
    return len(list(play(task, fresh_arrays(task), 0, 20)))


def test_a_worker_process_plays_it_in_silence(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with get_context("spawn").Pool(1) as workers:
        assert workers.apply(count_moments, ("my_old:CARD",)) > 20
    assert capfd.readouterr().err == ""


def test_other_modules_that_are_not_there_are_not_given(folder: Path) -> None:
    (folder / "my_other.py").write_text("from rlsearch.jits import njit\n")
    with pytest.raises(SpaceError, match=r"No module named 'rlsearch\.jits'"):
        card_named("my_other:CARD")
    (folder / "my_other.py").write_text("from rlsearch.jit import njit\nimport nothing_of_mine\n")
    with pytest.raises(SpaceError, match="No module named 'nothing_of_mine'"):
        card_named("my_other:CARD")
    assert OLD not in sys.modules
