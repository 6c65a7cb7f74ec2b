"""The ops in use: the families of `primitives`, then packs. Loads nothing heavy itself.

Families are the built-in ones, then the packs: what RLSEARCH_PRIMITIVES names, what installed distributions offer as entry
points of the group `rlsearch.primitives`, and what `use_primitives` is given. A pack may come, or come anew, while a process
lives, so whatever is computed from the ops and kept is marked as `derived`.
"""

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

import primitives
from rlsearch.errors import OpError
from rlsearch.op import Op
from rlsearch.registry.pack import Pack, read_pack

VARIABLE = "RLSEARCH_PRIMITIVES"
GROUP = "rlsearch.primitives"


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


C = TypeVar("C", bound=_Cached)

_in_use: list[dict[str, Pack]] = []  # the packs by family, one dictionary; none until somebody asks
_forget: list[Callable[[], None]] = []


def derived(cached: C) -> C:
    """Mark a cached function as computed from the ops: it is emptied whenever a pack comes."""
    _forget.append(cached.cache_clear)
    return cached


def packs() -> tuple[Pack, ...]:
    """The packs in use, in the order of their ops' codes.

    Raises:
        OpError: one that the environment variable or a distribution names cannot be used.
    """
    if not _in_use:
        _in_use.append({})  # a pack that reads the registry while it is read finds what is built in
        try:
            use_only(_found())
        except OpError:
            _in_use.clear()
            forget_derived()
            raise
    return tuple(_in_use[0].values())


def use_primitives(*places: str | Path) -> None:
    """Add ops of your own: paths of Python files with `OPS = (Op(...), ...)`, or names of importable modules.

    A file that was changed is read anew.

    Raises:
        OpError: a pack cannot be read, or takes the name of a family or of an op that there is.
    """
    use_packs([read_pack(str(place)) for place in places])


def use_packs(new: Iterable[Pack]) -> None:
    """Add packs that have been read, all or none. What comes from the place of an earlier one stands in for it.

    Raises:
        OpError: two families or two ops share a name.
    """
    use_only([*packs(), *new])


def use_only(wanted: Iterable[Pack]) -> None:
    """Use these packs and no others: in a worker, those of its driver.

    Raises:
        OpError: two families or two ops share a name.
    """
    taken: dict[str, Pack] = {}
    for pack in wanted:
        held = taken.get(pack.name)
        if held and held.digest != pack.digest and not held.yields and _place(held) != _place(pack):
            raise OpError(
                f"two op packs are called '{pack.name}': '{held.where}' and '{pack.where}'; rename one or leave it out"
            )
        if not held or held.digest != pack.digest:
            taken[pack.name] = pack
    _by_name({**_built_in(), **_distinct(taken)}, taken)
    if [taken] != _in_use:
        _in_use[:] = [taken]
        forget_derived()


def forget_derived() -> None:
    """Empty every cache of what is computed from the ops."""
    for forget in _forget:
        forget()


def _place(pack: Pack) -> Path | str:
    return Path(pack.where).resolve() if pack.where.endswith(".py") else pack.where


def _distinct(taken: Mapping[str, Pack]) -> dict[str, tuple[Op, ...]]:
    """Families of packs.

    Raises:
        OpError: one is called like a built-in family.
    """
    for name, pack in taken.items():
        if name in _built_in():
            raise OpError(f"op pack '{pack.where}': there is a built-in family '{name}'; rename the file")
    return {name: pack.ops for name, pack in taken.items()}


def _found() -> Iterator[Pack]:
    """What the environment names and what is installed."""
    for place in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        try:
            yield read_pack(place, yields=True)
        except OpError as error:
            raise OpError(f"{VARIABLE}: {error}") from None
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            yield read_pack(entry.module, yields=True)
        except OpError as error:
            raise OpError(f"entry point '{entry.name}' of {entry.dist.name if entry.dist else GROUP}: {error}") from None


@cache
def _built_in() -> Mapping[str, tuple[Op, ...]]:
    found: dict[str, tuple[Op, ...]] = {}
    for module in sorted(pkgutil.iter_modules(primitives.__path__), key=lambda info: info.name):
        found[module.name] = importlib.import_module(f"primitives.{module.name}").OPS
    if "arithmetic" not in found:
        raise OpError(
            f"the package 'primitives' found at {list(primitives.__path__)} is not rlsearch's; "
            "uninstall the distribution that shadows it"
        )
    return MappingProxyType(found)


@derived
@cache
def families() -> Mapping[str, tuple[Op, ...]]:
    """Op families by name: built-in ones in alphabetical order, then packs in the order in which they came.

    Raises:
        OpError: two ops share a name, or another distribution's `primitives` shadows ours.
    """
    return MappingProxyType({**_built_in(), **{pack.name: pack.ops for pack in packs()}})


@derived
@cache
def operations() -> Mapping[str, Op]:
    """Every op by its name."""
    return MappingProxyType(_by_name(families(), {pack.name: pack for pack in packs()}))


def _by_name(found: Mapping[str, tuple[Op, ...]], taken: Mapping[str, Pack]) -> dict[str, Op]:
    named: dict[str, Op] = {}
    home: dict[str, str] = {}
    for family, ops in found.items():
        for op in ops:
            if op.name in named:
                first, second = home[op.name], family
                pack = f"op pack '{taken[family].where}': " if family in taken else ""
                twice = f"twice in family '{first}'" if first == second else f"by the families '{first}' and '{second}'"
                raise OpError(f"{pack}op '{op.name}' is declared {twice}; rename one")
            named[op.name], home[op.name] = op, family
    return named


@derived
@cache
def op_codes() -> Mapping[str, tuple[int, int]]:
    """For each op the slot of its family's kernels and its code among them, by which a tape's instructions call it."""
    return {op.name: (slot, code) for slot, ops in enumerate(families().values()) for code, op in enumerate(ops)}
