"""Initialization of a worker process, on whatever machine."""

from rlsearch.executor.protocol import Prepare
from rlsearch.registry import packs, use_only
from rlsearch.registry.pack import make_pack

PackSources = tuple[tuple[str, str, str], ...]  # name, source and file of each op pack


def pack_sources() -> PackSources:
    """The op packs that this process uses, for its workers."""
    return tuple((pack.name, pack.source, pack.where) for pack in packs())


def init_worker(sources: PackSources, prepare: Prepare) -> None:
    """Take the driver's op packs into use, then prepare this process for its work."""
    use_only(())  # what the environment names may be another file by now
    use_only([make_pack(*source) for source in sources])
    prepare()
