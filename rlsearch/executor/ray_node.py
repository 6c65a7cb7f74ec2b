"""What runs on a machine of a cluster: it says what it is, refuses work if it is not what was asked for, or does the work."""

import pickle
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import primitives
from rlsearch.executor.protocol import Preparation
from rlsearch.executor.worker import GivenPacks
from rlsearch.numba_support.cache import PACKAGE, source_digest
from rlsearch.provenance.stamp import cpu_model, versions
from rlsearch.registry.pack import one_line

DECIDE = ("python", "torch", "numba", "numpy", "scipy")  # besides our sources, what numbers come from
CPU = "CPU model"
DONE, FAILED, REFUSED = "done", "failed", "refused"

Facts = Mapping[str, str]  # what a machine is, by the name of the fact


class Setup(NamedTuple):
    """What a node must be, and how a worker process there begins: a pickled `Preparation` and the op packs."""

    wanted: Facts
    prepare: bytes
    given: GivenPacks


@cache
def facts() -> Facts:
    """What this machine is, in all that a trial's numbers depend on."""
    return {"rlsearch": f"{versions()['rlsearch']} (sources {_sources()})", CPU: cpu_model()} | {
        name: version for name, version in versions().items() if name in DECIDE
    }


def survey() -> Facts:
    """The same for Ray, which wants a plain function."""
    return facts()


def _sources() -> str:
    """Hash of all our code: a checkout may have changed without its version."""
    return source_digest((PACKAGE, *map(Path, primitives.__path__)), size=4)


def shared(mine: Facts) -> Facts:
    """What every node must have in common with the machine that drives the search, which need not run trials itself."""
    return {name: value for name, value in mine.items() if name != CPU}


def unlike(wanted: Facts, met: Facts) -> str:
    """What is not as it should be, in words; nothing if all is."""
    return ", ".join(
        f"{name} {met.get(name, 'unknown')}, not {value}" for name, value in wanted.items() if met.get(name) != value
    )


def models(nodes: Iterable[tuple[str, Facts]]) -> dict[str, list[str]]:
    """Names of nodes by their CPU model."""
    found: dict[str, list[str]] = {}
    for name, met in nodes:
        found.setdefault(met[CPU], []).append(name)
    return found


def work(setup: Setup, packed: bytes) -> tuple[str, Any]:
    """Do a pickled function of a pickled request.

    Returns:
        DONE and the pickled value, FAILED and the pickled exception, or REFUSED and what this machine is.
    """
    if unlike(setup.wanted, facts()):
        return REFUSED, facts()
    try:
        _begun(setup.prepare, setup.given)
        function, request = pickle.loads(packed)
        return DONE, pickle.dumps(function(request))
    except Exception as error:  # the caller's to understand
        return FAILED, _portable(error)


@lru_cache(maxsize=1)
def _begun(prepare: bytes, given: GivenPacks) -> None:
    """Once in the life of a worker process."""
    begin: Preparation = pickle.loads(prepare)
    begin(given)


def _portable(error: Exception) -> bytes:
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:  # some exceptions cannot be made from their own arguments
        packed = pickle.dumps(RuntimeError(one_line(error)))
    return packed
