"""What each target installs: users' targets nothing that only tests need, and no install is silent."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = dict(re.findall(r"^([\w$()-]+): (.*\n(?:\t.*\n)*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


def installed(target: str) -> set[str]:
    """The extras that a target installs, and `.` for the package alone."""
    needs, _, recipe = RULES[target].partition("\n")
    found = set(re.findall(r"-e '?\.(\[[\w,]+\])?", recipe)) if "$(PIP)" in recipe else set()
    names = {name for extras in found for name in extras.strip("[]").split(",")}
    return names.union(*(installed(need) for need in needs.split() if need in RULES))


def test_the_demo_installs_what_a_user_needs() -> None:
    assert installed("demo") == {""}


@pytest.mark.parametrize("target", ["test", "test-all", "soak", "check", "bench", "wheel"])
def test_developers_get_what_tests_and_checks_need(target: str) -> None:
    assert installed(target) == {"", "test", "check", "wheel"} and installed(target) - {""} <= EXTRAS.keys()


def test_installing_shows_that_it_goes_on() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not re.search(r"--quiet|-q\b|--progress-bar", text) and text.count('@echo "installing') == text.count("$(PIP) ")
