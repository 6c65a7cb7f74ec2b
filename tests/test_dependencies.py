"""What the product imports is declared, and each declaration names the rooms that import it."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)["project"]
OURS = {"rlsearch", "primitives", "search_spaces"}
IMPORTED_AS = {"pyyaml": "yaml"}  # where the package has another name than the distribution
PARTS = {"pydantic_core": "pydantic"}  # packages of another distribution, which one installs and speaks for
ROOMS = re.compile(r'"([\w-]+)[^"]*".*# ([\w./, ]+/): ')


def names(declared: list[str]) -> set[str]:
    """Packages as they are imported, from distributions with their versions."""
    found = {re.split(r"[^\w.-]", word)[0].lower() for word in declared}
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in found}


def imports(file: Path) -> set[str]:
    """Top-level packages that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module)
    packages = {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names)
    return {PARTS.get(name, name) for name in packages}


def imported_in(folder: Path) -> set[str]:
    """Of all files in a folder."""
    return {name for file in folder.rglob("*.py") for name in imports(file)}


def test_every_import_of_the_product_is_declared() -> None:
    optional = names([*(word for extra in ("pandas", "ray", "peers") for word in PROJECT["optional-dependencies"][extra])])
    needed = imported_in(ROOT / "rlsearch") | imported_in(ROOT / "primitives")
    assert needed - OURS == names(PROJECT["dependencies"]) | optional


@pytest.mark.parametrize("line", [line for line in TEXT.splitlines() if ROOMS.search(line)])
def test_a_dependency_is_imported_where_its_comment_says(line: str) -> None:
    (distribution, rooms) = ROOMS.search(line).groups()  # type: ignore[union-attr]
    for room in rooms.split(", "):
        folder = ROOT / room if room.startswith("tests/") else ROOT / "rlsearch" / room
        assert names([distribution]) <= imported_in(folder), f"{room} does not import {distribution}"


def test_every_dependency_has_such_a_comment() -> None:
    commented = {ROOMS.search(line).group(1) for line in TEXT.splitlines() if ROOMS.search(line)}  # type: ignore[union-attr]
    assert names(PROJECT["dependencies"]) | {"ray", "minigrid", "pandas"} == names(sorted(commented))


def test_what_is_tested_together_is_within_the_declared_bounds() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M))
    pinned = {name.lower().replace("_", "-"): version for name, version in pins.items()}
    for word in [*PROJECT["dependencies"], *(word for extra in PROJECT["optional-dependencies"].values() for word in extra)]:
        requirement = Requirement(word)
        assert pinned[requirement.name.lower()] in requirement.specifier, word


def test_the_pythons_that_are_named_are_those_that_are_allowed() -> None:
    named = [word.rpartition(" ")[2] for word in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d+$", word)]
    assert named == ["3.11", "3.12", "3.13"] and PROJECT["requires-python"] == f">={named[0]}"
