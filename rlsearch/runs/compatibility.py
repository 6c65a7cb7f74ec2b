"""Comparison of a run's beginning with its continuation: the identity of losses, its space by key, and its ops by facet.

A resumed search replays its journal. Where the space or an op is another one, what it would propose is another search.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rlsearch.equivalence.identity import FIRST, IDENTITY
from rlsearch.errors import RunError, as_word
from rlsearch.registry import operations
from rlsearch.registry.text_file import read_text
from rlsearch.space.load import MAX_BYTES, Space, parse_space
from rlsearch.space.writing import SPACE

LONGEST = 60  # characters of a value that a message repeats


def facets_of(space: Space) -> dict[str, dict[str, Any]]:
    """Every facet of the ops that losses of a space may be made of, as JSON has them; kernels by their source."""
    names = dict.fromkeys([*space.grammar.ops, *(line.op for line in space.grammar.given)])
    facets: dict[str, dict[str, Any]] = json.loads(json.dumps({name: operations()[name].facets() for name in names}))
    return facets


def refuse_changes(folder: Path, space: Space, metadata: Mapping[str, Any]) -> None:
    """Refuse to go on with a run whose space or ops were changed, or that told losses apart in another way.

    Args:
        space: as the journal has it, read by this version of rlsearch.
        metadata: of the journal; that of schema 1 says less.

    Raises:
        RunError: naming what was changed.
    """
    if (identity := metadata.get("identity", FIRST)) != IDENTITY:
        raise RunError(
            f"the run in '{folder}' cannot go on: losses are told apart in another way since it was begun (identity "
            f"{identity}, now {IDENTITY}), so that its proposals would not be made again. It can still be read (rlsearch top "
            f"{folder}); to search on, begin a new run: rlsearch search {folder / SPACE}"
        )
    found = []
    if "written" in metadata:
        found += list(_find_changes(metadata["written"], _read_current_space(folder, space).written()))
    found += changed_ops(space, metadata)
    if found:
        raise RunError(
            f"the run in '{folder}' cannot go on, as what it was begun with has changed: {'; '.join(found)}. Put that back "
            f"(resolved.yaml there says what it was), or begin a new search: rlsearch search {as_word(folder / SPACE)}"
        )


def changed_ops(space: Space, metadata: Mapping[str, Any]) -> list[str]:
    """The facets of a space's ops that are others now than in a journal: `op.abs.doc was ..., is ...`."""
    if "ops" not in metadata:
        return []
    now = facets_of(space)
    then = {name: metadata["ops"][name] for name in now if name in metadata["ops"]}
    # A facet that the version which wrote the journal did not have is no change.
    known = {name: {facet: now[name][facet] for facet in now[name] if facet in then.get(name, now[name])} for name in now}
    return list(_find_changes({"op": then}, {"op": known}))


def _read_current_space(folder: Path, space: Space) -> Space:
    """The space in the run's folder as it is now: somebody may have edited it there."""
    copy = folder / SPACE
    if not copy.is_file():
        return space
    text = read_text(copy, "a search space", MAX_BYTES, RunError)
    return space if text == space.text else parse_space(text, space.name, str(copy))


def _find_changes(then: Any, now: Any, key: str = "") -> Iterator[str]:
    """The values that differ, with their keys: `evolution.population was 100, is 200`."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*then, *now)):
            yield from _find_changes(then.get(name), now.get(name), f"{key}.{name}" if key else str(name))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from _find_changes(old, new, f"{key}[{index}]")
    elif then != now:
        yield f"{key} was {_short(then)}, is {_short(now)}"


def _short(value: Any) -> str:
    text = "missing" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + " ..."
