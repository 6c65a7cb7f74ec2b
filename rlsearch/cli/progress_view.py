"""Progress of a search: a live panel on a terminal, calm plain lines elsewhere."""

import contextlib
import math
import os
import time
from collections import deque
from dataclasses import replace
from typing import Any, NamedTuple

from rlsearch.cli.output import Words, counted, inline_loss
from rlsearch.cli.tables import fitting
from rlsearch.graph.text import parse, print_graph
from rlsearch.runs.budget import STOP_GRACE_S, Budget
from rlsearch.runs.progress import Progress
from rlsearch.simplify.tidy import tidy

LINE_INTERVAL_S = 15.0  # between plain lines
BETTER_INTERVAL_S = 4.0  # ... when there is a better class
RATE_WINDOW_S = 15.0  # over which rates are taken
STOPPING = (
    f"stopping: trials under way that are finished within {STOP_GRACE_S:g} s are written; once more, and it stops at once"
)
LONGEST_LEFT_S = 30 * 24 * 3600.0  # a longer time left is not worth saying


class Sample(NamedTuple):
    """The progress at a time, for rates."""

    at: float
    trials: int
    steps: int
    share: float


class Live:
    """A view of progress, shown while it is entered.

    Args:
        words: where it is shown, a terminal or not; quiet ones show nothing.
        title: of the panel.
        rungs: how many the space has.
        budget: of the run, a total.
        held: proposals that the journal holds already; replaying them says nothing about speed.
    """

    def __init__(self, words: Words, title: str, rungs: int, budget: Budget, held: int) -> None:
        self._words, self.title, self.rungs, self.budget, self.held = words, title, rungs, budget, held
        self._progress, self._formula, self._note = Progress(), "", "starting the workers ..."
        self._samples: deque[Sample] = deque()
        self._seen, self._said, self._phase = time.monotonic(), time.monotonic(), "search"
        self._said_best = ""
        self._stopping = False
        self._panel: Any = None

    def __enter__(self) -> "Live":
        if self._words.stream.isatty() and not self._words.quiet:
            from rich.console import Console
            from rich.live import Live as RichLive

            console = Console(file=self._words.stream)
            self._panel = RichLive(console=console, get_renderable=self._renderable, refresh_per_second=4, transient=True)
            self._panel.__enter__()
        return self

    def __exit__(self, *details: Any) -> None:
        if self._panel is not None:
            self._panel.__exit__(*details)

    def announce(self, note: str) -> None:
        """Show a message: about what takes a while before the search begins, or what was found meanwhile."""
        if self._panel is None:
            self._words.say(note)
        elif self._progress.proposals:
            self._panel.console.print(note, markup=False, highlight=False)  # above the panel, to stay
        else:
            self._note = note

    def stopping(self) -> None:
        """Show that a stop was requested: in the panel when it is drawn next, as a plain line now."""
        self._stopping = True
        if self._panel is None:
            try:
                self._words.say(STOPPING)
            except RuntimeError:  # the signal came in the middle of a print, and a stream is not entered twice
                with contextlib.suppress(OSError, ValueError):
                    os.write(self._words.stream.fileno(), f"{STOPPING}\n".encode())

    def update(self, progress: Progress) -> None:
        """Show a search's progress; called after every applied proposal."""
        now = time.monotonic()
        if progress.best_text != self._progress.best_text:
            self._formula = inline_loss(print_graph(tidy(parse(progress.best_text))))
        if progress.phase != self._progress.phase or progress.proposals <= self.held:
            self._samples.clear()
        self._samples.append(Sample(now, progress.trials, progress.steps, progress.share))
        while len(self._samples) > 2 and self._samples[0].at < now - RATE_WINDOW_S:
            self._samples.popleft()
        self._progress, self._seen, self._note = replace(progress, statuses=dict(progress.statuses)), now, ""
        if self._panel is None and progress.proposals > self.held:
            self._plain(now)

    def _plain(self, now: float) -> None:
        """Print a line, unless one was printed just before."""
        progress = self._progress
        better = progress.best_text != self._said_best
        if progress.phase != self._phase or now - self._said >= (BETTER_INTERVAL_S if better else LINE_INTERVAL_S):
            self._said, self._said_best, self._phase = now, progress.best_text, progress.phase
            for line in fitting("  ".join([self._clock(), *self._counts(), self._best()]), indent=" " * 4):
                self._words.say(line)

    def _clock(self) -> str:
        left = self.left()
        return f"{clock(self.elapsed()):>7}  {self.share():4.0%}" + (f"  {clock(left)} left" if left is not None else "")

    def elapsed(self) -> float:
        """Seconds searched, up to now."""
        return self._progress.seconds + (0.0 if self._note else time.monotonic() - self._seen)

    def share(self) -> float:
        """Share of the budget that is spent, or of the confirmation that is done."""
        if self.budget.minutes and self._progress.phase == "search":
            return min(1.0, self.elapsed() / (60 * self.budget.minutes))
        return min(1.0, self._progress.share)

    def left(self) -> float | None:
        """Seconds until the budget is spent, None while that cannot be said."""
        ends = [60 * self.budget.minutes - self.elapsed()] if self.budget.minutes else []
        if not ends or self._progress.phase == "confirm":
            first, last = (self._samples[0], self._samples[-1]) if self._samples else (None, None)
            if first and last and last.share > first.share and last.at - first.at > 1:
                ends.append((1 - last.share) * (last.at - first.at) / (last.share - first.share))
        return max(0.0, min(ends)) if ends and min(ends) < LONGEST_LEFT_S else None

    def rates(self) -> tuple[float, float] | None:
        """Trials and environment steps per second, lately."""
        samples = list(self._samples)
        if self._progress.phase != "search" or len(samples) < 2 or samples[-1].at - samples[0].at < 0.5:
            return None
        seconds = samples[-1].at - samples[0].at
        return (samples[-1].trials - samples[0].trials) / seconds, (samples[-1].steps - samples[0].steps) / seconds

    def _counts(self) -> list[str]:
        progress, rates = self._progress, self.rates()
        seen = progress.statuses.get("duplicate", 0) + progress.statuses.get("equivalent", 0)
        counts = [counted(progress.proposals, "proposal"), counted(progress.statuses.get("trained", 0), "class")]
        counts.append(f"{seen / max(1, progress.proposals):.0%} seen before")
        if progress.phase == "confirm":
            counts.insert(0, "confirming")
        elif rates:
            counts.append(f"{rates[0]:.0f} trials/s, {short(rates[1])} steps/s")
        return counts

    def _best(self) -> str:
        progress = self._progress
        if not self._formula:
            return "best: none yet"
        return f"best {progress.best_score:.3f} on rung {progress.best_rung + 1} of {self.rungs}: {self._formula}"

    def _renderable(self) -> Any:
        from rich.console import Group
        from rich.panel import Panel
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if self._note or self._stopping:
            return _above(Panel(Text(STOPPING if self._stopping else self._note), title=self.title, title_align="left"))
        bar = Table.grid(padding=(0, 1))
        bar.add_row(ProgressBar(total=1.0, completed=self.share(), width=30), Text(self._clock().strip()))
        words = [Text(line, overflow="ellipsis", no_wrap=True) for line in (self._best(), "  ".join(self._counts()))]
        return _above(Panel(Group(*words, bar), title=self.title, title_align="left"))


def _above(panel: Any) -> Any:
    """The panel above an empty line, where a terminal shows ^C: at the panel's right edge that would push it out of place."""
    from rich.console import Group

    return Group(panel, "")


def clock(seconds: float) -> str:
    """A time in words: `1:05`, `2:00:00`."""
    whole = math.floor(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def short(number: float) -> str:
    """A count in few characters: `950`, `12k`, `1.3M`."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.{1 if number < 10 * size else 0}f}{letter}"
    return f"{number:.0f}"
