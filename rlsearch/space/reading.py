"""YAML as values with the line of every key. Whatever is odd about the text is collected, not raised.

Plain words are read as YAML 1.2's core schema has them, not as PyYAML does: `3e-4` and `1e4` are numbers and 010 is ten, while
yes, 1:30 and 2026-01-01 are text. Keys are always text. Values are built from PyYAML's events, not from its nodes, so that no
alias is followed and everything before a syntax error is told.
"""

import re
from typing import Any, NamedTuple

import yaml

from rlsearch.errors import Path, quoted

DEEPEST = 16  # levels; a search space has five
SCALARS = {"": None, "~": None, "null": None, "true": True, "false": False, ".nan": float("nan")}
SCALARS |= {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf")}
WHOLE = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what ends a line in YAML 1.1
REMEDIES = {  # by a piece of PyYAML's complaint
    r"'\t'": "write spaces, not tabs",
    "cannot start any token": "put text that begins with it in quotes",
    "unexpected end of stream": "close the quote",
    "mapping values": "put text that holds ': ' in quotes",
    "expected ':'": "a key ends with ': '",
    "block end": "see that what belongs together is indented alike",
    "or ']'": "a list is [a, b]",
    "or '}'": "a mapping is {key: value}",
}


class Problem(NamedTuple):
    """A problem of a space, with its line and the path of the key that it is about."""

    line: int
    path: Path
    message: str


class Reading(NamedTuple):
    """A text's values, and the lines of their keys.

    Attributes:
        values: of the mapping; None if the text is none, or could not be read to its end.
        lines: line of every key and every item of a list.
        blocks: first line of the text of every block, `key: |`.
        problems: what is wrong with the text as YAML.
        unread: paths of aliases, of which nothing is known.
    """

    values: dict[str, Any] | None
    lines: dict[Path, int]
    blocks: dict[Path, int]
    problems: list[Problem]
    unread: set[Path]

    def without_lines(self) -> "Reading":
        """The same of a text that nobody has seen: every line of it is 0."""
        problems = [problem._replace(line=0) for problem in self.problems]
        return self._replace(lines=dict.fromkeys([(), *self.lines], 0), blocks={}, problems=problems)

    def knows(self, problem: Problem) -> bool:
        """True if a problem is about something that was read."""
        return not any(problem.path[:size] in self.unread for size in range(len(problem.path) + 1))

    def line(self, path: Path, within: int) -> int:
        """The line of the file that holds a line of a text, counted from 1: exactly in a block, else its key's."""
        return self.blocks[path] + within - 1 if path in self.blocks else self.lines[path]


def read_yaml(text: str) -> Reading:
    """Read a YAML mapping: no key twice, no aliases (which can explode), no tags, one document."""
    values, reading = None, Reading(None, {}, {}, [], set())
    try:
        values = _Reader(yaml.parse(text, Loader=yaml.SafeLoader), reading).document()
    except yaml.reader.ReaderError as error:  # its positions are characters
        line = len(BREAK.findall(text, 0, error.position)) + 1
        reading.problems.append(Problem(line, (), f"not YAML: unacceptable character U+{error.character:04X}; delete it"))
    except yaml.MarkedYAMLError as error:
        reading.problems.append(_syntax(error, text))
    except _TooDeepError:
        pass  # it is among the problems
    return reading._replace(values=values)


def _syntax(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """PyYAML's complaint as a problem, on a line that there is, with a remedy where we know one."""
    last = max(len(BREAK.findall(text, 0, len(text) - 1)) + 1, 1)  # whether or not the last line has its end
    mark, began = error.problem_mark, error.context_mark
    line = min(mark.line + 1, last) if mark else 1
    column = f", column {mark.column + 1}" if mark else ""
    since = f" for what began on line {began.line + 1}" if began and began.line + 1 < line else ""
    remedy = next((f"; {words}" for piece, words in REMEDIES.items() if piece in (error.problem or "")), "")
    return Problem(line, (), f"not YAML{column}: {error.problem}{since}{remedy}")


class _TooDeepError(Exception):
    """A text nested beyond any use."""


class _Reader:
    """Builds values from events in one pass, and fills a Reading's other fields."""

    def __init__(self, events: Any, reading: Reading) -> None:
        self.events, self.reading = events, reading

    def document(self) -> dict[str, Any] | None:
        starts = (event for event in self.events if isinstance(event, yaml.DocumentStartEvent))
        value = self._value(next(self.events), ()) if next(starts, None) else None
        if second := next(starts, None):
            self._complain(second, (), "a second YAML document begins here; delete the line '---' or what follows it")
        if isinstance(value, dict):
            return value
        wanted = "a search space is a mapping of keys; begin with 'inputs:', 'ops:' and 'rungs:'"
        self.reading.problems.append(Problem(1, (), wanted))
        return None

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > DEEPEST:
            self._complain(event, (), f"nested more than {DEEPEST} levels deep; a search space needs five")
            raise _TooDeepError
        if isinstance(event, yaml.AliasEvent):
            self._complain(event, path, "YAML aliases (*name) are not allowed; write the value out")
            self.reading.unread.add(path)
            return None
        if event.tag is not None:
            self._complain(event, path, "YAML tags (!name) are not allowed; delete it")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if event.style == "|":
            self.reading.blocks[path] = _line(event) + 1
        return event.value if event.style else _plain(event.value)

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(found))
            self.reading.lines[here] = _line(event)
            found.append(self._value(event, here))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                self._complain(event, path, "a key is a word, not a list, a mapping, a tag or an alias")
                said = len(self.reading.problems)
                self._value(event, (*path, "?"))
                self._value(next(self.events), (*path, "?"))
                del self.reading.problems[said:]  # what is wrong with the rest of it matters no more
                continue
            here = (*path, event.value)
            if event.value in found:
                self._complain(event, here, f"key {quoted(event.value)} stands twice; delete one")
            self.reading.lines[here] = _line(event)
            found[event.value] = self._value(next(self.events), here)
        return found

    def _complain(self, event: Any, path: Path, message: str) -> None:
        self.reading.problems.append(Problem(_line(event), path, message))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _plain(word: str) -> Any:
    """The value of a word without quotes."""
    if word.lower() in SCALARS:
        return SCALARS[word.lower()]
    if OTHER_BASE.fullmatch(word):
        return int(word, 0)
    try:
        return int(word) if WHOLE.fullmatch(word) else float(word) if NUMBER.fullmatch(word) else word
    except ValueError:  # thousands of digits
        return word
