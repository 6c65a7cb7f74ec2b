"""The given lines of a space, read as losses are, with every problem in them and its line of the text."""

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from rlsearch.errors import LossError, quoted
from rlsearch.graph.genome import Line, read_lines
from rlsearch.graph.respelling import respell
from rlsearch.graph.statements import names_in, statements
from rlsearch.registry import known_inputs

OURS = re.compile(r"loss|[ne]\d+|inserted|graft_.*|start\d+")  # names that draws and mutations give to lines


def read_given(text: object, inputs: object) -> tuple[tuple[Line, ...], list[tuple[int, str]]]:
    """The given lines, and the problems in them by line of the text, from 1.

    A value that is not even text, and unknown inputs, are the model's to refuse.
    """
    if not isinstance(text, str) or not text.strip():
        return (), []
    lines, errors = read_lines(text)
    known = known_inputs()
    if not (isinstance(inputs, list) and inputs and all(word in known for word in inputs if isinstance(word, str))):
        inputs = list(known)
    return lines, [*((error.line, str(error)) for error in errors), *_name_problems(text, inputs)]


def _name_problems(text: str, inputs: Sequence[object]) -> Iterator[tuple[int, str]]:
    """Names that are not free to take, and inputs that the space does not list."""
    try:
        lines = list(statements(text))
        for name, at in lines:
            if OURS.fullmatch(name):
                yield at.lineno, f"{quoted(name)} is a name that the search gives to lines of its own; choose another"
            for word in sorted(_names_read(at, {name for name, _ in lines})):
                if word in known_inputs() and word not in inputs:
                    yield at.lineno, f"reads '{word}', which inputs does not list; add it there"
    except LossError:  # said when the lines were read
        return


def _names_read(at: ast.expr, assigned: Collection[str]) -> set[str]:
    """The names that an expression reads, those that others have for something by ours."""
    try:
        return names_in(respell(at, assigned) or at)
    except (LossError, RecursionError):
        return names_in(at)
