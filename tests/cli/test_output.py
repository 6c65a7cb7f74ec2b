"""Files that commands write: whole or not at all, through links, into pipes and devices, and never over one that is there."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rlsearch.cli.output import write_new
from rlsearch.errors import RlsearchError


def test_a_link_stays_one_and_what_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    with pytest.raises(RlsearchError, match="exists already"):
        write_new(link, "new", force=False)
    assert target.read_text() == "old"
    write_new(link, "new", force=True)
    assert link.is_symlink() and target.read_text() == "new"
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["target"]


def test_a_link_to_nothing_yet_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_new(tmp_path / "link", "new", force=False)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "target").read_text() == "new"


@pytest.mark.parametrize("force", [False, True])
def test_a_pipe_is_written_into_and_stays_one(force: bool, tmp_path: Path) -> None:
    pipe, found = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: found.append(pipe.read_text()))
    reader.start()
    write_new(pipe, "text", force)
    reader.join()
    assert found == ["text"] and pipe.is_fifo() and [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_device_takes_anything() -> None:
    write_new(Path(os.devnull), "text", force=True)
    assert Path(os.devnull).is_char_device()


def test_what_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "file").write_text("old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RlsearchError, match="No space left on device"):
        write_new(tmp_path / "file", "new", force=True)
    assert (tmp_path / "file").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_stdout_is_named_by_its_path_and_by_a_dash(say, tmp_path: Path) -> None:
    wanted = say("export", "dqn", "--to", "python").out
    assert say("export", "dqn", "--to", "python", "-o", "-").out == wanted and not (tmp_path / "-").exists()
    words = [sys.executable, "-m", "rlsearch", "export", "dqn", "--to", "python", "-o", "/dev/stdout"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == wanted


def test_a_dash_is_refused_where_nothing_is_printed(say) -> None:
    said = say("report", "dqn", "-o", "-")
    assert said.code == 2 and "'-' is not stdout here" in said.err
