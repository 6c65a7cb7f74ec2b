"""Tables and words on terminals of any width: nothing is lost, and only what cannot be broken is wider."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.cli.group import COMMANDS
from rlsearch.cli.tables import UNLIMITED, fitting, sentence, table, table_rows, width
from tests.cli.test_streams import TYPED

CELLS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x3FF, exclude_categories=("C", "M", "Z")) | st.just(" "), max_size=40
)
OUTPUTS = {name: words for name, words in TYPED.items() if name not in ("completion", "version", "export", "report", "tree")}


@given(
    st.integers(1, 6).flatmap(lambda k: st.lists(st.lists(CELLS, min_size=k, max_size=k), min_size=1, max_size=5)),
    st.integers(20, 130),
)
def test_nothing_is_lost_and_nothing_is_wider(rows: list[list[str]], columns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        found = table_rows(rows[0], rows[1:])
    assert len(found) == len(rows)
    for lines, row in zip(found, rows, strict=True):
        assert sorted("".join(row).replace(" ", "")) == sorted("".join(lines).replace(" ", ""))
        assert all(len(line) <= columns for line in lines)


def test_in_a_pipe_a_row_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert width() == UNLIMITED
    rows = [("a", "12", "x" * 300), ("name", "3", "y [a] :smile: [/b]")]
    assert table(("", "size", "loss"), rows) == [
        "      size  loss", "a       12  " + "x" * 300, "name     3  y [a] :smile: [/b]",
    ]  # fmt: skip
    assert fitting("x " * 200) == ["x " * 200]
    assert max(map(len, sentence("word " * 99))) <= 80


@pytest.mark.parametrize("columns", ["60", "100"])
def test_a_terminal_is_as_wide_as_it_says(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == int(columns)
    lines = table(("", "what"), [("a", "word " * 30), ("b", "")])
    assert max(map(len, lines)) <= int(columns) and " ".join(lines).count("word") == 30
    assert lines[2].startswith("  ") and lines[2].split()[0] == "word" and lines[-1] == "b"


@pytest.mark.parametrize("columns", ["", "0", "-3", "wide"])
def test_a_width_that_is_none_is_not_taken(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == UNLIMITED


def test_columns_that_have_no_room_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    head, rows = ("name", "spare", "more", "text"), [("a" * 20, "b" * 20, "c" * 20, "word " * 9)]
    monkeypatch.setenv("COLUMNS", "300")
    assert not any("no room" in line for line in table(head, rows, ("more", "spare")))
    for columns, out in (("70", "more"), ("60", "more, spare")):
        monkeypatch.setenv("COLUMNS", columns)
        lines = table(head, rows, ("more", "spare"))
        assert f"(no room for {out}: --json has them" in " ".join(lines) and max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("name", OUTPUTS)
def test_every_command_fits(name: str, columns: int, say, finished_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = say(*(word.format(run=finished_run, parent=finished_run.parent) for word in OUTPUTS[name]))
    assert said.code == 0
    wide = [line for line in said.out.splitlines() if len(line) > columns]
    assert [line for line in wide if len(line.split()) > 2 or "/" not in line] == []  # a path is not broken


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_fits(name: str, columns: int, say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples, to be copied, and lists of choices stay whole."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = say(name, "-h").out.splitlines()
    assert [line for line in lines if len(line) > columns and not re.match(r"  (rlsearch|eval) |  --?\S+ \S+$", line)] == []


def test_quiet_is_results_alone(say, finished_run: Path) -> None:
    spoken, quiet = (say("top", str(finished_run), *words).out for words in ((), ("-q",)))
    assert "known, same seeds" in quiet and not re.search("^pick: |rung: |scores: |size: |trained", quiet, re.MULTILINE)
    assert all(line in spoken.splitlines() for line in quiet.splitlines())
    assert say("top", str(finished_run), "-q", "--json").json == say("top", str(finished_run), "--json").json
    words = ("compare", "dqn", "--envs", "Catch", "--seeds", "2", "--steps", "100", "--workers", "1")
    said = say(*words, "--quiet")
    assert said.code == 0 and said.err == "" and "training" not in said.out and "area: mean" not in said.out
    assert "dqn" in said.out
