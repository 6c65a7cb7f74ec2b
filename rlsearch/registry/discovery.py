"""Discovery of op packs: those of the environment variable, and those that installed distributions offer."""

import os
from collections.abc import Iterator
from importlib.metadata import entry_points

from rlsearch.errors import OpError
from rlsearch.registry.pack import Pack, read_pack

VARIABLE = "RLSEARCH_PRIMITIVES"
GROUP = "rlsearch.primitives"


def discovered_packs() -> Iterator[Pack]:
    """The packs that RLSEARCH_PRIMITIVES names, then entry points of the group `rlsearch.primitives`.

    Raises:
        OpError: one of them cannot be read; says which of the two named it.
    """
    for where in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        try:
            yield read_pack(where, yields=True)
        except OpError as error:
            raise OpError(f"{VARIABLE}: {error}") from None
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            yield read_pack(entry.module, yields=True)
        except OpError as error:
            raise OpError(f"entry point '{entry.name}' of {entry.dist.name if entry.dist else GROUP}: {error}") from None
