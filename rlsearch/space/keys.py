"""Every key that a search space may have, in words: what the models' docstrings say of their attributes, with defaults."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from rlsearch.space.model import Confirm, Evolution, Rung, Score, SpaceModel
from rlsearch.train.replay.agent import Agent

SECTIONS: Mapping[str, type] = {
    "": SpaceModel,
    "evolution": Evolution,
    "rungs": Rung,
    "score": Score,
    "confirm": Confirm,
    "agent": Agent,
}


class Key(NamedTuple):
    """One key: its section ("" for the top), name, meaning, and default as YAML would have it ("" where there is none)."""

    section: str
    name: str
    doc: str
    default: str


def keys() -> Iterator[Key]:
    """All of them, section by section, in the order of the models."""
    for section, model in SECTIONS.items():
        for name, doc in documented(model).items():
            yield Key(section, name, doc, _default(model, name))


def documented(model: type) -> dict[str, str]:
    """Attributes of a docstring, each with its text on one line."""
    _, _, listed = (inspect.getdoc(model) or "").partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.*(?:\n     +.*)*)", listed, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def _default(model: type, name: str) -> str:
    if issubclass(model, BaseModel):
        fields: dict[str, Any] = {info.alias or field: info for field, info in model.model_fields.items()}
        default = fields[name].default if not fields[name].is_required() else None
        return "" if default is None or isinstance(default, BaseModel) or default in ((), "") else _plain(default)
    default = getattr(model, name, None)
    return "" if default is None else _plain(default)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(each)}" for key, each in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
