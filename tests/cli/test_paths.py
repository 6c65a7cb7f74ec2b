"""Paths that hold what means something elsewhere, as arguments of every command; what is printed to be typed can be typed."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from rlsearch.errors import as_word
from tests.cli.conftest import SPACE

DQN = "loss = 0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2\n"
NAMES = [
    "v@2", "me@example.com", "a b", "#1", "a:b", "a=b", "é⁻γ", "-x", "50%", "what?", "it's", "$HOME", "~", "a@b@best", "(1)",
    "q(x", "a,b", "best", "dqn",
]  # fmt: skip
QUICK = ("v@2", "a b", "-x", "a:b")
ODD = [name for name in NAMES if name != "best"]


def plain(name: str) -> str:
    """A path that is no option, as one would type it."""
    return f"./{name}" if name.startswith("-") else name


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_file(name: str, say, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    for path in (f"{name}.loss", f"{name}/mine.loss", f"{name}/{name}.loss"):
        (tmp_path / path).write_text(DQN)
        assert say("show", plain(path), "--as", "formula").out.startswith("0.5 (Q(s, a) −")
        assert say("show", str(tmp_path / path), "--json").json["hash"].startswith("821a4979")
    assert say("export", plain(f"{name}.loss"), "--to", "latex", "-o", plain(f"{name}.tex")).code == 0
    assert (tmp_path / f"{name}.tex").is_file()
    assert say("report", plain(f"{name}.loss"), "-o", plain(f"{name}.html")).code == 0
    missing = say("show", plain(f"{name}/none.loss"))
    assert missing.code == 2 and "there is no file" in missing.err and missing.err.count("\n") == 1


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name not in QUICK)) for name in NAMES])
def test_a_run(name: str, say, tmp_path: Path, finished_run: Path) -> None:
    (tmp_path / "shared@lab").mkdir()
    shutil.copytree(finished_run, tmp_path / name)
    (tmp_path / "shared@lab" / name).symlink_to(tmp_path / name)
    for path in (plain(name), f"shared@lab/{name}"):
        best = say("show", f"{path}@BEST", "--json")
        assert best.code == 0, best.err
        assert say("show", f"{path}@{best.json['hash'][:8]}", "--json").json["hash"] == best.json["hash"]
    said = say("show", f"./{name}")
    assert said.code == 2 and "is a run, not a loss" in said.err
    (typed,) = re.findall(r"type (.*?), or ", said.err)
    assert say("show", *shlex.split(typed)).code == 0
    assert "a run without problems" in say("check", plain(name)).out
    again = say("search", "quickstart", "--out", f"./{name}")
    (typed,) = re.findall(r"type `rlsearch resume (.*?)`", again.err)
    said = say("resume", *shlex.split(typed))
    assert said.code == 2
    (typed,) = re.findall(r"`rlsearch (resume .*) --proposals 60`", said.err)
    assert shlex.split(typed)[-1] == name or shlex.split(typed)[-1] == plain(name)


@pytest.mark.parametrize("name", ODD)
def test_a_space(name: str, say, tmp_path: Path) -> None:
    (tmp_path / f"{name}.yaml").write_text(SPACE.replace("ops: [", "op: ["))
    said = say("search", plain(f"{name}.yaml"))
    assert said.code == 2 and "'ops' is missing" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "-x.loss"), "a path that begins with a minus is typed ./-x.loss"),
        (("show", "-run@best"), "a path that begins with a minus is typed ./-run@best"),
        (("top", "-run"), "a path that begins with a minus is typed ./-run"),
        (("show", "-z.loss"), "no option '-z'"),
        (("show", "q(online, s)[a] @ r"), "line 1, column 1: 'q(online, s)[a] @ r' is not allowed here"),
        (("show", "(q(online, s)[a])@2"), "is not allowed here"),
        (("show", "me@example.com/mine"), "unknown loss 'me@example.com/mine'"),
        (("show", "v@2.los"), "unknown loss 'v@2.los'"),
        (("show", "me@example.com"), "unknown loss 'me@example.com'"),
        (("show", "no/run@abc"), "there is no run 'no/run'"),
        (("show", "./-run@xyz"), "begins with 'xyz'; see `rlsearch top ./-run` for hashes"),
        (("show", "./-run@"), "'./-run@' names no loss; type RUN@best"),
        (("show", "0.5 * " * 80 + "q(online, s)[a] @ r"), "is not allowed here"),
        (("report", "0.5 * " * 80 + "q(online, s)[a] - x"), "unknown name 'x'"),
        (("top", "x" * 300), "cannot be read: File name too long"),
    ],
)
def test_what_is_meant_is_said(words: tuple[str, ...], message: str, say, tmp_path: Path, finished_run: Path) -> None:
    (tmp_path / "-x.loss").write_text(DQN)
    shutil.copytree(finished_run, tmp_path / "-run")
    said = say(*words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1 and "Traceback" not in said.err


def test_what_there_is_comes_before_what_there_might_be(say, tmp_path: Path, finished_run: Path) -> None:
    """A run called `run@2` beside one called `run`; a folder called like a known loss."""
    for name in ("run", "run@2", "double_dqn"):
        shutil.copytree(finished_run, tmp_path / name)
    assert "'run@2' is a run, not a loss; type run@2@best" in say("show", "run@2").err
    assert say("show", "run@2@best", "--json").json["hash"] == say("show", "run@best", "--json").json["hash"]
    assert say("report", "./double_dqn", "-o", "a.html").code == 0
    (tmp_path / "dqn").mkdir()
    assert say("report", "dqn", "-o", "b.html").code == 0  # no run, and so the loss


@pytest.mark.parametrize("text", ["plain", "-x", "a b", "it's", "é", "$x", "#1", ""])
def test_a_word_is_typed_as_it_is_read(text: str) -> None:
    (read,) = shlex.split(as_word(text))
    assert read == (f"./{text}" if text.startswith("-") else text)
