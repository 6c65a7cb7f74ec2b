"""The list of every key that a search space may have, with its description and default."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rlsearch.space.model import SECTIONS


class Key(NamedTuple):
    """One key: its section ("" for the top), name, meaning, and default as YAML would have it ("" where there is none)."""

    section: str
    name: str
    doc: str
    default: str


def keys() -> Iterator[Key]:
    """All keys, section by section, in the order of the models."""
    for section, model in SECTIONS.items():
        for name, field in model.__pydantic_fields__.items():
            yield Key(section, field.alias or name, field.description or "", _default(field))


def _default(field: FieldInfo) -> str:
    absent = field.is_required() or field.default in (None, (), "") or isinstance(field.default, BaseModel)
    return "" if absent else _as_yaml(field.default)


def _as_yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(each)}" for key, each in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
