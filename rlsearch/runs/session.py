"""A session with an open run: its budget resolved, everything compiled, workers started, searched to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.errors import RunError, RunFailed, as_word
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.confirmation_state import confirmation_state
from rlsearch.evaluation.limits import TrialLimits, measure_limits
from rlsearch.executor.child import call_in_child
from rlsearch.executor.config import ExecutorConfig, processes
from rlsearch.executor.protocol import Executor
from rlsearch.provenance.stamp import differences, stamp
from rlsearch.runs import warmup
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.compatibility import refuse_changes
from rlsearch.runs.estimate import CostEstimate, Size, estimate, expectation, in_words, size
from rlsearch.runs.progress import OnMessage, OnProgress
from rlsearch.runs.run import OpenRun, Options, check_starts, create_run, new_folder
from rlsearch.runs.search_loop import run_search
from rlsearch.space.load import Space, load_space
from rlsearch.train.replay.agent import Agent


def create(
    space: str | Path | Mapping[str, Any], options: Options, out: str | Path | None, on_message: OnMessage | None = None
) -> Path:
    """Check everything that was asked of a search and write its folder."""
    loaded = load_space(space)
    check_starts(loaded, options)
    warmup.check_packs(on_message or _silent)
    folder = new_folder(loaded, options.seed) if out is None else Path(out)
    create_run(loaded, options, folder)
    return folder


def run_session(
    run: OpenRun,
    budget: Budget,
    executor_config: ExecutorConfig,
    on_progress: OnProgress | None = None,
    on_message: OnMessage | None = None,
    stop: Stop | None = None,
) -> bool:
    """Search in a run, whose lock is held throughout, until a budget is spent.

    Args:
        run: open to be written.
        budget: a total, of `resolve_budget`.
        executor_config: where trials run.
        on_progress: told after every applied proposal and every confirmation trial.
        on_message: told what takes a while, and what must be known.
        stop: asked from outside to end soon.

    Returns:
        Whether it came to its end: not so if `stop` was asked for.

    Raises:
        RunError: the run cannot be continued.
        RunFailed: the search failed; its journal is intact.
    """
    say = on_message or _silent
    journal, space = run.journal, run.space
    metadata, held, here = journal.metadata(), journal.count(), stamp()
    refuse_changes(journal.folder, space, metadata)
    asked = {"minutes": budget.minutes, "proposals": budget.proposals}
    journal.set_metadata(budget=asked, confirm_seeds=run.options.confirm_seeds)
    if other := differences(metadata["stamp"], here):
        say(f"note: this run was begun elsewhere, and its numbers may differ in the last digits: {'; '.join(other)}")
    with start_executor(executor_config, space, on_message) as executor:
        executor.wait_until_ready()
        limits = measure(space, executor)
        workers = executor.slots if executor.isolated else 0
        begun = {"proposals": held, "stamp": here, "workers": workers}
        noted: dict[str, Any] = {"workers": workers, "sessions": [*metadata.get("sessions", ()), begun]}
        stop = stop or Stop()
        stop.heeded = True
        if held:
            say(f"going through the {held:,} proposals that the journal holds ...")
        else:
            cost = estimate(space, run.options.seed, executor)
            noted["estimate"] = expectation(cost, budget, space.confirm.share)
            say(in_words(noted["estimate"]))
        journal.set_metadata(**noted)
        return run_search(run, budget, executor, on_progress, stop, limits, say)


def resolve_budget(run: OpenRun, budget: Budget | None) -> Budget:
    """The budget of a session: as asked for, or that of the session before; a total, so it must exceed what was spent.

    A finished search may be gone on with as it is where its confirmation was cut short, or is now to be another.

    Raises:
        RunError: it does not, or there is none.
    """
    metadata, folder = run.journal.metadata(), run.journal.folder
    if budget is None and "budget" not in metadata:
        raise RunError(f"how long? type `rlsearch resume {as_word(folder)} --minutes M` or `--proposals N`; both are totals")
    budget = budget or Budget(**metadata["budget"])
    finished, spent, asked = bool(metadata["finished"]), run.journal.count(), run.space.confirm.seeds
    confirmation = confirmation_state(metadata, run.journal.confirmations(), run.space)
    other = asked > 0 and asked != confirmation.planned
    left = other or (asked > 0 and confirmation.is_short)
    if budget.proposals is not None:
        if spent > budget.proposals or (finished and spent == budget.proposals and not left):
            raise RunError(
                f"the run in '{folder}' has made {spent:,} proposals and --proposals is a total, of {budget.proposals:,}; "
                f"type e.g. `rlsearch resume {as_word(folder)} --proposals {2 * spent}`"
            )
    elif budget.minutes is not None:
        searched, share = metadata["search_seconds"] / 60, 1 - run.space.confirm.share
        if searched >= budget.minutes or (finished and searched >= share * budget.minutes and not other):
            only = f"; `--proposals {spent}` confirms what there is" if left and spent else ""
            raise RunError(
                f"the run in '{folder}' has spent its minutes: {searched:.1f} of search, and --minutes is a total, of "
                f"{budget.minutes:g}, of which confirmation has the rest; type e.g. `rlsearch resume {as_word(folder)} "
                f"--minutes {max(1, round(2 * searched / share))}`{only}"
            )
    return budget


class Plan(NamedTuple):
    """The plan of a search: its space, its size, and its expected cost."""

    space: Space
    size: Size
    estimate: CostEstimate


def plan(space: str, options: Options, executor_config: ExecutorConfig, on_message: OnMessage | None = None) -> Plan:
    """Check everything that is asked of a search, and time three losses of the space; nothing is written.

    Raises:
        RlsearchError: the search could not begin.
    """
    loaded = replace(load_space(space), confirm_seeds=options.confirm_seeds)
    check_starts(loaded, options)
    say = on_message or _silent
    with start_executor(executor_config, loaded, on_message) as executor:
        say("starting the workers ...")
        counted = size(loaded, options)  # meanwhile
        executor.wait_until_ready()
        measure(loaded, executor)  # an environment that hangs is found at once
        say("timing three losses in each environment ...")
        return Plan(loaded, counted, estimate(loaded, options.seed, executor))


def start_executor(executor_config: ExecutorConfig, space: Space, on_message: OnMessage | None) -> Executor:
    """Compile everything here, and make the executor of a space's trials, not yet entered; other machines compile anew."""
    envs = environments_in(space)
    ensure_compiled(envs, space.agent, space.regime, on_message, executor_config.workers)
    return executor_config.make_executor(partial(warmup.begin_node, envs, space.agent, space.regime), on_message or _silent)


