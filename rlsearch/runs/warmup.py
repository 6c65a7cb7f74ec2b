"""Compilation of a search's machine code: a check, in milliseconds and without numba, that it is on disk, and its filling.

After everything has been compiled and run once, a marker is left beside the compiled kernels, for each environment and for
each op pack; its folder is named by the hash of all that the machine code depends on.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from rlsearch.envs.spec import EnvSpec
from rlsearch.evaluation.trial import TrialRequest, prepare_trials, run_trial
from rlsearch.numba_support.cache import cache_root, source_digest
from rlsearch.numba_support.matmul_way import matmul_way
from rlsearch.provenance.stamp import cpu_model
from rlsearch.registry import packs, reference_loss
from rlsearch.registry.built_in import FOLDER as PRIMITIVES
from rlsearch.registry.pack import Pack
from rlsearch.train.replay.agent import Agent

SOURCES = (
    *("numba_support", "op", "regimes", "registry", "graph", "simplify", "compile", "envs", "train", "facets"),
    "evaluation/trial.py",
)
STEPS = 100


def missing(envs: Iterable[EnvSpec], regime: str) -> list[EnvSpec]:
    """The environments, each once, in which training with losses of a regime would have to compile something first."""
    first = {spec.env: spec for spec in envs}
    return [spec for name, spec in first.items() if not (_markers() / regime / name).exists()]


def fill(envs: Iterable[EnvSpec], agent: Agent, regime: str) -> None:
    """Compile everything that a trial in these environments runs, by running one; tens of seconds."""
    for spec in envs:
        run_trial(TrialRequest(reference_loss(regime), spec, agent, 0, STEPS))
        mark(spec, regime)


def mark(env: EnvSpec, regime: str) -> None:
    """Note that everything is compiled that trials in this environment run."""
    marker = _markers() / regime / env.env
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()


def begin_node(envs: Sequence[EnvSpec], agent: Agent, regime: str) -> None:
    """Prepare a worker process: the first one of a machine compiles what is missing, the others wait."""
    if missing(envs, regime):
        _markers().mkdir(parents=True, exist_ok=True)
        with FileLock(f"{_markers()}.lock"):
            prepare_trials(regime)
            fill(missing(envs, regime), agent, regime)
    prepare_trials(regime)


def check_packs(on_message: Callable[[str], None]) -> None:
    """Check the facets of each op pack in use, and compile its kernels, unless that was done here with this source: seconds.

    Raises:
        OpError: one line for each op that is wrong.
    """
    new = [pack for pack in packs() if not _pack_marker(pack).exists()]
    if new:
        from rlsearch.facets.problems import refuse_wrong  # heavy: torch and sympy, 3 s

        names = ", ".join(pack.name for pack in new)
        on_message(f"checking the op pack{'s' * (len(new) > 1)} {names} and compiling numba kernels (once) ...")
        refuse_wrong(new)
    for pack in new:
        _pack_marker(pack).parent.mkdir(parents=True, exist_ok=True)
        _pack_marker(pack).touch()


def _pack_marker(pack: Pack) -> Path:
    return _markers() / "packs" / f"{pack.name}-{pack.digest}"


@cache
def _markers() -> Path:
    salt = f"{version('numba')} {version('numpy')} {cpu_model()} {matmul_way()}"
    return cache_root() / "warm" / source_digest((*SOURCES, PRIMITIVES), salt)
