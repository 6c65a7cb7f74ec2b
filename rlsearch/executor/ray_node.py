"""Functions that run on a node of a Ray cluster: its facts, compared with those required, and its work."""

import math
import pickle
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NamedTuple

from rlsearch.executor.protocol import Prepare
from rlsearch.executor.worker import PackSources, init_worker, portable
from rlsearch.numba_support.cache import PACKAGE, source_digest
from rlsearch.numba_support.matmul_way import matmul_way
from rlsearch.provenance.stamp import cpu_model, versions
from rlsearch.registry.built_in import FOLDER as PRIMITIVES

VERSIONS = ("python", "torch", "numba", "numpy", "scipy")  # besides our sources, what numbers come from
CPU = "CPU model"
DONE, FAILED, REFUSED = "done", "failed", "refused"

Facts = Mapping[str, str]  # of a machine, by name


class Setup(NamedTuple):
    """The facts that a node must share, and how a worker process there is initialized; `prepare` is pickled."""

    required: Facts
    sources: PackSources
    prepare: bytes


@cache
def machine_facts() -> Facts:
    """The facts of this machine on which the numbers that work gives depend."""
    ours = {"rlsearch": f"{versions()['rlsearch']} (sources {_sources()})", CPU: cpu_model(), "matmul": matmul_way()}
    return ours | {name: version for name, version in versions().items() if name in VERSIONS}


def survey() -> Facts:
    """The facts of this machine, for Ray, which wants a plain function."""
    return machine_facts()


def _sources() -> str:
    """Hash of all our code: a checkout may have changed without its version."""
    return source_digest((PACKAGE, PRIMITIVES), size=4)


def required_facts(mine: Facts) -> Facts:
    """The facts that every node must have in common with the driver's machine, which need not run work itself."""
    return {name: value for name, value in mine.items() if name != CPU}


def differences(required: Facts, met: Facts) -> str:
    """The facts that are not as required, in words; empty if all are."""
    return ", ".join(
        f"{name} {met.get(name, 'unknown')}, not {value}" for name, value in required.items() if met.get(name) != value
    )


def nodes_by_cpu_model(nodes: Iterable[tuple[str, Facts]]) -> dict[str, list[str]]:
    """Names of nodes by their CPU model."""
    found: dict[str, list[str]] = {}
    for name, met in nodes:
        found.setdefault(met[CPU], []).append(name)
    return found


def run_packed(setup: Setup, packed: bytes, limit_s: float = math.inf) -> tuple[str, Any]:
    """Run a pickled function of a pickled request; after `limit_s` this process ends.

    Returns:
        DONE and the pickled value, FAILED and the pickled exception, or REFUSED and what this machine is.
    """
    if differences(setup.required, machine_facts()):
        return REFUSED, machine_facts()
    try:
        _init_worker_once(setup.sources, setup.prepare)
        function, request = pickle.loads(packed)
        with _ended_after(limit_s):
            return DONE, pickle.dumps(function(request))
    except Exception as error:  # the caller's to understand
        return FAILED, pickle.dumps(portable(error))


@contextmanager
def _ended_after(limit_s: float) -> Iterator[None]:
    """End this process unless the block ends in time: by a signal that nobody handles, which compiled code cannot delay."""
    if limit_s < math.inf:
        signal.setitimer(signal.ITIMER_REAL, max(limit_s, 1e-3))  # 0 would mean never
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@lru_cache(maxsize=1)
def _init_worker_once(sources: PackSources, packed: bytes) -> None:
    """Initialize this worker process, unless that is done."""
    prepare: Prepare = pickle.loads(packed)
    init_worker(sources, prepare)
