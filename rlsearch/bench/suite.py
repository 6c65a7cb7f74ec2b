"""Every figure by name, each measured where it is disturbed least."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from rlsearch.bench.env_steps import acrobot_steps, env_steps, minigrid_resets, minigrid_steps, toy_text_steps
from rlsearch.bench.figure import Figure, machine
from rlsearch.bench.floor_share import floor_share
from rlsearch.bench.help_time import help_time
from rlsearch.bench.new_class import canonical_key, class_check, fingerprinting
from rlsearch.bench.ratio import ratio
from rlsearch.bench.screening import screening
from rlsearch.bench.warm_start import warm_start
from rlsearch.bench.worker_scaling import worker_scaling
from rlsearch.errors import RlsearchError, did_you_mean
from rlsearch.evaluation.trial import prepare_trials
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import Work, run_all
from rlsearch.provenance.stamp import commit, versions

REGIME = "replay"  # what the figures train losses of
# Measured in a fresh process that owns one core: its libraries have one thread from the start.
ONE_CORE: Mapping[str, Callable[[], Figure]] = {
    function.__name__: function
    for function in (
        *(ratio, floor_share, env_steps, acrobot_steps, toy_text_steps, minigrid_steps, minigrid_resets),
        *(screening, canonical_key, fingerprinting, class_check),
    )
}
# These start processes of their own.
PROCESSES: Mapping[str, Callable[[], Figure]] = {
    function.__name__: function for function in (worker_scaling, warm_start, help_time)
}
FIGURES = (*ONE_CORE, *PROCESSES)


def bench(names: Sequence[str] = FIGURES, on_figure: Callable[[Figure], None] | None = None) -> dict[str, Any]:
    """Measure the figures one after the other.

    Args:
        names: of FIGURES.
        on_figure: told each as it comes.

    Returns:
        `version` and `commit` of rlsearch, `machine`, and `figures`: `Figure.to_json()` by name.

    Raises:
        RlsearchError: there is no such figure.
    """
    refuse_unknown(names)
    figures: dict[str, Any] = {}
    for name in names:
        if name in ONE_CORE:
            with LocalPool(1, partial(prepare_trials, REGIME)) as worker:
                ((_, figure),) = run_all(worker, [Work(name, _measure, name)])
        else:
            figure = PROCESSES[name]()
        figures[name] = figure.to_json()
        if on_figure is not None:
            on_figure(figure)
    return {"version": versions()["rlsearch"], "commit": commit(), "machine": machine(), "figures": figures}


def refuse_unknown(names: Sequence[str]) -> None:
    """Refuse names that are no figure's, before anything takes time.

    Raises:
        RlsearchError: one of them is not.
    """
    for name in names:
        if name not in FIGURES:
            raise RlsearchError(f"unknown figure '{name}'{did_you_mean(name, FIGURES)}")


def _measure(name: str) -> Figure:
    return ONE_CORE[name]()
