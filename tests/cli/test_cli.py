"""The entry point: help without heavy imports, every command listed and documented, streams and signals."""

import json
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest

from rlsearch.cli import commands
from rlsearch.cli.group import COMMANDS, EXIT_CODES, root

HEAVY = ("torch", "numba", "sympy", "numpy", "scipy", "pydantic", "rich", "networkx", "jinja2", "yaml")


def loaded(program: str) -> list[str]:
    """Heavy packages that a program has imported at its end."""
    report = f"""
import sys, json
try: exec({program!r}, {{"sys": sys}})
except SystemExit: pass
sys.__stderr__.write(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return json.loads(done.stderr)


@pytest.mark.parametrize(
    "program",
    [
        "import rlsearch; rlsearch.__version__; rlsearch.__all__",
        "sys.argv = ['rlsearch', '--help']; from rlsearch.cli import main; main()",
        "sys.argv = ['rlsearch', '--version']; from rlsearch.cli import main; main()",
        "import io; sys.stderr = io.StringIO(); from rlsearch.cli import run; run(['serach'])",
    ],
)
def test_nothing_heavy_is_imported(program: str) -> None:
    assert loaded(program) == []


def test_reading_losses_needs_no_torch() -> None:
    found = loaded(
        "from rlsearch.cli import run\n"
        "for form in ('text', 'formula', 'tree', 'torch', 'latex', 'mermaid', 'json'): run(['show', 'dqn', '--as', form])\n"
        "for name in ('ops', 'envs', 'losses', 'spaces'): run([name])"
    )
    assert not {"torch", "numba", "sympy"} & set(found)


def test_running_a_search_needs_no_torch_in_the_driver() -> None:
    assert not {"torch", "numba", "sympy"} & set(loaded("import rlsearch.cli.commands.search, rlsearch.cli.commands.compare"))


@pytest.mark.parametrize("name", COMMANDS)
def test_help(name: str, say) -> None:
    """Each command's file has its name and its help has an example."""
    for flag in ("-h", "--help"):
        said = say(name, flag)
        assert said.code == 0
        assert f"\n  rlsearch {name}" in said.out
    command = root.get_command(None, name)  # type: ignore[arg-type]
    assert command.name == name and command.short_help is None


def test_help_lists_every_command(say) -> None:
    said = say("--help")
    assert said.code == 0
    assert all(f"\n  {name} " in said.out for name in COMMANDS)


def test_exit_codes_are_documented(say) -> None:
    """All that a command may end with."""
    from rlsearch.cli.commands.check import FOUND
    from rlsearch.cli.signals import CODES
    from rlsearch.errors import RlsearchError, RunFailed

    assert {0, RlsearchError.exit_code, RunFailed.exit_code, FOUND, *CODES.values()} == EXIT_CODES.keys()
    text = say("--help").out
    assert all(f"\n  {code} " in text for code in EXIT_CODES)


def test_every_command_has_json() -> None:
    lacking = [name for name in COMMANDS if "as_json" not in {param.name for param in root.get_command(None, name).params}]  # type: ignore[arg-type]
    assert lacking in ([], ["export"])


def test_every_command_is_listed() -> None:
    """In the group, and in the README."""
    written = {module.name for module in iter_modules(commands.__path__)}
    assert written == COMMANDS.keys(), "SECTIONS of rlsearch/cli/group.py do not list the files of rlsearch/cli/commands/"
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"rlsearch {name}" not in readme] == [], "README.md does not say what these are for"


def test_no_command_is_help_and_a_wrong_request(say) -> None:
    said = say()
    assert (said.code, said.out) == (2, "") and "Usage: rlsearch" in said.err


def test_a_reader_may_leave_early() -> None:
    line = f"{sys.executable} -m rlsearch ops | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert done.stderr == "" and done.stdout.splitlines()[-1] == "0"


def test_the_package_runs_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rlsearch", "spaces"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "quickstart" in done.stdout
