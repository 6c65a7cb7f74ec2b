"""The ops in use in this process: the families of `primitives`, then packs. Loads nothing heavy itself.

Packs are what RLSEARCH_PRIMITIVES names, what installed distributions offer as entry points of the group
`rlsearch.primitives`, and what `use_primitives` is given. One may come, or come anew, while a process lives, so whatever is
computed from the ops and kept is marked as `derived`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rlsearch.errors import did_you_mean, quoted
from rlsearch.op import Op
from rlsearch.registry.built_in import built_in_families
from rlsearch.registry.discovery import discovered_packs
from rlsearch.registry.pack import Pack, read_pack
from rlsearch.registry.vocabulary import C, Vocabulary

OWN_OPS = "ops of your own are named by --primitives FILE, in Python by use_primitives(FILE)"
VOCABULARY = Vocabulary(built_in_families, discovered_packs)


def derived(cached: C) -> C:
    """Mark a cached function as computed from the ops: it is emptied whenever a pack comes."""
    return VOCABULARY.derived(cached)


def unknown_op(name: str) -> str:
    """The message for an op that there is not."""
    return f"unknown op {quoted(name)}{did_you_mean(name, operations())}; {OWN_OPS}"


def packs() -> tuple[Pack, ...]:
    """The packs in use, in the order of their ops' codes.

    Raises:
        OpError: one that the environment variable or a distribution names cannot be used.
    """
    return tuple(VOCABULARY.packs.values())


def use_primitives(*where: str | Path) -> None:
    """Add ops of your own: paths of Python files with `OPS = (Op(...), ...)`, or names of importable modules.

    A file that was changed is read anew.

    Raises:
        OpError: a pack cannot be read, or takes the name of a family or of an op that there is.
    """
    use_packs([read_pack(str(one)) for one in where])


def use_packs(new: Iterable[Pack]) -> None:
    """Add packs that have been read, all or none. One of the same file or module as an earlier one replaces it.

    Raises:
        OpError: two families or two ops share a name.
    """
    use_only([*packs(), *new])


def use_only(wanted: Iterable[Pack]) -> None:
    """Use these packs and no others: in a worker, those of its driver.

    Raises:
        OpError: two families or two ops share a name.
    """
    VOCABULARY.use_only(wanted)


@derived
@cache
def families() -> Mapping[str, tuple[Op, ...]]:
    """Op families by name: built-in ones in alphabetical order, then packs in the order in which they came.

    Raises:
        OpError: two ops share a name, or another distribution's `primitives` shadows ours.
    """
    return MappingProxyType(VOCABULARY.families)


@derived
@cache
def operations() -> Mapping[str, Op]:
    """Every op by its name."""
    return MappingProxyType(VOCABULARY.operations)


@derived
@cache
def op_codes() -> Mapping[str, tuple[int, int]]:
    """For each op its family's index among the kernels and its code there, by which a tape's instructions call it."""
    return {op.name: (slot, code) for slot, ops in enumerate(families().values()) for code, op in enumerate(ops)}
