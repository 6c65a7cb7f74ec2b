"""The Python API, the same verbs as the command line: `rlsearch.search(...)`, `rlsearch.compare(...)`, and a run's results."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlsearch.analysis.frames import CURVES, TRIALS, owned_trials
from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.result import ClassResult, Ranking
from rlsearch.analysis.run_result import run_result
from rlsearch.analysis.summary import summary
from rlsearch.envs import EnvSpec
from rlsearch.errors import LossError, RlsearchError, shown
from rlsearch.evaluation.comparison import Comparison, check, common_regime
from rlsearch.evaluation.comparison import compare as side_by_side
from rlsearch.evaluation.frames import curve_records, data_frame, trial_record
from rlsearch.evaluation.table import Table, Tabled
from rlsearch.executor.config import ExecutorConfig, processes
from rlsearch.graph.graph import Graph
from rlsearch.loss import Loss
from rlsearch.registry import use_primitives
from rlsearch.run_front import starts
from rlsearch.runs.budget import MINUTES, Budget
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.runs.folders import run_folder
from rlsearch.runs.progress import OnMessage
from rlsearch.runs.run import Options, discarded_if_unbegun, open_run
from rlsearch.runs.session import create, ensure_compiled, resolve_budget, run_session
from rlsearch.runs.watching import Watch, WatchTrainings, trainings_of, view_of
from rlsearch.space.presets import resolve_agent

if TYPE_CHECKING:
    import pandas

LOSS = (str, Path, Loss, Graph)  # types of a single loss
EXAMPLES = {
    "losses": '["dqn", "double_dqn"]',
    "envs": '["Catch", "CartPole-v1"]',
    "start": '["dqn"]',
    "primitives": '["my_ops.py"]',
}


class Run(Tabled):
    """A search's folder: its results so far, and the way to resume it; notebooks and terminals show it as a table."""

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

    def table(self) -> Table:
        """The run in a few lines: the best classes, the known losses, the warnings."""
        with open_run(self.folder) as (journal, space, _):
            return summary(run_result(journal, space))

    def trials(self) -> "pandas.DataFrame":
        """Every training as a row of a data frame: of proposals, of known losses, of the confirmation.

        `loss` is a known loss's name, or the hash of a class's first proposal; `rung` counts from 1, and 0 is the confirmation.

        Raises:
            RlsearchError: pandas is not installed.
        """
        with open_run(self.folder) as (journal, _, _):
            return data_frame((whose | trial_record(trial) for whose, trial in owned_trials(journal)), TRIALS)

    def curves(self) -> "pandas.DataFrame":
        """Every training's learning curve, a row of a data frame for each stretch of training; see `trials`."""
        with open_run(self.folder) as (journal, _, _):
            found = owned_trials(journal)
            return data_frame((whose | point for whose, trial in found for point in curve_records(trial)), CURVES)

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
        confirm: bool | None = None,
        confirm_seeds: int | None = None,
        watch: Watch = None,
    ) -> "Run":
        """Go on until a total of so many minutes or proposals; without either, to the budget that the run had before.

        The rest is as in `search`; another executor gives the same rows, and the confirmation is as before if not given.
        """
        budget, executor_config = _given(minutes, proposals), ExecutorConfig(executor, workers, address, mixed_cpus)
        request = ConfirmRequest(confirm, confirm_seeds)
        with view_of(watch) as view, open_run(self.folder, write=True) as opened:
            run = opened.confirming(request)
            run_session(run, resolve_budget(run, budget), executor_config, view.progress, view.message)
        return self

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"