def environments_in(space: Space) -> list[EnvSpec]:
    """Every environment that a search trains in."""
    return [*(env for rung in space.rungs for env in rung.envs), *environments_of(space)]


def measure(space: Space, executor: Executor) -> TrialLimits:
    """The time limits of a space's trials.

    Raises:
        RunError: trainings do not end in one of its environments.
    """
    remedy = "give the space a `trial_limit_s`, in seconds"
    return measure_limits(environments_in(space), space.agent, space.regime, executor, space.model.trial_limit_s, remedy)


def ensure_compiled(
    envs: Sequence[EnvSpec], agent: Agent, regime: str, on_message: OnMessage | None, workers: int | None
) -> None:
    """Compile what workers would compile all at once: in a child process, or here if no process is to be started.

    Raises:
        RunError: an environment hangs, or ends its process.
    """
    warmup.check_packs(on_message or _silent)
    cold = warmup.missing(envs, regime)
    if cold:
        (on_message or _silent)("compiling numba kernels (once, about 30 s) ...")
    if cold and processes(workers) > 0:
        try:
            call_in_child(warmup.begin_machine, (envs, agent, regime))
        except RunFailed as failed:
            raise RunError(f"{failed}; `rlsearch check ENV` looks for what is wrong with an environment") from None
    elif cold:
        warmup.begin_node(envs, agent, regime)


def _silent(_: str) -> None:
    """No-op callback."""
