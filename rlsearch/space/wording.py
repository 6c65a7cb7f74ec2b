"""Wording of a space's problems: file, line, key, what was met, what is allowed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from rlsearch.errors import Path, SpaceError, did_you_mean, quoted, shown
from rlsearch.space.kinds import Duplicate
from rlsearch.space.model import SECTIONS, Enumerate
from rlsearch.space.reading import Problem

WORDING = {  # by pydantic's error type; the limits come from its context
    "tuple_type": "must be a list, in [brackets]",
    "model_type": "must be a mapping, key: value",
    "dict_type": "must be a mapping, key: value",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "literal_error": "must be {expected}",
    "union_tag_not_found": "must be random, enumerate, {{enumerate: 2}} or a list of losses such as [dqn]",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be above {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "too_short": "must hold at least one",
}
MOST = 100  # problems that are told at once
LONGEST_KEY = 40


def message(problems: Iterable[Problem], where: str) -> str:
    """One line for each problem, in the order of the file; a line 0 is no line of a file."""
    where = where if where.isprintable() else quoted(where)
    lines = dict.fromkeys(
        f"{where}: {f'line {problem.line}: ' if problem.line else ''}{label(problem.path)}{problem.message}"
        for problem in sorted(problems, key=lambda problem: problem.line)
    )
    more = [f"{where}: and {len(lines) - MOST:,} more problems"] if len(lines) > MOST else []
    return "\n".join([*list(lines)[:MOST], *more])


def problems_of(error: ValidationError, lines: Mapping[Path, int]) -> Iterator[Problem]:
    """The problems in an error, each at the nearest key that stands in the file."""
    for path, words in _findings(error):
        key: Path = ()
        for part in path:  # names of alternatives stand in no file
            key = (*key, part) if (*key, part) in lines else key
        yield Problem(lines.get(key, lines.get((), 1)), key, words)


def _findings(error: Exception) -> Iterator[tuple[Path, str]]:
    """The messages in an error, by path; pydantic's errors may hold ValueErrors of ours, and these a SpaceError."""
    if isinstance(error, ValidationError):
        for finding in error.errors():
            if finding["type"] == "too_short" and finding["input"]:
                continue  # only because items are wrong, each of which has a finding of its own
            ours = finding["type"] == "value_error" and not isinstance(finding["input"], Duplicate)
            for below, words in _findings(finding["ctx"]["error"]) if ours else [((), _words(finding))]:
                yield (*finding["loc"], *below), words
    elif isinstance(error, ValueError) and isinstance(error.args[0], SpaceError):
        yield from _findings(error.args[0])
    elif isinstance(error, SpaceError) and error.found:
        yield from error.found
    else:
        yield (), str(error)


def _words(finding: Mapping[str, Any]) -> str:
    kind, name, met = finding["type"], str(finding["loc"][-1]), finding["input"]
    if isinstance(met, Duplicate):
        return f"{shown(met.item)} stands twice; delete one"
    if kind == "missing":
        return f"key '{name}' is missing; add it"
    if kind == "extra_forbidden":
        return f"unknown key {quoted(name)}{did_you_mean(name, _keys(finding['loc']))}"
    limits = {key: _limit(limit) for key, limit in finding.get("ctx", {}).items()}
    return f"{WORDING[kind].format(**limits) if kind in WORDING else finding['msg']}, not {shown(met)}"


def _limit(limit: Any) -> str:
    return f"{limit:,}" if isinstance(limit, int) else f"{limit:g}" if isinstance(limit, float) else str(limit)


def _keys(loc: Path) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    model = (SECTIONS | {"start": Enumerate})[str(loc[0]) if len(loc) > 1 else ""]
    return [field.alias or name for name, field in model.__pydantic_fields__.items()]


def label(path: Path) -> str:
    """The path of a key before what is said of it: `rungs.0.steps: `; "" for the whole."""
    parts = [str(part) for part in path]
    words = [part if part and part.isprintable() and len(part) <= LONGEST_KEY else shown(part[:LONGEST_KEY]) for part in parts]
    return f"{'.'.join(words)}: " if words else ""
