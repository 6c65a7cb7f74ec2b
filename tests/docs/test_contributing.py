"""What the pages for contributors name exists: files, make targets, tests to run. What a reader will make is in italics."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md")
BASES = (ROOT, ROOT / "docs", ROOT / "rlsearch")  # what a path may be relative to
A_PATH = re.compile(r"[\w.-]*(/[\w.-]*)+|[\w-]+\.(md|py|svg|toml|yaml)")
YOURS = "NAME"  # what stands for a name that the reader chooses


def text_of(page: str) -> str:
    """A page without its blocks."""
    return re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.S)


def codes(page: str) -> list[str]:
    """All that stands between backticks."""
    return re.findall(r"`([^`]+)`", text_of(page))


def exists(path: str) -> bool:
    """Whether there is such a file, or such a folder if it ends with a slash; without a suffix, also a module of this name."""
    for place in (base / path for base in BASES):
        if place.is_dir() if path.endswith("/") else place.exists() or place.with_name(f"{place.name}.py").exists():
            return True
    return False


def missing(page: str) -> list[str]:
    """Paths that a page names and that are not there, between backticks or as links."""
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text_of(page)) if "://" not in link]
    named = [code for code in codes(page) if A_PATH.fullmatch(code) and YOURS not in code]
    return [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] + [p for p in named if not exists(p)]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_exists(page):
    assert missing(page) == [], f"{page} names files that are not there; what a reader will make stands in italics"


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_exists(page):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    asked = [word for code in codes(page) if code.startswith("make ") for word in code.split()[1:]]
    assert [word for word in asked if word not in targets] == [], f"{page} asks for these targets; the Makefile has {targets}"


def test_every_make_target_is_explained():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert [target for target in targets if f"| `make {target}` |" not in text_of("CONTRIBUTING.md")] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_to_run_exists(page):
    for command in (code for code in codes(page) if "pytest " in code):
        for word in command.partition("pytest ")[2].split():
            path, _, name = word.partition("::")
            if "/" in path:
                assert (ROOT / path).exists(), f"{page}: {command}: there is no {path}"
                assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{page}: {command}: no {name}"


def test_every_recipe_has_five_steps_and_a_test():
    recipes = text_of("CONTRIBUTING.md").split("\n### ")[1:]
    assert len(recipes) == 8
    for recipe in recipes:
        title = recipe.splitlines()[0]
        assert re.findall(r"^(\d)\. ", recipe, re.M) == list("12345"), f"'{title}' has five steps"
        assert "Copy " in recipe and "`.venv/bin/pytest tests/" in recipe, f"'{title}' names a file to copy and a test to run"


def test_what_is_not_there_is_found(tmp_path, monkeypatch):
    (tmp_path / "page.md").write_text(
        "`rlsearch/nothing.py`, [here](nowhere.md), `README.md`, `q(online, s)[a]`, `a/NAME.py`\n"
    )
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert missing("page.md") == ["nowhere.md", "rlsearch/nothing.py"]
