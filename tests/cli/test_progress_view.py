"""Progress on a terminal and in a pipe, on a clock of its own."""

import io
import re
from dataclasses import replace

import pytest

from rlsearch.cli import progress_view as live
from rlsearch.cli.output import Words
from rlsearch.cli.progress_view import Live, clock, short
from rlsearch.runs.budget import Budget
from rlsearch.runs.progress import Progress

DQN = "loss = 0.5 * (r + -q(online, s)[a] + discount * max(q(target, s_next)))**2"


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The module's clock."""
    fake = Clock()
    monkeypatch.setattr(live, "time", fake)
    return fake


def at(second: int) -> Progress:
    """What a search tells at a second: 100 proposals, 10 trials, 10,000 steps each."""
    statuses = {"trained": 10 * second, "duplicate": 70 * second, "equivalent": 10 * second, "rejected": 10 * second}
    return Progress("search", 100 * second, statuses, 10 * second, 10_000 * second, float(second), 0.0, DQN, 0.5, 1)


def told(time: Clock, budget: Budget, *, held: int = 0, seconds: int = 60) -> list[str]:
    """Lines in a pipe."""
    stream = io.StringIO()
    with Live(Words(stream), "run", 3, budget, held) as shown:
        for second in range(1, seconds + 1):
            time.now += 1
            shown.update(replace(at(second), share=second / 120))
    return stream.getvalue().splitlines()


def test_calm_lines_in_a_pipe(time: Clock) -> None:
    lines = told(time, Budget(minutes=2))
    assert 4 <= len(lines) <= 5
    assert lines[1] == (
        "   0:19   16%  1:41 left  1,900 proposals  190 classes  80% seen before  10 trials/s, 10k steps/s  "
        "best 0.500 on rung 2 of 3: 0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"
    )


def test_left_of_a_budget_in_proposals(time: Clock) -> None:
    assert "  53%  0:56 left  " in told(time, Budget(proposals=12_000), seconds=64)[-1]


def test_a_budget_without_end_has_no_time_left(time: Clock) -> None:
    stream = io.StringIO()
    with Live(Words(stream), "run", 3, Budget(proposals=10**12), 0) as shown:
        for second in range(1, 40):
            time.now += 1
            shown.update(replace(at(second), share=1e-12 * second))
    assert "left" not in stream.getvalue() and "proposals" in stream.getvalue()


def test_replaying_says_nothing_about_speed(time: Clock) -> None:
    assert told(time, Budget(minutes=2), held=6000) == []
    assert len(told(time, Budget(minutes=2), held=5900)) == 1


def test_better_classes_are_told_seldom(time: Clock) -> None:
    stream = io.StringIO()
    with Live(Words(stream), "run", 3, Budget(minutes=1), 0) as shown:
        for second in range(1, 21):
            time.now += 1
            shown.update(replace(at(second), best_text=DQN.replace("0.5", f"{second}.5")))
    assert len(stream.getvalue().splitlines()) == 5


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_the_panel_on_a_terminal(time: Clock) -> None:
    with Live(Words(Terminal()), "my run", 3, Budget(minutes=2), 0) as shown:
        assert "starting the workers" in drawn(shown)
        shown.announce("compiling ...")
        assert "compiling ..." in drawn(shown)
        for second in (1, 2, 3):
            time.now += 1
            shown.update(at(second))
        text = drawn(shown)
        for words in (
            "my run",
            "best 0.500 on rung 2 of 3: 0.5 * (q(online",
            "300 proposals",
            "80% seen before",
            "10 trials/s",
            "1:57 left",
        ):
            assert words in text
        time.now += 10  # between updates the clock goes on
        assert "0:13" in drawn(shown)
        shown.update(replace(at(13), phase="confirm", share=0.25))
        assert "confirming" in drawn(shown) and "25%" in drawn(shown)


class Screen:
    """What a terminal shows of what is written to it: as much of its language as the panel speaks."""

    def __init__(self, columns: int) -> None:
        self.columns, self.rows, self.row, self.column = columns, [""], 0, 0

    def write(self, text: str) -> None:
        """Obey control sequences; letters beyond the right edge go to the next line."""
        for number, command, letter in re.findall(r"\x1b\[\??([\d;]*)([A-Za-z])|(.|\n)", text):
            if command == "A":
                self.row = max(0, self.row - int(number or 1))
            elif command == "K":
                self.rows[self.row] = ""
            elif letter == "\r":
                self.column = 0
            elif letter == "\n":
                self._down()
            elif letter:
                if self.column == self.columns:
                    self._down()
                line = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = line[: self.column] + letter + line[self.column + 1 :]
                self.column += 1

    def _down(self) -> None:
        self.row, self.column = self.row + 1, 0
        self.rows += [""] * (self.row == len(self.rows))


@pytest.mark.parametrize("pressed", [0, 1, 2])
def test_nothing_of_the_panel_stays(pressed: int, time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal shows a ^C for each Ctrl-C."""
    monkeypatch.setenv("COLUMNS", "60")
    stream, screen = Terminal(), Screen(60)
    with Live(Words(stream), "my run", 3, Budget(minutes=2), 0) as shown:
        shown.update(at(1))
        shown._panel.refresh()
        screen.write(stream.getvalue())
        assert any("my run" in row for row in screen.rows)
        before = len(stream.getvalue())
        for _ in range(pressed):
            screen.write("^C")
            shown.stopping()
    screen.write(stream.getvalue()[before:])
    assert [row for row in screen.rows if row.strip()] == []


def test_quiet_words_show_no_progress(time: Clock) -> None:
    for stream in (io.StringIO(), Terminal()):
        with Live(Words(stream, quiet=True), "run", 3, Budget(minutes=2), 0) as shown:
            shown.announce("compiling ...")
            shown.update(at(30))
            shown.stopping()
        assert stream.getvalue() == ""


def drawn(shown: Live) -> str:
    """The panel as text, 100 columns wide."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=100)
    console.print(shown._renderable())
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_short_words() -> None:
    assert [clock(seconds) for seconds in (5.9, 65, 7200)] == ["0:05", "1:05", "2:00:00"]
    assert [short(number) for number in (950.2, 1500, 12_345, 2_500_000)] == ["950", "1.5k", "12k", "2.5M"]
