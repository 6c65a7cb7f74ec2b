"""Pydantic's findings in our words: the line, what was met, what is allowed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from rlsearch.errors import did_you_mean
from rlsearch.space.model import SpaceModel
from rlsearch.space.reading import Path

KINDS = {  # by the beginning of pydantic's error type; the limits come from its context
    "tuple_type": "must be a list, in [brackets]",
    "model_": "must be a mapping, key: value",
    "dict_type": "must be a mapping, key: value",
    "int_": "must be a whole number",
    "float_": "must be a number",
    "finite_number": "must be a finite number",
    "bool_": "must be true or false",
    "string_type": "must be text",
    "literal_error": "must be {expected}",
    "union_tag": "must be random, enumerate, {{enumerate: 2}} or a list of losses such as [dqn]",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be above {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be below {lt:g}",
    "too_short": "must hold at least one",
}
MET = 60  # characters of what was met


def problems(error: ValidationError, lines: Mapping[Path, int]) -> Iterator[tuple[int, str]]:
    """Each finding once, with its line."""
    for found in error.errors():
        message = found["msg"].removeprefix("Value error, ")
        name = found["loc"][-1] if found["loc"] else ""
        if found["type"] == "extra_forbidden":
            message = f"unknown key '{name}'{did_you_mean(str(name), _keys(found['loc'][:-1]))}"
        elif found["type"] == "missing":
            message = f"key '{name}' is missing; add it"
        elif found["type"] == "invalid_key":
            message = f"unknown key {name}{did_you_mean(str(name), _keys(found['loc'][:-1]))}"
        elif found["type"] == "too_short" and found["input"]:
            continue  # its items are wrong, each of which has a line of its own
        elif kind := next((words for start, words in KINDS.items() if found["type"].startswith(start)), ""):
            met = repr(found["input"])
            message = f"{kind.format(**found.get('ctx', {}))}, not {met if len(met) <= MET else met[: MET - 4] + ' ...'}"
        path, message = _placed(found["loc"], message, lines)
        where = ".".join(str(part) for part in path)
        yield lines.get(path, 1), f"{where + ': ' if where else ''}{message}"


def _placed(loc: Path, message: str, lines: Mapping[Path, int]) -> tuple[Path, str]:
    """The nearest key that stands in the file; a message of several keys begins with the one to change."""
    path: Path = ()
    for part in loc:  # names of alternatives stand in no file
        path = (*path, part) if (*path, part) in lines else path
    named = re.match(r"([\w.]+): ", message)
    if named and (deeper := (*path, *named[1].split("."))) in lines:
        return deeper, message[named.end() :]
    return path, message


def _keys(path: Path) -> list[str]:
    """Keys allowed at a place of the YAML."""
    model: Any = SpaceModel
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), model)
    return [field.alias or key for key, field in model.model_fields.items()]


def _models(kind: Any) -> Iterator[Any]:
    """The sections that an annotation mentions."""
    if hasattr(kind, "model_fields"):
        yield kind
    for inner in getattr(kind, "__args__", ()):
        yield from _models(inner)
