"""What is wrong with a space, in our words: file, line, key, what was met, what is allowed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from rlsearch.errors import Path, SpaceError, did_you_mean, quoted, shown
from rlsearch.space.kinds import Twice
from rlsearch.space.model import SpaceModel
from rlsearch.space.reading import Problem

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
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be above {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "too_short": "must hold at least one",
}
MOST = 100  # problems that are told at once
LONGEST_KEY = 40


def listed(problems: Iterable[Problem], where: str) -> str:
    """One line each, in the order of the file."""
    where = where if where.isprintable() else quoted(where)
    lines = dict.fromkeys(
        f"{where}: line {problem.line}: {_label(problem.path)}{problem.message}"
        for problem in sorted(problems, key=lambda problem: problem.line)
    )
    more = [f"{where}: and {len(lines) - MOST:,} more problems"] if len(lines) > MOST else []
    return "\n".join([*list(lines)[:MOST], *more])


def placed(path: Path, error: Exception, lines: Mapping[Path, int]) -> Iterator[Problem]:
    """What an error says of a key, or of each of several keys below it."""
    found = error.found if isinstance(error, SpaceError) else ()
    for below, message in found or [((), str(error))]:
        place = _nearest((*path, *below), lines)
        yield Problem(lines.get(place, 1), place, message)


def problems(error: ValidationError, lines: Mapping[Path, int]) -> Iterator[Problem]:
    """Pydantic's findings: each once."""
    for found in error.errors():
        path = _nearest(found["loc"], lines)
        if isinstance(found["input"], Twice):
            yield Problem(lines.get(path, 1), path, f"{shown(found['input'].item)} stands twice; delete one")
        elif found["type"] == "value_error":
            cause = found["ctx"]["error"]
            yield from placed(path, cause.args[0] if isinstance(cause.args[0], SpaceError) else cause, lines)
        elif (
            found["type"] != "too_short" or not found["input"]
        ):  # else its items are wrong, each of which has a line of its own
            yield Problem(lines.get(path, 1), path, _words(found))


def _words(found: Mapping[str, Any]) -> str:
    """One finding that pydantic words badly."""
    name, met = str(found["loc"][-1]) if found["loc"] else "", found["input"]
    if found["type"] == "extra_forbidden":
        return f"unknown key {quoted(name)}{did_you_mean(name, _keys(found['loc'][:-1]))}"
    if found["type"] == "missing":
        return f"key '{name}' is missing; add it"
    kind = next((words for start, words in KINDS.items() if found["type"].startswith(start)), found["msg"])
    limits = {key: _plain(limit) for key, limit in found.get("ctx", {}).items()}
    return f"{kind.format(**limits)}, not {shown(met)}"


def _plain(limit: Any) -> str:
    return f"{limit:,}" if isinstance(limit, int) else f"{limit:g}" if isinstance(limit, float) else str(limit)


def _nearest(loc: Path, lines: Mapping[Path, int]) -> Path:
    """The nearest key that stands in the file; names of alternatives stand in none."""
    path: Path = ()
    for part in loc:
        path = (*path, part) if (*path, part) in lines else path
    return path


def _label(path: Path) -> str:
    parts = [str(part) for part in path]
    words = [part if part and part.isprintable() and len(part) <= LONGEST_KEY else shown(part[:LONGEST_KEY]) for part in parts]
    return f"{'.'.join(words)}: " if words else ""


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
