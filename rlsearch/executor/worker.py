"""Initialization of a worker process, on whatever machine, and the errors that it sends."""

import pickle

from rlsearch.errors import RlsearchError, RunFailed
from rlsearch.executor.protocol import Prepare
from rlsearch.registry import packs, use_only
from rlsearch.registry.pack import make_pack, one_line

PackSources = tuple[tuple[str, str, str], ...]  # name, source and file of each op pack


def pack_sources() -> PackSources:
    """The op packs that this process uses, for its workers."""
    return tuple((pack.name, pack.source, pack.where) for pack in packs())


def init_worker(sources: PackSources, prepare: Prepare) -> None:
    """Take the driver's op packs into use, then prepare this process for its work."""
    use_only(())  # what the environment names may be another file by now
    use_only([make_pack(*source) for source in sources])
    prepare()


def portable(error: Exception) -> Exception:
    """An exception that can be sent to another process: itself, or one with the same words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # some exceptions cannot be made from their own arguments
        return RuntimeError(one_line(error))
    return error


def unprepared(error: Exception) -> Exception:
    """The error of a worker that `prepare` failed in: a sentence of ours as it is, any other one as a line."""
    return error if isinstance(error, RlsearchError) else RunFailed(f"a worker cannot be prepared: {one_line(error)}")
