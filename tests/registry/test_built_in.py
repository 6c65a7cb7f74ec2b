"""The shipped op families, whatever else is called `primitives`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlsearch.errors import OpError
from rlsearch.registry import built_in
from rlsearch.registry.built_in import built_in_families
from rlsearch.registry.data import known_losses, shipped_spaces

SCRIPT = """
import sys
{first}
from rlsearch import Loss
from rlsearch.registry import families, known_losses, operations
print(*families(), *known_losses(), len(operations()), Loss("dqn").key)
{last}
"""
THEIRS = "import primitives; assert primitives.MINE == 7"


def said(folder: Path, first: str = "", last: str = "") -> str:
    """What a script prints that lies in this folder."""
    (folder / "script.py").write_text(SCRIPT.format(first=first, last=last))
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return said(tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize("name", ["primitives.py", "primitives/__init__.py", "primitives/notes.txt", "search_spaces.py"])
@pytest.mark.parametrize("when", ["first", "last", "never"])
def test_a_users_own_of_that_name_neither_hides_ours_nor_is_hidden(name, when, tmp_path: Path, undisturbed: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("MINE = 7\n")
    theirs = THEIRS if file.suffix == ".py" and when != "never" else ""
    theirs = theirs.replace("primitives", name.removesuffix(".py").partition("/")[0])
    assert said(tmp_path, **{when: theirs} if when != "never" else {}) == undisturbed


def test_without_another_one_ours_has_its_own_name() -> None:
    """So that a module is not imported twice."""
    import primitives.arithmetic

    assert built_in_families()["arithmetic"] is primitives.arithmetic.OPS


@pytest.mark.parametrize("content", [{}, {"arithmetic": "OPS = ()"}, {"theirs": "X = 1"}])
def test_files_that_another_distribution_has_overwritten_are_told(content, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    for name, text in content.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(built_in, "FOLDER", tmp_path)
    monkeypatch.setattr(built_in, "OTHER_NAME", f"overwritten_{len(content)}_{'theirs' in content}")
    with pytest.raises(OpError, match=r"is not as rlsearch was installed .*pip install --force-reinstall rlsearch"):
        built_in_families.__wrapped__()


def test_data_is_where_the_package_is() -> None:
    assert "dqn" in known_losses() and shipped_spaces()["quickstart"].is_file()
