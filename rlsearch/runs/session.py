"""A session with a run: opened, its budget settled, everything compiled, workers started, searched to its end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.errors import RunError
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.executor.config import ExecutorConfig
from rlsearch.executor.protocol import Executor
from rlsearch.provenance.stamp import differences, stamp
from rlsearch.runs import warmup
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.compatibility import refuse_changes
from rlsearch.runs.estimate import Estimate, Size, estimate, expected, in_words, size
from rlsearch.runs.progress import Watcher
from rlsearch.runs.run import Options, create_run, evolution_of, new_folder, read_run
from rlsearch.runs.search_loop import run_search
from rlsearch.space.load import Space, load_space
from rlsearch.store.journal import Journal
from rlsearch.train.replay.agent import Agent

Announce = Callable[[str], None]


class Opened(NamedTuple):
    """A run whose journal is open."""

    journal: Journal
    space: Space
    options: Options


@contextmanager
def opened(folder: Path, write: bool = False) -> Iterator[Opened]:
    """Open a run's journal.

    Raises:
        RunError: there is none, or it is damaged.
    """
    with Journal(folder, write) as journal:
        try:
            space, options = read_run(journal)
        except (KeyError, ValueError) as error:
            what = f"it has no '{error.args[0]}'" if isinstance(error, KeyError) else str(error)
            raise RunError(
                f"the run in '{folder}' is damaged, or of another version of rlsearch: {what}; choose another run"
            ) from None
        yield Opened(journal, space, options)


def create(space: str, options: Options, out: str | Path | None, announce: Announce | None = None) -> Path:
    """Check everything that was asked of a search and write its folder."""
    loaded = load_space(space)
    evolution_of(loaded, options)
    warmup.prove(announce or _silent)
    folder = new_folder(loaded, options.seed) if out is None else Path(out)
    create_run(loaded, options, folder)
    return folder


def session(
    folder: Path,
    budget: Budget | None,
    executor_config: ExecutorConfig,
    watch: Watcher | None = None,
    announce: Announce | None = None,
    stop: Stop | None = None,
) -> bool:
    """Search in a run's folder until the budget, a total, is spent; without one, that of the session before.

    Returns:
        Whether it came to its end: not so if `stop` was asked for.

    Raises:
        RunError: the run cannot be continued, or its budget is spent.
        RunFailed: the search failed; its journal is intact.
    """
    with opened(folder, write=True) as run:
        budget, facts, held = settled(run, budget), run.journal.facts(), run.journal.count()
        refuse_changes(folder, run.space, facts)
        run.journal.note(budget={"minutes": budget.minutes, "proposals": budget.proposals})
        here = stamp()
        if other := differences(facts["stamp"], here):
            (announce or _silent)(
                f"note: this run was begun elsewhere, and its numbers may differ in the last digits: {'; '.join(other)}"
            )
    with _started(executor_config, run.space, announce) as executor:
        executor.wait_until_ready()
        begun = {"proposals": held, "stamp": here, "workers": executor.slots}
        noted: dict[str, Any] = {"workers": executor.slots, "sessions": [*facts.get("sessions", ()), begun]}
        if held:
            (announce or _silent)(f"going through the {held:,} proposals that the journal holds ...")
        else:
            noted["estimate"] = expected(estimate(run.space, run.options.seed, executor), budget, run.space.model.confirm.share)
            (announce or _silent)(in_words(noted["estimate"]))
        with Journal(folder, write=True) as journal:
            journal.note(**noted)
        return run_search(folder, budget, executor, watch or _silent, stop)


def settled(run: Opened, budget: Budget | None) -> Budget:
    """The budget of a session: what was asked for, or that of the session before; a total, so it must exceed what was spent.

    Raises:
        RunError: it does not, or there is none.
    """
    facts, folder = run.journal.facts(), run.journal.folder
    if budget is None and "budget" not in facts:
        raise RunError(f"how long? type `rlsearch resume {folder} --minutes M` or `--proposals N`; both are totals")
    budget = budget or Budget(**facts["budget"])
    finished = bool(facts["finished"])
    if budget.proposals is not None:
        spent = run.journal.count()
        if spent > budget.proposals or (finished and spent == budget.proposals):
            raise RunError(
                f"the run in '{folder}' has made {spent:,} proposals and --proposals is a total, of {budget.proposals:,}; "
                f"type e.g. `rlsearch resume {folder} --proposals {2 * spent}`"
            )
    elif budget.minutes is not None:
        searched, share = facts["search_seconds"] / 60, 1 - run.space.model.confirm.share
        if searched >= budget.minutes or (finished and searched >= share * budget.minutes):
            raise RunError(
                f"the run in '{folder}' has spent its minutes: {searched:.1f} of search, and --minutes is a total, of "
                f"{budget.minutes:g}, of which confirmation has the rest; type e.g. `rlsearch resume {folder} --minutes "
                f"{max(1, round(2 * searched / share))}`"
            )
    return budget


class Plan(NamedTuple):
    """What a search would do: its space, how large it is, and what it would cost."""

    space: Space
    size: Size
    estimate: Estimate


def plan(space: str, options: Options, executor_config: ExecutorConfig, announce: Announce | None = None) -> Plan:
    """Check everything that is asked of a search, and time three losses of the space; nothing is written.

    Raises:
        RlsearchError: the search could not begin.
    """
    loaded = load_space(space)
    evolution_of(loaded, options)
    with _started(executor_config, loaded, announce) as executor:
        executor.wait_until_ready()
        return Plan(loaded, size(loaded, options), estimate(loaded, options.seed, executor))


def _started(executor_config: ExecutorConfig, space: Space, announce: Announce | None) -> Executor:
    """Where a space's trials run, with everything compiled on this machine, and to be compiled on the others."""
    envs = [*(env for rung in space.model.rungs for env in rung.envs), *environments_of(space)]
    compiled(envs, space.agent, announce)
    return executor_config.make_executor(partial(warmup.begin_node, envs, space.agent), announce or _silent)


def compiled(envs: Sequence[EnvSpec], agent: Agent, announce: Announce | None) -> None:
    """Compile in this process what its workers would compile all at once."""
    warmup.prove(announce or _silent)
    if cold := warmup.missing(envs):
        (announce or _silent)("compiling numba kernels (once, about 30 s) ...")
        warmup.fill(cold, agent)


def _silent(_: object) -> None:
    """A watcher that looks away."""
