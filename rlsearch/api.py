"""The verbs of the command line in Python: `rlsearch.search(...)`, `rlsearch.compare(...)`, and the run that comes of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import NamedTuple

from rlsearch import kernel_cache
from rlsearch.budget import MINUTES, Budget, Stop
from rlsearch.compare import Comparison, check
from rlsearch.compare import compare as rooms_compare
from rlsearch.confirm import environments_of
from rlsearch.envs import EnvSpec
from rlsearch.errors import LossError, RunError
from rlsearch.estimate import Estimate, Size, estimate, expected, in_words, size
from rlsearch.executor.place import Place, cores
from rlsearch.executor.protocol import Executor
from rlsearch.loss import Loss, run_folder
from rlsearch.progress import Watcher
from rlsearch.ranking import ClassResult, Ranking, ranking
from rlsearch.registry import use_primitives
from rlsearch.run import Options, create_run, evolution_of, new_folder, read_run
from rlsearch.search import run_search
from rlsearch.space.load import Space, load_space, resolve_agent
from rlsearch.store.journal import Journal
from rlsearch.store.stamp import differences, stamp
from rlsearch.train.agent import Agent
from rlsearch.unchanged import refuse_changes

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


class Run:
    """A search's folder: what was found, and going on."""

    def __init__(self, folder: str | Path) -> None:
        """Name a run by its path, or by its name under results/runs.

        Raises:
            RunError: there is none.
        """
        self.folder = run_folder(str(folder))

    def ranking(self, limit: int = 10) -> Ranking:
        """Classes from best to worst, with the baselines."""
        with opened(self.folder) as (journal, space, _):
            return ranking(journal, space, limit)

    def top(self, n: int = 10) -> tuple[ClassResult, ...]:
        """The best classes, confirmed ones first."""
        return self.ranking(n).top[:n]

    @property
    def best(self) -> Loss:
        """The run's answer."""
        return Loss(f"{self.folder}@best")

    def resume(
        self,
        *,
        minutes: float | None = None,
        proposals: int | None = None,
        workers: int | None = None,
        executor: str = "local",
        address: str | None = None,
        mixed_cpus: bool = False,
    ) -> "Run":
        """Go on until a total of so many minutes or proposals; without either, to the budget that the run had before.

        The rest is as in `search`; another place gives the same rows.
        """
        session(self.folder, _given(minutes, proposals), Place(executor, workers, address, mixed_cpus))
        return self

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"


def search(
    space: str,
    *,
    minutes: float | None = None,
    proposals: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    executor: str = "local",
    address: str | None = None,
    mixed_cpus: bool = False,
    strategy: str = "evolution",
    start: Sequence[str | Loss] = (),
    out: str | Path | None = None,
    primitives: Sequence[str | Path] = (),
    watch: Watcher | None = None,
) -> Run:
    """Search a space for losses; in a script, under `if __name__ == "__main__":`, as it starts processes.

    Args:
        space: a shipped name (`quickstart`) or the path of a YAML file.
        minutes, proposals: the budget, one of the two; 10 minutes if neither is given.
        seed: the same space, seed and proposals give the same rows.
        workers: processes; all cores if not given.
        executor: `local`, or `ray` for the machines of a Ray cluster.
        address: HOST:PORT of its head, or `auto` for the one that this machine is part of; one is started here if not given.
        mixed_cpus: its machines may have different CPU models, whose results may differ in the last bits.
        strategy: `evolution`, `random` or `enumerate`.
        start: losses to begin with.
        out: the run's folder; a new one under results/runs if not given.
        primitives: files with ops of your own; see `use_primitives`.
        watch: told of progress.
    """
    if parent_process() is not None:
        raise RunError("a search was begun in a worker of another one; call it under `if __name__ == '__main__':`")
    budget, place = _given(minutes, proposals) or Budget(minutes=MINUTES), Place(executor, workers, address, mixed_cpus)
    use_primitives(*primitives)
    folder = create(space, Options(seed, strategy, texts(start)), out)
    session(folder, budget, place, watch)
    return Run(folder)


def compare(
    losses: Sequence[str | Loss],
    envs: Sequence[str | EnvSpec],
    *,
    seeds: int = 10,
    steps: int = 10_000,
    preset: str = "fast",
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    announce: Announce | None = None,
) -> Comparison:
    """Train losses side by side on common seeds.

    Args:
        losses: anything that `Loss` accepts; the first is the reference of the differences.
        envs: names, or entries as in a search space.
        seeds: of each loss and environment.
        steps: environment steps of each training.
        preset: the agent.
        workers: processes; all cores if not given.
        on_progress: called with (trainings done, trainings in all), first when none is.
        announce: told what takes a while before that.
    """
    texts = {name: loss.text for name, loss in named(losses).items()}
    specs, agent = [EnvSpec.parse(env) for env in envs], resolve_agent(preset)
    check(texts, specs, seeds=seeds, steps=steps)
    _compile(specs, agent, announce)
    return rooms_compare(
        texts,
        specs,
        seeds=seeds,
        steps=steps,
        agent=agent,
        workers=cores() if workers is None else workers,
        on_progress=on_progress,
    )


