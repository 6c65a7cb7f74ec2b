"""Tables and sentences as wide as the terminal, or as COLUMNS says. A pipe takes tables of any width, a line for each row."""

import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence
from typing import Any

UNLIMITED = 10_000
USUAL = 80  # characters of a terminal, and of a line of words in a pipe
SENTENCE = 100  # characters that a line of words has at most
NARROW = 12  # characters up to which a column is not narrowed
LEAST, LAST = 16, 32  # characters of a wider column and of the last one, for which other columns are left out
NUMBER = re.compile(r"[-−+]?[\d.,]+|-")


def width() -> int:
    """The characters of a line."""
    columns = os.environ.get("COLUMNS", "")
    known = (columns.isdecimal() and int(columns) > 0) or sys.stdout.isatty()
    return shutil.get_terminal_size().columns if known else UNLIMITED


def table(head: Sequence[str], rows: Sequence[Sequence[str]], spare: Collection[str] = ()) -> list[str]:
    """The lines of a table; see `table_rows`."""
    return [line for lines in table_rows(head, rows, spare) for line in lines]


def table_rows(head: Sequence[str], rows: Sequence[Sequence[str]], spare: Collection[str] = ()) -> list[list[str]]:
    """The lines of each row of a table, its head first. Cells wrap where there is no room.

    Args:
        head: titles of the columns.
        rows: cells.
        spare: titles of columns that are left out, the first one first, before others become too narrow to be read; a last
            row says so.
    """
    natural = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    kept, out, room = list(range(len(head))), list[str](), width()
    least = [size if size <= NARROW else LEAST for size in natural]
    least[-1] = min(natural[-1], LAST)
    for title in spare:
        if sum(least[k] + 1 for k in kept) - 1 > room:
            kept.remove(head.index(title))
            out.append(title)
    found = _render([[row[k] for k in kept] for row in (head, *rows)], [natural[k] for k in kept], room)
    if out:
        found.append(sentence(f"(no room for {', '.join(out)}: --json has them, and a wider terminal)"))
    return found


def _render(rows: Sequence[Sequence[str]], natural: Sequence[int], room: int) -> list[list[str]]:
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text  # all of it heavy: 0.1 s

    rule = "\x1f"  # between rows, where the lines are parted again
    box = Box("    \n    \n{0}\n    \n{0}\n    \n    \n    \n".format(4 * rule))
    total, gaps = sum(natural), len(natural) - 1
    gap = 1 if total + 2 * gaps > room and (total + gaps <= room or room < USUAL) else 2
    made = Table(box=box, show_edge=False, show_lines=True, pad_edge=False, padding=(0, gap - 1, 0, 0), header_style="")
    fits = sum(size if size <= NARROW else 1 for size in natural) + len(natural) - 1 <= room
    for k, (title, size) in enumerate(zip(rows[0], natural, strict=True)):
        numbers = k > 0 and all(NUMBER.fullmatch(row[k]) for row in rows[1:])
        fixed = fits and size <= NARROW
        side: Any = "right" if numbers else "left"
        made.add_column(Text(title), justify=side, overflow="fold", no_wrap=fixed, min_width=size if fixed else None)
    for row in rows[1:]:
        made.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=room, color_system=None, legacy_windows=False)
    console.print(made, crop=False)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if rule in line:
            groups.append([])
        else:
            groups[-1].append(line.rstrip())
    return groups[: len(rows)]  # without any rows the head is ruled off as well


def sentence(words: str, indent: str = "  ") -> list[str]:
    """The lines of a sentence, all but the first one indented; paths and names are not cut."""
    room = width()
    limit = USUAL if room == UNLIMITED else min(room, SENTENCE)
    return textwrap.wrap(words, limit, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def fitting(line: str, indent: str = "  ") -> list[str]:
    """The lines of what is one line where there is room, as in a pipe; of a formula too, between its terms."""
    room = width()
    if len(line) <= room:
        return [line]
    start = line[: len(line) - len(line.lstrip())]
    wrapper = textwrap.TextWrapper(room, start, start + indent, break_long_words=False, break_on_hyphens=False)
    return wrapper.wrap(line.strip()) or [line]
