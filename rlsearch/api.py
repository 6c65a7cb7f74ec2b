"""The Python API, the same verbs as the command line: `rlsearch.search(...)`, `rlsearch.compare(...)`, and a run's results."""

from collections.abc import Callable, Sequence
from multiprocessing import parent_process
from pathlib import Path

from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.result import ClassResult, Ranking
from rlsearch.envs import EnvSpec
from rlsearch.errors import LossError, RunError
from rlsearch.evaluation.comparison import Comparison, check, common_regime
from rlsearch.evaluation.comparison import compare as side_by_side
from rlsearch.executor.config import ExecutorConfig, processes
from rlsearch.loss import Loss
from rlsearch.registry import use_primitives
from rlsearch.runs.budget import MINUTES, Budget
from rlsearch.runs.folders import run_folder
from rlsearch.runs.progress import OnMessage, OnProgress
from rlsearch.runs.run import Options, discarded_if_unbegun, open_run
from rlsearch.runs.session import create, ensure_compiled, resolve_budget, run_session
from rlsearch.space.presets import resolve_agent


class Run:
    """A search's folder: its results so far, and the way to resume it."""

    def __init__(self, folder: str | Path) -> None:
        """Name a run by its path, or by its name under results/runs.

        Raises:
            RunError: there is none.
        """
        self.folder = run_folder(str(folder))

    def ranking(self, limit: int = 10) -> Ranking:
        """Classes from best to worst, with the baselines."""
        with open_run(self.folder) as (journal, space, _):
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

        The rest is as in `search`; another executor gives the same rows.
        """
        budget, executor_config = _given(minutes, proposals), ExecutorConfig(executor, workers, address, mixed_cpus)
        with open_run(self.folder, write=True) as run:
            run_session(run, resolve_budget(run, budget), executor_config)
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
    watch: OnProgress | None = None,
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
    budget = _given(minutes, proposals) or Budget(minutes=MINUTES)
    executor_config = ExecutorConfig(executor, workers, address, mixed_cpus)
    use_primitives(*primitives)
    folder = create(space, Options(seed, strategy, texts(start)), out)
    with discarded_if_unbegun(folder), open_run(folder, write=True) as run:
        run_session(run, resolve_budget(run, budget), executor_config, watch)
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
    on_message: OnMessage | None = None,
    announce: OnMessage | None = None,
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
        on_message: told what takes a while before that.
        announce: the same, by its earlier name.
    """
    texts = {name: loss.text for name, loss in named(losses).items()}
    specs, agent = [EnvSpec.parse(env) for env in envs], resolve_agent(preset)
    check(texts, specs, seeds=seeds, steps=steps)
    ensure_compiled(specs, agent, common_regime(texts), on_message or announce)
    return side_by_side(
        texts,
        specs,
        seeds=seeds,
        steps=steps,
        agent=agent,
        workers=processes(workers),
        on_progress=on_progress,
    )


def named(losses: Sequence[str | Loss]) -> dict[str, Loss]:
    """Losses by their names; one without a name is called by its hash, one whose name is taken `dqn (2)`, by its index.

    Raises:
        LossError: one line for each that is no loss.
    """
    found, wrong = dict[str, Loss](), list[str]()
    for number, given in enumerate(losses, 1):
        try:
            loss = given if isinstance(given, Loss) else Loss(given)
            name = loss.key[:8] if loss.name == "loss" else loss.name
            found[f"{name} ({number})" if name in found else name] = loss
        except LossError as error:
            wrong.append(str(error))
    if wrong:
        raise LossError("\n".join(wrong))
    return found


def texts(losses: Sequence[str | Loss]) -> tuple[str, ...]:
    """The texts of losses given by anything that `Loss` accepts."""
    return tuple((loss if isinstance(loss, Loss) else Loss(loss)).text for loss in losses)


def _given(minutes: float | None, proposals: int | None) -> Budget | None:
    return None if minutes is None and proposals is None else Budget(minutes, proposals)
