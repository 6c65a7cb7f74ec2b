"""A search space given as a Python mapping, as the YAML text that it would be in a file."""

from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

import numpy as np

from rlsearch.envs import EnvSpec
from rlsearch.errors import Path, SpaceError, shown
from rlsearch.space.dumper import dump
from rlsearch.space.reading import DEEPEST
from rlsearch.space.wording import label


def as_yaml(space: Mapping[Any, Any]) -> str:
    """The YAML of a mapping, without aliases, in the mapping's order.

    Args:
        space: of keys to mappings, lists, texts, numbers, truth values and None; NumPy's, paths and EnvSpecs are read as such.

    Raises:
        SpaceError: naming the key of a value that is none of these.
    """
    return dump(_plain(space, ()))


def _plain(value: Any, path: Path) -> Any:
    """A new value of types that YAML has; no list or mapping occurs in it twice, which YAML would write as an alias."""
    if len(path) > DEEPEST:
        raise SpaceError(f"space: {label(path[:3])}nested more than {DEEPEST} levels deep; a search space needs five")
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, EnvSpec):
        value = value.written()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, (*path, str(key))) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, File):
        return str(value)
    for kind in (bool, int, float, str):  # also of a kind's own subclasses, such as an Enum of texts
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise SpaceError(
        f"space: {label(path)}must be a text, a number, a list, a mapping, true, false or nothing, not {shown(value)}"
    )
