"""Spaces as people write them: `corpus/` holds wrong ones, with the messages they get; `same/` holds one in many ways."""

import os
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rlsearch.cli import run
from rlsearch.errors import SpaceError
from rlsearch.space.load import load_space, parse_space

HERE = Path(__file__).parent
WRONG = sorted((HERE / "corpus").glob("*.yaml"))
SAME = sorted((HERE / "same").glob("*.yaml"))
EXPECTED = re.compile(r"# line (\d+): (.*)")
JARGON = re.compile("tuple|pydantic|dictionary|validation error|Input should")
LONGEST = 900  # characters of a message, whatever the file holds
LEAST = "inputs: [online, target, s, s_next, a, r, discount]\nops: [add]\nrungs: [{envs: [Catch], steps: 1000}]\n"


def expected(path: Path) -> list[tuple[int, str]]:
    """What the comments at a file's top say."""
    heads = [EXPECTED.fullmatch(line) for line in re.split("\r\n|\r|\n", path.read_text(encoding="utf-8"))]
    return [(int(head[1]), head[2]) for head in heads if head]


def refused(where: Path | str) -> str:
    with pytest.raises(SpaceError) as error:
        load_space(str(where))
    return str(error.value)


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_every_problem_is_told_with_its_line_and_nothing_else_is(path):
    told = [re.fullmatch(rf"{re.escape(str(path))}: line (\d+): (.*)", line) for line in refused(path).split("\n")]
    found = [(int(line[1]), line[2]) for line in told if line]
    assert len(found) == len(told)
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    for (line, message), (wanted, said) in zip(found, expected(path), strict=True):
        assert (line, message[: len(said)]) == (wanted, said)
        assert len(message) <= LONGEST and message.isprintable()
        assert not JARGON.search(message)


@pytest.mark.parametrize("path", WRONG[::4], ids=lambda path: path.stem)
def test_the_command_line_says_the_same_and_exits_with_2(path, capsys):
    assert run(["search", str(path)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"rlsearch: {refused(path)}\n")


@pytest.mark.parametrize("path", SAME, ids=lambda path: path.stem)
def test_one_space_however_it_is_written(path):
    plain, other = load_space(str(HERE / "same" / "plain.yaml")), load_space(str(path))
    assert replace(other, name=plain.name, text=plain.text) == plain


BYTES = {
    "empty": (b"", "line 1: a search space is a mapping of keys"),
    "a BOM alone": (b"\xef\xbb\xbf", "line 1: a search space is a mapping of keys"),
    "Latin-1": (LEAST.encode() + "# Zürich".encode("latin-1"), "is not UTF-8 text (byte 104); save it as UTF-8"),
    "UTF-16": (LEAST.encode("utf-16"), "is not UTF-8 text (byte 0); save it as UTF-8"),
    "two megabytes": (LEAST.encode() + b"#" * 2_000_000, "has 2,000,101 bytes; a search space has at most 100,000"),
    "open brackets": (b"inputs: " + b"[" * 10_000, "line 1: nested more than 16 levels deep"),
    "closed brackets": (b"inputs: " + b"[" * 10_000 + b"]" * 10_000, "line 1: nested more than 16 levels deep"),
    "braces": (b"inputs: " + b"{a: " * 10_000, "line 1: nested more than 16 levels deep"),
    "nested keys": (b"? " * 40_000, "line 1: nested more than 16 levels deep"),
    "dashes": (b"inputs:\n " + b"- " * 40_000, "line 2: nested more than 16 levels deep"),
    "a long line": (b"inputs: [" + b"r, " * 30_000 + b"]", "line 1: inputs: must hold at most 200, not 30,000"),
    "a long word": (b"ops: [" + b"x" * 90_000 + b"]", f"unknown op or family '{'x' * 200}...' (allowed: abs, "),
    "many names": (
        b"ops: [" + b", ".join(b"tahn%d" % n for n in range(8000)) + b"]",
        "line 1: ops: must hold at most 200, not 8,000",
    ),
    "many keys": (b"\n".join(b"opps%d: 1" % n for n in range(8000)), "and 7,903 more problems"),
    "many lines": (b"given: |\n" + b"  x = x\n" * 6000, "line 2: given: line 1, column 5: a line applies an op"),
    "many starts": (
        b"start: [" + b", ".join(b"dqm%d" % n for n in range(150)) + b"]",
        "line 1: start.0: unknown loss 'dqm0'; did",
    ),
    "many rungs": (b"rungs:\n" + b"- {}\n" * 51, "line 1: rungs: must hold at most 50, not 51"),
    "many environments": (
        b"rungs:\n- envs: [" + b", ".join(b"Garnt%d" % n for n in range(200)) + b"]\n  steps: 500",
        "line 2: rungs.0.envs.0: unknown environment 'Garnt0'; did you mean 'Garnet'? (allowed: Garnet, ",
    ),
}


@pytest.mark.parametrize(("content", "said"), BYTES.values(), ids=BYTES)
def test_files_out_of_the_ordinary(content, said, tmp_path):
    path = tmp_path / "space.yaml"
    path.write_bytes(content)
    began = time.monotonic()
    found = refused(path)
    assert said in found
    assert all(len(line) <= len(str(path)) + LONGEST for line in found.split("\n"))
    assert time.monotonic() - began < 10  # seconds; a machine under load takes three


def test_what_is_no_file_is_one_line(tmp_path):
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "dangling.yaml").symlink_to("gone.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe.yaml")
    for where, said in {
        "gone.yaml": "no search space",
        "dangling.yaml": "no search space",
        "loop.yaml": "no search space",
        "zero.yaml": "is no plain file; type the path of a search space",
        "pipe.yaml": "is no plain file; type the path of a search space",
        "": "is a folder; type a YAML file or one of: quickstart",
        "file/space.yaml": "no search space",
        "a\nb.yaml": "no search space '",
        "x" * 300: "cannot be read: File name too long",
    }.items():
        found = refused(tmp_path / where)
        assert said in found and "\n" not in found, where


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_is_closed_to_us(tmp_path):
    path = tmp_path / "closed.yaml"
    path.write_text(LEAST)
    path.chmod(0)
    assert refused(path).endswith("cannot be read: Permission denied")


def test_a_line_of_a_quoted_text_is_told_by_its_key():
    with pytest.raises(SpaceError, match=r"^x: line 2: given: line 2, column 5: unknown op 'tahn'"):
        parse_space('ops: [add]\ngiven: "x = r + r\\ny = tahn(r)"\n' + LEAST.replace("ops: [add]\n", ""), "x")
