"""A small table of results: as text for terminals, as HTML for notebooks."""

import io
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        title: the line above it.
        head: names of the columns.
        rows: a text for each column.
        notes: sentences below it.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """The table in plain characters, as wide as the terminal allows."""
        from rich.console import Console  # heavy: 0.1 s, and seldom wanted
        from rich.table import Table as Columns
        from rich.text import Text

        columns = Columns(box=None, pad_edge=False, show_edge=False)
        for name in self.head:
            columns.add_column(Text(name), overflow="fold")
        for row in self.rows:
            columns.add_row(*map(Text, row))  # as it is: brackets of an interval are no markup
        stream = io.StringIO()
        console = Console(file=stream, width=shutil.get_terminal_size().columns, color_system=None, force_jupyter=False)
        console.print(Text(self.title))
        if self.rows:
            console.print(columns)
        for note in self.notes:
            console.print(Text(note))
        return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())

    def html(self) -> str:
        """The table as a piece of HTML."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if self.rows else ""
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<div><p><strong>{escape(self.title)}</strong></p>{table}{notes}</div>"


class Tabled(ABC):
    """A base for results that notebooks and terminals show as a table, of `table()`."""

    @abstractmethod
    def table(self) -> Table:
        """The result as a small table."""

    def __str__(self) -> str:
        return self.table().text()

    def _repr_html_(self) -> str:
        """The table, for notebooks."""
        return self.table().html()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The table, for IPython in a terminal."""
        printer.text(repr(self) if cycle else str(self))