def search(
    space: str | Path | Mapping[str, Any],
    *,
    minutes: float | None = None,
    proposals: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    executor: str = "local",
    address: str | None = None,
    mixed_cpus: bool = False,
    strategy: str = "evolution",
    start: str | Path | Loss | Run | Sequence[str | Path | Loss | Run] = (),
    out: str | Path | None = None,
    primitives: str | Path | Sequence[str | Path] = (),
    watch: Watch = None,
    confirm: bool = True,
    confirm_seeds: int | None = None,
) -> Run:
    """Search a space for losses: in a script, a notebook, Python on standard input, or a child process of yours.

    Args:
        space: a shipped name (`quickstart`), the path of a YAML file, or a mapping of the keys that such a file has.
        minutes, proposals: the budget, one of the two; 10 minutes if neither is given.
        seed: the same space, seed and proposals give the same rows, but for trials that their time limit cut.
        workers: processes; all cores if not given. With 0 trials run in this process, one after another: for debuggers, and
            for workers of multiprocessing.Pool, which may start no processes (there it is the default). A trial that hangs
            cannot be ended then.
        executor: `local`, or `ray` for the machines of a Ray cluster.
        address: HOST:PORT of its head, or `auto` for the one that this machine is part of; one is started here if not given.
        mixed_cpus: its machines may have different CPU models, whose results may differ in the last bits.
        strategy: `evolution`, `random` or `enumerate`.
        start: losses to begin with, or one, in place of those of the space's `start`; a run, or its path or name, stands for
            its pick and its front.
        out: the run's folder; a new one under results/runs if not given.
        primitives: files with ops of your own, or one; see `use_primitives`.
        watch: a function that is told of progress, proposal by proposal; False for silence. If not given, a bar is shown on a
            terminal or in a notebook.
        confirm: whether the best classes are trained on fresh seeds at the end; without, the pick has a selected score alone.
        confirm_seeds: how many fresh seeds; the space's if not given.
    """
    budget = _given(minutes, proposals) or Budget(minutes=MINUTES)
    executor_config = ExecutorConfig(executor, workers, address, mixed_cpus)
    seeds = ConfirmRequest(confirm, confirm_seeds).seeds()
    with view_of(watch) as view:
        use_primitives(*listed(primitives, "primitives", (str, Path)))
        begin = starts(one.folder if isinstance(one, Run) else one for one in listed(start, "start", (*LOSS, Run)))
        folder = create(space, Options(seed, strategy, *begin, seeds), out, view.message)
        with discarded_if_unbegun(folder), open_run(folder, write=True) as run:
            run_session(run, resolve_budget(run, budget), executor_config, view.progress, view.message)
    return Run(folder)


def compare(
    losses: str | Path | Loss | Sequence[str | Path | Loss] | Mapping[str, str | Path | Loss],
    envs: str | EnvSpec | Mapping[str, Any] | Sequence[str | EnvSpec | Mapping[str, Any]],
    *,
    seeds: int = 10,
    steps: int = 10_000,
    preset: str = "fast",
    workers: int | None = None,
    trial_limit_s: float | None = None,
    on_progress: WatchTrainings = None,
    on_message: OnMessage | None = None,
    announce: OnMessage | None = None,
) -> Comparison:
    """Train losses side by side on common seeds.

    Args:
        losses: one or several of anything that `Loss` accepts, or a mapping of names of your own to such; the first is the
            reference of the differences.
        envs: one or several names, or entries as in a search space.
        seeds: of each loss and environment.
        steps: environment steps of each training.
        preset: the agent.
        workers: processes, as in `search`.
        trial_limit_s: seconds after which a training is cut and counts as 0; not given, 60 and ten times what its steps take.
        on_progress: called with (trainings done, trainings in all), first when none is; False for silence. If not given, a
            bar is shown on a terminal or in a notebook.
        on_message: told what takes a while before that.
        announce: the same, by its earlier name.
    """
    texts = {name: loss.text for name, loss in named(losses).items()}
    specs = [EnvSpec.parse(env) for env in listed(envs, "envs", (str, EnvSpec, Mapping))]
    agent = resolve_agent(preset)
    check(texts, specs, seeds=seeds, steps=steps, trial_limit_s=trial_limit_s)
    count = processes(workers)
    with trainings_of(on_progress) as (tell, say):
        ensure_compiled(specs, agent, common_regime(texts), on_message or announce or say, count)
        return side_by_side(
            texts,
            specs,
            seeds=int(seeds),
            steps=int(steps),
            agent=agent,
            workers=count,
            trial_limit_s=trial_limit_s,
            on_progress=tell,
        )


def named(losses: str | Path | Loss | Sequence[str | Path | Loss] | Mapping[str, str | Path | Loss]) -> dict[str, Loss]:
    """Losses by their names, given in a mapping or their own; one without is called by its hash, one whose name is taken
    `dqn (2)`, by its index.

    Raises:
        LossError: one line for each that is no loss.
    """
    found, wrong = dict[str, Loss](), list[str]()
    pairs = losses.items() if isinstance(losses, Mapping) else [("", one) for one in listed(losses, "losses", LOSS)]
    for number, (own, given) in enumerate(pairs, 1):
        try:
            loss = given if isinstance(given, Loss) else Loss(given)
            name = str(own) or (loss.key[:8] if loss.name == "loss" else loss.name)
            found[f"{name} ({number})" if name in found else name] = loss
        except LossError as error:
            wrong.append(str(error))
    if wrong:
        raise LossError("\n".join(wrong))
    return found


def listed(given: Any, name: str, single: tuple[type, ...]) -> list[Any]:
    """What is given as a list: a single one of these types as a list of one.

    Raises:
        RlsearchError: it is neither one nor several.
    """
    if isinstance(given, single):
        return [given]
    if not isinstance(given, Iterable):
        raise RlsearchError(f"{name} is {shown(given)}; allowed: one or a list of them, such as {EXAMPLES[name]}")
    return list(given)


def _given(minutes: float | None, proposals: int | None) -> Budget | None:
    return None if minutes is None and proposals is None else Budget(minutes, proposals)
