"""A vocabulary: the op families in use, built-in ones then packs, and the caches of all that is computed from them."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from rlsearch.errors import OpError
from rlsearch.op import Op
from rlsearch.registry.pack import Pack

Families = Mapping[str, tuple[Op, ...]]


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


C = TypeVar("C", bound=_Cached)


class Vocabulary:
    """The built-in families, and packs that may be added or replaced while a process lives.

    Attributes:
        generation: how often the packs have changed. Every change empties the caches of what is `derived`.
    """

    def __init__(self, built_in: Callable[[], Families], discover: Callable[[], Iterable[Pack]]) -> None:
        """Neither is called before somebody asks.

        Args:
            built_in: the families that are always there.
            discover: the packs to begin with.
        """
        self.generation = 0
        self._built_in, self._discover = built_in, discover
        self._packs: dict[str, Pack] | None = None  # by family; None until they are discovered
        self._caches: list[_Cached] = []

    def derived(self, cached: C) -> C:
        """Mark a cached function as computed from the ops: it is emptied whenever the packs change."""
        self._caches.append(cached)
        return cached

    @property
    def packs(self) -> Mapping[str, Pack]:
        """The packs in use by family, in the order of their ops' codes.

        Raises:
            OpError: one of those to begin with cannot be used.
        """
        if self._packs is None:
            self._packs = {}  # a pack that reads the registry while it is read finds what is built in
            try:
                self.use_only(self._discover())
            except OpError:
                self._change(None)
                raise
        return MappingProxyType(self._packs)

    @property
    def families(self) -> dict[str, tuple[Op, ...]]:
        """Ops by family: built-in ones, then packs in the order in which they came."""
        return _join_families(self._built_in(), self.packs)

    @property
    def operations(self) -> dict[str, Op]:
        """Every op by its name."""
        return _by_name(self.families, self.packs)

    def use_only(self, wanted: Iterable[Pack]) -> None:
        """Use these packs and no others. One of the same source as an earlier one of its name changes nothing.

        Raises:
            OpError: two families or two ops share a name; then everything stays as it was.
        """
        packs: dict[str, Pack] = {}
        for pack in wanted:
            known = packs.get(pack.name)
            if known and known.digest != pack.digest and not known.yields and _origin(known) != _origin(pack):
                raise OpError(
                    f"two op packs are called '{pack.name}': '{known.where}' and '{pack.where}'; rename one or leave it out"
                )
            if not known or known.digest != pack.digest:
                packs[pack.name] = pack
        _by_name(_join_families(self._built_in(), packs), packs)
        if packs != self._packs:
            self._change(packs)

    def _change(self, packs: dict[str, Pack] | None) -> None:
        self._packs = packs
        self.generation += 1
        self.forget()

    def forget(self) -> None:
        """Empty the caches of what is derived."""
        for cached in self._caches:
            cached.cache_clear()


def _origin(pack: Pack) -> Path | str:
    return Path(pack.where).resolve() if pack.where.endswith(".py") else pack.where


def _join_families(built_in: Families, packs: Mapping[str, Pack]) -> dict[str, tuple[Op, ...]]:
    """Join built-in families and packs, in this order.

    Raises:
        OpError: a pack is called like a built-in family.
    """
    for name, pack in packs.items():
        if name in built_in:
            raise OpError(f"op pack '{pack.where}': there is a built-in family '{name}'; rename the file")
    return {**built_in, **{name: pack.ops for name, pack in packs.items()}}


def _by_name(families: Families, packs: Mapping[str, Pack]) -> dict[str, Op]:
    """Every op by its name.

    Raises:
        OpError: two ops share one.
    """
    named: dict[str, Op] = {}
    home: dict[str, str] = {}
    for family, ops in families.items():
        for op in ops:
            if op.name in named:
                first, second = home[op.name], family
                pack = f"op pack '{packs[family].where}': " if family in packs else ""
                twice = f"twice in family '{first}'" if first == second else f"by the families '{first}' and '{second}'"
                raise OpError(f"{pack}op '{op.name}' is declared {twice}; rename one")
            named[op.name], home[op.name] = op, family
    return named
