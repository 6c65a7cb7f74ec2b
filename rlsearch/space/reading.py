"""YAML as values, and the line on which every key stands."""

from collections.abc import Iterator
from typing import Any

import yaml

from rlsearch.errors import SpaceError

Path = tuple[str | int, ...]  # of a key or a list's item: ("rungs", 0, "envs")


def read_yaml(text: str, where: str) -> tuple[dict[Any, Any], dict[Path, int]]:
    """Values of a YAML mapping, and the line of every key.

    Args:
        where: the file, for messages.

    Raises:
        SpaceError: not YAML, not a mapping, a key twice, anchors (which can explode), or tags.
    """
    try:
        for token in yaml.scan(text):
            line = token.start_mark.line + 1
            if isinstance(token, yaml.AliasToken):
                raise SpaceError(f"{where}: line {line}: YAML aliases (*name) are not allowed; write the value out")
            if isinstance(token, yaml.TagToken):
                raise SpaceError(f"{where}: line {line}: YAML tags (!name) are not allowed; delete it")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(tree, yaml.MappingNode):
            raise SpaceError(f"{where}: a search space is a mapping of keys; begin with 'inputs:', 'ops:' and 'rungs:'")
        return yaml.safe_load(text), dict(_lines(tree, (), where))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise SpaceError(f"{where}: {place}not YAML: {problem}") from None
    except (RecursionError, ValueError) as error:  # ValueError: 2020-13-45 is a date to YAML, and there is none
        raise SpaceError(f"{where}: not readable as YAML: {error}") from None


def _lines(node: Any, path: Path, where: str) -> Iterator[tuple[Path, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:  # safe_load has refused keys that are lists or mappings
            line = key.start_mark.line + 1
            if key.value in seen:
                raise SpaceError(f"{where}: line {line}: key '{key.value}' stands twice; delete one")
            seen.add(key.value)
            yield (*path, key.value), line
            yield from _lines(value, (*path, key.value), where)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield (*path, place), value.start_mark.line + 1
            yield from _lines(value, (*path, place), where)
