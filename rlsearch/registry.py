"""Discovers what is there: op families, known losses, search spaces, agent presets. Loads nothing heavy itself."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

import primitives
import search_spaces
from rlsearch.errors import OpError
from rlsearch.op import Op


@cache
def families() -> Mapping[str, tuple[Op, ...]]:
    """Built-in op families by name, in alphabetical order.

    Raises:
        OpError: two ops share a name, or another distribution's `primitives` shadows ours.
    """
    found: dict[str, tuple[Op, ...]] = {}
    for module in sorted(pkgutil.iter_modules(primitives.__path__), key=lambda info: info.name):
        found[module.name] = importlib.import_module(f"primitives.{module.name}").OPS
    if "arithmetic" not in found:
        raise OpError(
            f"the package 'primitives' found at {list(primitives.__path__)} is not rlsearch's; "
            "uninstall the distribution that shadows it"
        )
    return MappingProxyType(found)


@cache
def operations() -> Mapping[str, Op]:
    """Every op by its name."""
    named: dict[str, Op] = {}
    for family, ops in families().items():
        for op in ops:
            if op.name in named:
                raise OpError(f"op '{op.name}' of family '{family}' is declared twice; rename one")
            named[op.name] = op
    return MappingProxyType(named)


@cache
def op_codes() -> Mapping[str, tuple[int, int]]:
    """For each op the slot of its family's kernels and its code among them, by which a tape's instructions call it."""
    return {op.name: (slot, code) for slot, ops in enumerate(families().values()) for code, op in enumerate(ops)}


def _data(folder: str, suffix: str) -> dict[str, Traversable]:
    root = resources.files(search_spaces)
    place = root / folder if folder else root
    entries = (entry for entry in place.iterdir() if entry.name.endswith(suffix))
    return {entry.name.removesuffix(suffix): entry for entry in sorted(entries, key=lambda entry: entry.name)}


def known_losses() -> dict[str, str]:
    """Text of every shipped loss, by name."""
    return {name: entry.read_text(encoding="utf-8") for name, entry in _data("losses", ".loss").items()}


def shipped_spaces() -> dict[str, Traversable]:
    """Shipped search spaces, by name."""
    return _data("", ".yaml")


def agent_presets() -> dict[str, str]:
    """YAML text of every agent preset, by name."""
    return {name: entry.read_text(encoding="utf-8") for name, entry in _data("agents", ".yaml").items()}


def comments(text: str) -> str:
    """What a file says about itself: the comment lines at its top, joined."""
    lines = [line.removeprefix("#").strip() for line in text.splitlines()]
    heads = [line.startswith("#") for line in text.splitlines()]
    end = heads.index(False) if False in heads else len(heads)
    return " ".join(lines[:end])
