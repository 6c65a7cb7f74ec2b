"""A bar of what is done, for calls from Python: on a terminal by rich, in a notebook by IPython, elsewhere nothing."""

import importlib
import sys
import time
from html import escape
from typing import Any, Protocol

REDRAW_S = 0.5  # at least, between two drawings in a notebook


class Bar(Protocol):
    """A bar that is shown while it is entered."""

    def __enter__(self) -> "Bar": ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, share: float, words: str) -> None:
        """Draw what share of the work is done, from 0 to 1, and words beside it."""


class TerminalBar:
    """A bar on standard error, which is gone once it is left."""

    def __init__(self) -> None:
        from rich.console import Console  # heavy: 0.1 s, where a bar is wanted
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        self._bars = Bars(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bars.add_task("", total=1.0)

    def __enter__(self) -> "TerminalBar":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, share: float, words: str) -> None:
        """Draw it, soon."""
        self._bars.update(self._task, completed=min(share, 1.0), description=words)


class NotebookBar:
    """A bar below a notebook's cell, which needs nothing but IPython; what it says last stays."""

    def __init__(self) -> None:
        self._share, self._words, self._drawn = 0.0, "", 0.0
        self._handle: Any = None

    def __enter__(self) -> "NotebookBar":
        self._handle = importlib.import_module("IPython.display").display(self, display_id=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._draw()

    def show(self, share: float, words: str) -> None:
        """Draw it, unless that was done just before."""
        self._share, self._words = min(share, 1.0), words
        if time.monotonic() - self._drawn >= REDRAW_S:
            self._draw()

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        if self._handle is not None:
            self._handle.update(self)

    def __repr__(self) -> str:
        return f"{self._share:.0%} {self._words}"

    def _repr_html_(self) -> str:
        """The bar as HTML's own."""
        return f'<progress value="{self._share:.3f}" max="1"></progress> {self._share:.0%} {escape(self._words)}'


class SilentBar:
    """A bar that nobody sees."""

    def __enter__(self) -> "SilentBar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, share: float, words: str) -> None:
        """Draw nothing."""


def make_bar() -> Bar:
    """The bar for where this process runs: in a notebook, on a terminal, or where nobody looks."""
    ipython = sys.modules.get("IPython")  # whoever runs a notebook has imported it
    if ipython is not None and hasattr(ipython.get_ipython(), "kernel"):
        return NotebookBar()
    return TerminalBar() if sys.stderr is not None and sys.stderr.isatty() else SilentBar()