def named(losses: Sequence[str | Loss]) -> dict[str, Loss]:
    """Losses by their names; one that has none, or has another's, is called `loss 2` by its place.

    Raises:
        LossError: one line for each that is no loss.
    """
    found, wrong = dict[str, Loss](), list[str]()
    for place, given in enumerate(losses, 1):
        try:
            loss = given if isinstance(given, Loss) else Loss(given)
            found[f"loss {place}" if loss.name in ("loss", *found) else loss.name] = loss
        except LossError as error:
            wrong.append(str(error))
    if wrong:
        raise LossError("\n".join(wrong))
    return found


def texts(losses: Sequence[str | Loss]) -> tuple[str, ...]:
    """Texts of losses given by anything that `Loss` accepts."""
    return tuple((loss if isinstance(loss, Loss) else Loss(loss)).text for loss in losses)


def create(space: str, options: Options, out: str | Path | None, announce: Announce | None = None) -> Path:
    """Check everything that was asked of a search and write its folder."""
    loaded = load_space(space)
    evolution_of(loaded, options)
    kernel_cache.prove(announce or _silent)
    folder = new_folder(loaded, options.seed) if out is None else Path(out)
    create_run(loaded, options, folder)
    return folder


def session(
    folder: Path,
    budget: Budget | None,
    place: Place,
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
        here = stamp()
        if other := differences(facts["stamp"], here):
            (announce or _silent)(
                f"note: this run was begun elsewhere, and its numbers may differ in the last digits: {'; '.join(other)}"
            )
    with _started(place, run.space, announce) as executor:
        executor.warm()
        begun = {"proposals": held, "stamp": here, "workers": executor.slots}
        with Journal(folder, write=True) as journal:
            journal.note(
                workers=executor.slots,
                budget={"minutes": budget.minutes, "proposals": budget.proposals},
                sessions=[*facts.get("sessions", ()), begun],
            )
        if held == 0:
            found = expected(estimate(run.space, run.options.seed, executor), budget, run.space.model.confirm.share)
            (announce or _silent)(in_words(found))
            with Journal(folder, write=True) as journal:
                journal.note(estimate=found)
        return run_search(folder, budget, executor, watch or _silent, stop)


class Plan(NamedTuple):
    """What a search would do: its space, how large it is, and what it would cost."""

    space: Space
    size: Size
    estimate: Estimate


def plan(space: str, options: Options, place: Place, announce: Announce | None = None) -> Plan:
    """Check everything that is asked of a search, and time three losses of the space; nothing is written.

    Raises:
        RlsearchError: the search could not begin.
    """
    loaded = load_space(space)
    evolution_of(loaded, options)
    with _started(place, loaded, announce) as executor:
        executor.warm()
        return Plan(loaded, size(loaded, options), estimate(loaded, options.seed, executor))


def _started(place: Place, space: Space, announce: Announce | None) -> Executor:
    """Where a space's trials run, with everything compiled on this machine, and to be compiled on the others."""
    envs = [*(env for rung in space.model.rungs for env in rung.envs), *environments_of(space)]
    _compile(envs, space.agent, announce)
    return place.executor_for(partial(kernel_cache.begin_node, envs=envs, agent=space.agent), announce or _silent)


def _compile(envs: Sequence[EnvSpec], agent: Agent, announce: Announce | None) -> None:
    """Compile in this process what the workers would compile all at once."""
    kernel_cache.prove(announce or _silent)
    if cold := kernel_cache.missing(envs):
        (announce or _silent)("compiling numba kernels (once, about 30 s) ...")
        kernel_cache.fill(cold, agent)


def _given(minutes: float | None, proposals: int | None) -> Budget | None:
    return None if minutes is None and proposals is None else Budget(minutes, proposals)


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
                f"the run in '{folder}' has searched for {searched:.1f} minutes and --minutes is a total, of "
                f"{budget.minutes:g}, confirmation included; type e.g. `rlsearch resume {folder} --minutes "
                f"{max(1, round(2 * searched / share))}`"
            )
    return budget


def _silent(_: object) -> None:
    """A watcher that looks away."""
