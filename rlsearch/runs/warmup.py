"""Compilation of a search's machine code: a check, in milliseconds and without numba, that it is on disk, and its filling.

After everything has been compiled and run once, a marker is left beside the compiled kernels, for each environment and for
each op pack; its folder is named by the hash of all that the machine code depends on.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from rlsearch.envs import make_task
from rlsearch.envs.spec import EnvSpec
from rlsearch.evaluation.trial import TrialRequest, prepare_trials, run_trial
from rlsearch.executor.child import Tell, tell_nobody
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
DRAW_S = 600.0  # seconds in which an environment must have been compiled and drawn


def missing(envs: Iterable[EnvSpec], regime: str) -> list[EnvSpec]:
    """The environments, each once, in which training with losses of a regime would have to compile something first."""
    first = {spec.env: spec for spec in envs}
    return [spec for name, spec in first.items() if not (_markers() / regime / name).exists()]


def fill(envs: Iterable[EnvSpec], agent: Agent, regime: str, tell: Tell = tell_nobody) -> None:
    """Compile everything that a trial in these environments runs, by running one; tens of seconds.

    A user's own is compiled when it is drawn: it may hang, and trials that have a limit find that out.
    """
    for spec in envs:
        tell(f"compiling and drawing environment {spec.env}", DRAW_S)
        make_task(spec, 0)
        if not spec.is_own:
            run_trial(TrialRequest(reference_loss(regime), spec, agent, 0, STEPS))
        mark(spec, regime)


def mark(env: EnvSpec, regime: str) -> None:
    """Note that everything is compiled that trials in this environment run."""
    marker = _markers() / regime / env.env
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()


def begin_node(envs: Sequence[EnvSpec], agent: Agent, regime: str, tell: Tell = tell_nobody) -> None:
    """Prepare a worker process: the first one of a machine compiles what is missing, the others wait."""
    if missing(envs, regime):
        _markers().mkdir(parents=True, exist_ok=True)
        with FileLock(f"{_markers()}.lock"):
            prepare_trials(regime)
            fill(missing(envs, regime), agent, regime, tell)
    prepare_trials(regime)


def begin_machine(given: tuple[Sequence[EnvSpec], Agent, str], tell: Tell) -> None:
    """Compile what is missing, in a child process, which says what it is at."""
    begin_node(*given, tell)


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
