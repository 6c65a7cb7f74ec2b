"""What is neither the request's fault nor ours is a line as well; a bug of ours stays a traceback."""

import errno
import os
from pathlib import Path

import pytest

from rlsearch.cli.commands import inputs
from rlsearch.cli.foreign_errors import explain_foreign
from tests.cli.conftest import launch

THEIRS = {"torch.py": "", "click.py": "", "numpy/__init__.py": "", "random.py": "import nothing", "json.py": "1 / 0"}


@pytest.mark.parametrize("name", THEIRS)
def test_files_in_the_current_folder_hide_no_package(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(THEIRS[name])
    assert launch("check", "dqn", folder=tmp_path).out.startswith("dqn: a loss without problems\n")


def test_a_file_that_hides_a_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where somebody has put its folder before the packages."""
    (tmp_path / "torch.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])]))
    said = launch("check", "dqn", folder=tmp_path)
    assert said.code == 2 and said.out == "" and said.err.count("\n") == 1
    assert f"'{tmp_path}/torch.py' hides the package torch" in said.err and "rename it" in said.err


@pytest.mark.parametrize(
    ("error", "line", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device; make room, or name folders", 1),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "'/x/y': Permission denied", 1),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "Resource temporarily unavailable", 1),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "", 1),  # of ours
        (AttributeError("module 'torch' has no attribute 'x'"), "", 1),
        (ValueError("torch"), "", 1),
    ],
)
def test_what_the_machine_refuses_is_told_from_bugs(error: Exception, line: str, code: int) -> None:
    found = explain_foreign(error)
    assert found[0].startswith(line) and bool(found[0]) == bool(line) and found[1] == code


def test_an_error_of_the_machine_is_a_line(say, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "some.txt")

    monkeypatch.setattr(inputs, "print_json", broken)
    said = say("inputs", "--json")
    assert (said.code, said.err) == (1, "rlsearch: 'some.txt': Too many open files\n")


def test_a_bug_is_a_traceback(say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "print_json", None)
    with pytest.raises(TypeError):
        say("inputs", "--json")
