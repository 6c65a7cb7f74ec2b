"""Characters of papers and word processors as Python has them, with the column of each in the text as it was typed."""

import re
from typing import NamedTuple

from rlsearch.registry import known_inputs

BREAK = re.compile("(\r\n?|\n)")  # what ends a line for Python
SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "≥": ">=", "≤": "<=", "≠": "!="}
# In no other sense does a loss have a ^: a power, as it is one in papers and most languages.
SIGNS |= {"^": "**", "½": "0.5", "¼": "0.25", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\u2062": ""}
SUPERSCRIPTS = dict(zip("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789", strict=True))
STRANGE = re.compile(
    r"(?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<root>√(?=\())"
    r"|(?<![\w'\"])(?P<name>[^\W\d]\w*)(?P<primes>[′’]+|'+(?![\w'\"\\]))"  # s′, and s' where it can be no text in quotes
    f"|(?P<sign>[{re.escape(''.join(SIGNS))}])"
)
MARGIN = re.compile(r"[ \t]*")


class Plain(NamedTuple):
    """A text in Python's characters.

    Attributes:
        text: as Python reads it; it has as many lines as what was typed.
        columns: of each line that was changed, the column as typed of each of its characters and of its end, from 0.
    """

    text: str
    columns: dict[int, list[int]]

    def place(self, line: int, column: int) -> tuple[int, int]:
        """The place as typed, from 1, of a character on a line, from 1, at a column, from 0."""
        known = self.columns.get(line)
        return line, (known[min(column, len(known) - 1)] if known else column) + 1


def plainly(text: str) -> Plain:
    """A text with Python's characters in place of others that mean one thing, and without a margin that all lines have.

    Superscripts and ^ are powers, `s′` and `s'` are s_next, × is *, ≥ is >=.
    """
    if text.isascii() and "^" not in text and "'" not in text and text[:1] not in (" ", "\t", "\n", "\r"):
        return Plain(text, {})
    parts = BREAK.split(text)  # lines, and what ends them
    lines = parts[::2]
    margin = _margin(lines)
    columns: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        made, places = _line(line, margin)
        if made != line:
            parts[2 * index], columns[index + 1] = made, places
    return Plain("".join(parts), columns)


def _margin(lines: list[str]) -> int:
    """The blanks that every line begins with, but for empty ones and comments; 0 unless they are the same blanks."""
    begins = [MARGIN.match(line)[0] for line in lines if line.strip() and not line.lstrip().startswith("#")]  # type: ignore[index]
    return len(begins[0]) if begins and all(each.startswith(begins[0]) for each in begins) else 0


def _line(line: str, margin: int) -> tuple[str, list[int]]:
    """A line in plain characters, and the column as typed of each of them."""
    made, places, at = list[str](), list[int](), min(margin, len(line) - len(line.lstrip()))
    for found in STRANGE.finditer(line, at):
        instead = _instead(found)
        if instead is None:
            continue
        made += line[at : found.start()]
        places += range(at, found.start())
        made += instead
        places += [found.start()] * len(instead)
        at = found.end()
    made += line[at:]
    return "".join(made), [*places, *range(at, len(line) + 1)]


def _instead(found: re.Match[str]) -> str | None:
    """The plain characters for strange ones; None where they are left as they are."""
    if found["power"]:
        return "**" + "".join(SUPERSCRIPTS[char] for char in found["power"])
    if found["root"]:
        return "sqrt"
    if found["name"]:
        if "'" in found["primes"] and found["name"] not in known_inputs():
            return None
        return found["name"] + "_next" * len(found["primes"])
    return SIGNS[found["sign"]]
