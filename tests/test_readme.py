"""Every command of the README runs, in the order in which a reader would type them."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.S)
COMMANDS = [line.split("#")[0].strip() for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
# The same commands with budgets that a test can wait for.
SHORT = {"--minutes 10": "--proposals 260", "--seeds 10": "--seeds 2 --steps 500"}


def test_make_targets_exist():
    targets = (README.parent / "Makefile").read_text(encoding="utf-8")
    for command in COMMANDS:
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in targets


@pytest.mark.slow
def test_commands_run_in_order(tmp_path):
    first = "rlsearch search quickstart --proposals 250"
    (pack,) = [block for kind, block in BLOCKS if kind == "python" and block.startswith("# my_ops.py\n")]
    (tmp_path / "my_ops.py").write_text(pack, encoding="utf-8")
    assert "rlsearch search search_spaces/quickstart.yaml --minutes 2" in TEXT
    for command in [first, *(command for command in COMMANDS if command.startswith("rlsearch "))]:
        for long, short in SHORT.items():
            command = command.replace(long, short)
        words = shlex.split(command)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "rlsearch", *words],
            cwd=tmp_path,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert (tmp_path / "page.html").stat().st_size > 10_000
    assert "import torch" in (tmp_path / "loss.py").read_text(encoding="utf-8")


def test_python_blocks_run():
    for kind, block in BLOCKS:
        if kind == "python":
            subprocess.run([sys.executable, "-c", block], check=True, capture_output=True)


def test_python_sessions_are_real():
    sessions = [block for kind, block in BLOCKS if kind == "pycon"]
    assert sessions
    for place, session in enumerate(sessions):
        examples = doctest.DocTestParser().get_doctest(session, {}, f"README {place}", "README.md", 0)
        assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples).failed == 0


def test_shown_output_is_the_real_one():
    shown = [block for kind, block in BLOCKS if kind == "text" and block.startswith("$ rlsearch ")]
    assert shown
    for block in shown:
        command, wanted = block.removeprefix("$ rlsearch ").split("\n", 1)
        ran = subprocess.run(
            [sys.executable, "-m", "rlsearch", *shlex.split(command)], capture_output=True, text=True, check=True
        )
        assert ran.stdout == wanted
