"""A session with an open run: its budget resolved, everything compiled, workers started, searched to its end."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.errors import RunError, as_word
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.executor.config import ExecutorConfig
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


def create(space: str, options: Options, out: str | Path | None, on_message: OnMessage | None = None) -> Path:
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
    journal.set_metadata(budget={"minutes": budget.minutes, "proposals": budget.proposals})
    if other := differences(metadata["stamp"], here):
        say(f"note: this run was begun elsewhere, and its numbers may differ in the last digits: {'; '.join(other)}")
    with start_executor(executor_config, space, on_message) as executor:
        executor.wait_until_ready()
        begun = {"proposals": held, "stamp": here, "workers": executor.slots}
        noted: dict[str, Any] = {"workers": executor.slots, "sessions": [*metadata.get("sessions", ()), begun]}
        if held:
            say(f"going through the {held:,} proposals that the journal holds ...")
        else:
            noted["estimate"] = expectation(estimate(space, run.options.seed, executor), budget, space.confirm.share)
            say(in_words(noted["estimate"]))
        journal.set_metadata(**noted)
        return run_search(run, budget, executor, on_progress, stop)


def resolve_budget(run: OpenRun, budget: Budget | None) -> Budget:
    """The budget of a session: as asked for, or that of the session before; a total, so it must exceed what was spent.

    Raises:
        RunError: it does not, or there is none.
    """
    metadata, folder = run.journal.metadata(), run.journal.folder
    if budget is None and "budget" not in metadata:
        raise RunError(f"how long? type `rlsearch resume {as_word(folder)} --minutes M` or `--proposals N`; both are totals")
    budget = budget or Budget(**metadata["budget"])
    finished = bool(metadata["finished"])
    if budget.proposals is not None:
        spent = run.journal.count()
        if spent > budget.proposals or (finished and spent == budget.proposals):
            raise RunError(
                f"the run in '{folder}' has made {spent:,} proposals and --proposals is a total, of {budget.proposals:,}; "
                f"type e.g. `rlsearch resume {as_word(folder)} --proposals {2 * spent}`"
            )
    elif budget.minutes is not None:
        searched, share = metadata["search_seconds"] / 60, 1 - run.space.confirm.share
        if searched >= budget.minutes or (finished and searched >= share * budget.minutes):
            raise RunError(
                f"the run in '{folder}' has spent its minutes: {searched:.1f} of search, and --minutes is a total, of "
                f"{budget.minutes:g}, of which confirmation has the rest; type e.g. `rlsearch resume {as_word(folder)} "
                f"--minutes {max(1, round(2 * searched / share))}`"
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
    loaded = load_space(space)
    check_starts(loaded, options)
    say = on_message or _silent
    with start_executor(executor_config, loaded, on_message) as executor:
        say("starting the workers ...")
        counted = size(loaded, options)  # meanwhile
        executor.wait_until_ready()
        say("timing three losses in each environment ...")
        return Plan(loaded, counted, estimate(loaded, options.seed, executor))


def start_executor(executor_config: ExecutorConfig, space: Space, on_message: OnMessage | None) -> Executor:
    """Compile everything here, and make the executor of a space's trials, not yet entered; other machines compile anew."""
    envs = [*(env for rung in space.rungs for env in rung.envs), *environments_of(space)]
    ensure_compiled(envs, space.agent, space.regime, on_message)
    return executor_config.make_executor(partial(warmup.begin_node, envs, space.agent, space.regime), on_message or _silent)


def ensure_compiled(envs: Sequence[EnvSpec], agent: Agent, regime: str, on_message: OnMessage | None) -> None:
    """Compile in this process what its workers would compile all at once."""
    warmup.check_packs(on_message or _silent)
    if cold := warmup.missing(envs, regime):
        (on_message or _silent)("compiling numba kernels (once, about 30 s) ...")
        warmup.fill(cold, agent, regime)


def _silent(_: str) -> None:
    """No-op callback."""
