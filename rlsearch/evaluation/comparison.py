"""Comparison of losses side by side: every loss trains in every environment from the same seeds; differences are paired."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from rlsearch.envs import EnvSpec
from rlsearch.errors import LossError, RlsearchError, RunFailed, shown
from rlsearch.evaluation.comparison_table import SUMMARY, comparison_table, summary_records, title_of
from rlsearch.evaluation.frames import CURVE, TRIAL, curve_records, data_frame, trial_record
from rlsearch.evaluation.limits import measure_limits
from rlsearch.evaluation.statistics import Interval, stratified_bands
from rlsearch.evaluation.table import Table, Tabled
from rlsearch.evaluation.trial import (
    NO_RUNG,
    Phase,
    TrialRequest,
    TrialResult,
    TrialRow,
    disagreement,
    prepare_trials,
    result_of,
    run_trial,
    trial_seed,
)
from rlsearch.executor.config import ExecutorConfig
from rlsearch.executor.protocol import Executor, Work, run_all
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.train.replay.agent import Agent

if TYPE_CHECKING:
    import pandas

MEASURES = ("area", "final")
LEAST_STEPS = 100  # as in a rung
REMEDY = "type e.g. --trial-limit 600 (in Python trial_limit_s=600)"


@dataclass(frozen=True)
class Row:
    """One training run: the loss's name, and its trial."""

    loss: str
    trial: TrialRow

    def to_json(self) -> dict[str, Any]:
        """The row in text and finite numbers, with the curve's means; None for a mean return if no episode ended."""
        result = self.trial.result
        return {
            "loss": self.loss,
            "env": self.trial.env,
            "seed": self.trial.seed_index,
            "area": result.area,
            "final": result.final,
            "mean_return": None if math.isnan(result.mean_return) else result.mean_return,
            "episodes": result.episodes,
            "diverged_at": result.diverged_at,
            "culprit": result.culprit,
            "cut_after_s": result.cut_after_s,
            "curve": result.curve,
            "seconds": result.seconds,
        }


@dataclass(frozen=True)
class Summary:
    """One loss in one environment, or over all of them, by one measure.

    Attributes:
        loss: name.
        env: name; None for the mean over all environments.
        measure: `area` or `final`.
        score: mean over seeds.
        difference: mean over seeds of this loss minus the reference on the same seed; None for the reference.
    """

    loss: str
    env: str | None
    measure: str
    score: Interval
    difference: Interval | None


@dataclass(frozen=True, repr=False)
class Comparison(Tabled):
    """Losses, how they were compared, every run, and the summaries; notebooks and terminals show it as a table.

    Attributes:
        losses: text of each loss by name, in the order asked for.
        same_as: name of the earlier loss of equal canonical form, whose runs stand for this one's.
        reference: the first loss.
        envs: names of the environments.
        seeds, first_seed, search_seed: the seeds' numbers are first_seed .. first_seed + seeds - 1.
        steps: environment steps of each run.
        agent: what was trained.
        rows: every run, by loss, environment and seed.
        summaries: by measure and loss; every environment, then all of them.
    """

    losses: dict[str, str]
    same_as: dict[str, str]
    reference: str
    envs: tuple[str, ...]
    seeds: int
    first_seed: int
    search_seed: int
    steps: int
    agent: Agent
    rows: tuple[Row, ...]
    summaries: tuple[Summary, ...]

    def __repr__(self) -> str:
        """A line, without every run."""
        return f"<Comparison: {', '.join(self.losses)}; {title_of(self)}>"

    def table(self) -> Table:
        """Every loss in every environment, as a small table."""
        return comparison_table(self)

    def frame(self) -> "pandas.DataFrame":
        """Every run as a row of a data frame.

        Raises:
            RlsearchError: pandas is not installed, as of the two below.
        """
        return data_frame(({"loss": row.loss} | trial_record(row.trial) for row in self.rows), ("loss", *TRIAL))

    def curves(self) -> "pandas.DataFrame":
        """Every run's learning curve, a row of a data frame for each stretch of training."""
        records = ({"loss": row.loss} | point for row in self.rows for point in curve_records(row.trial))
        return data_frame(records, ("loss", *CURVE))

    def summary(self) -> "pandas.DataFrame":
        """The summaries, with their intervals, as rows of a data frame."""
        return data_frame(summary_records(self), SUMMARY)

    def to_json(self) -> dict[str, Any]:
        """The comparison in dictionaries, lists, text and finite numbers."""
        return asdict(replace(self, rows=())) | {"rows": [row.to_json() for row in self.rows]}


def compare(
    losses: Mapping[str, str],
    envs: Sequence[EnvSpec],
    *,
    seeds: int,
    steps: int,
    agent: Agent,
    workers: int,
    search_seed: int = 0,
    first_seed: int = 0,
    trial_limit_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Train every loss in every environment on common seeds; the result does not depend on the number of workers.

    Args:
        losses: text by name; the first is the reference of the differences.
        envs: each at most once.
        seeds: of each loss and environment.
        steps: environment steps of each run.
        agent: what is trained.
        workers: processes; 0 for none, the runs are made in this one.
        search_seed: all seeds derive from it.
        first_seed: number of the first seed; others than before make another comparison independent of an earlier one.
        trial_limit_s: seconds after which a run is cut and counts as 0; not given, they follow from what its steps take here.
        on_progress: called with (runs done, runs in all), first when none is.

    Raises:
        RlsearchError: a request that cannot be met; LossError where a text is not a loss; runs do not end in an environment.
        RunFailed: TorchScript and tape disagree about a loss, or a run killed its worker again and again.
    """
    check(losses, envs, seeds=seeds, steps=steps, trial_limit_s=trial_limit_s, workers=workers, first_seed=first_seed)
    prepare, same_as = partial(prepare_trials, common_regime(losses)), _duplicates(losses)
    trained = [name for name in losses if name not in same_as]
    seed_indices = range(first_seed, first_seed + seeds)
    keys = [(name, env, seed) for seed in seed_indices for env in range(len(envs)) for name in trained]
    results: dict[tuple[str, int, int], TrialResult] = {}
    if on_progress is not None:
        on_progress(0, len(keys))
    with ExecutorConfig(workers=min(workers, len(keys))).make_executor(prepare, lambda _: None) as pool:
        limits = measure_limits(envs, agent, common_regime(losses), pool, trial_limit_s, REMEDY)
        _check_agreement({name: losses[name] for name in trained}, pool)
        runs = [
            Work(
                (name, env, seed),
                run_trial,
                TrialRequest(losses[name], envs[env], agent, trial_seed(search_seed, Phase.COMPARE, env, seed), steps),
            )
            for name, env, seed in keys
        ]
        for done, (key, value) in enumerate(run_all(pool, map(limits.limited, runs)), 1):
            results[key] = result_of(value)  # type: ignore[index]
            if on_progress is not None:
                on_progress(done, len(keys))
    labels = tuple(env.label() for env in envs)
    rows = tuple(
        Row(name, TrialRow(Phase.COMPARE, NO_RUNG, env, label, seed, steps, results[same_as.get(name, name), env, seed]))
        for name in losses
        for env, label in enumerate(labels)
        for seed in seed_indices
    )
    return Comparison(
        losses=dict(losses),
        same_as=same_as,
        reference=next(iter(losses)),
        envs=labels,
        seeds=seeds,
        first_seed=first_seed,
        search_seed=search_seed,
        steps=steps,
        agent=agent,
        rows=rows,
        summaries=tuple(summary for measure in MEASURES for summary in _summaries(rows, list(losses), labels, measure)),
    )


def check(losses: Mapping[str, str], envs: Sequence[EnvSpec], trial_limit_s: float | None = None, **numbers: int) -> None:
    """Refuse what cannot be compared, before anything takes time.

    Raises:
        RlsearchError: nothing to compare, an environment twice, or a number (seeds, steps, ...) too small.
    """
    if trial_limit_s is not None and not (isinstance(trial_limit_s, int | float) and trial_limit_s > 0):
        raise RlsearchError(f"trial_limit_s is {shown(trial_limit_s)}, allowed is a number of seconds above 0")
    if not losses:
        raise RlsearchError("no loss to compare; name at least one, e.g. dqn")
    if not envs:
        raise RlsearchError("no environment to compare in; name at least one, e.g. CartPole-v1")
    labels = [env.label() for env in envs]
    if twice := [label for index, label in enumerate(labels) if label in labels[:index]]:
        raise RlsearchError(f"environment {twice[0]} stands twice; name each once")
    for name, least in (("seeds", 1), ("steps", LEAST_STEPS), ("workers", 0), ("first_seed", 0)):
        number = numbers.get(name, least)
        if not isinstance(number, Integral) or number < least:
            raise RlsearchError(f"{name} is {shown(number)}, allowed is a whole number from {least}")


def _check_agreement(losses: Mapping[str, str], pool: Executor) -> None:
    """Refuse a loss whose two implementations disagree. Workers check it, so that the driver loads no torch."""
    for name, difference in run_all(pool, [Work(name, disagreement, text) for name, text in losses.items()]):
        if difference:
            raise RunFailed(f"loss '{name}': TorchScript and tape disagree: {difference}; this is a bug of rlsearch")


def common_regime(losses: Mapping[str, str]) -> str:
    """The name of the regime that all of these losses are of: its trainer trains them.

    Raises:
        LossError: a text is not a loss, or there are losses of two regimes.
    """
    found = {name: graph.regime.name for name, graph in _graphs(losses).items()}
    (first, regime), *others = found.items()
    for name, other in others:
        if other != regime:
            raise LossError(f"loss '{first}' is of the regime '{regime}', loss '{name}' of '{other}'; compare them apart")
    return regime


def _graphs(losses: Mapping[str, str]) -> dict[str, Graph]:
    """The losses, parsed."""
    found: dict[str, Graph] = {}
    for name, text in losses.items():
        try:
            found[name] = parse(text)
        except LossError as error:
            raise LossError(f"loss '{name}': {error}") from None
    return found


def _duplicates(losses: Mapping[str, str]) -> dict[str, str]:
    """For each loss that has the canonical form of an earlier one, the name of that one."""
    first: dict[str, str] = {}
    same_as: dict[str, str] = {}
    for name, graph in _graphs(losses).items():
        earlier = first.setdefault(structural_key(canonical(graph)), name)
        if earlier != name:
            same_as[name] = earlier
    return same_as


def _summaries(rows: Sequence[Row], losses: Sequence[str], envs: Sequence[str], measure: str) -> list[Summary]:
    """The summaries of every loss in every environment, and over all; differences are taken seed by seed, then averaged."""
    values = np.array([getattr(row.trial.result, measure) for row in rows]).reshape(len(losses), len(envs), -1)
    scores, together = stratified_bands(values[:, :, None]), stratified_bands(values)
    apart, in_all = (stratified_bands(each) for each in ((values - values[0])[:, :, None], values - values[0]))
    out = list[Summary]()
    for index, loss in enumerate(losses):
        for place, env in enumerate(envs):
            difference = apart.interval(index, place) if index > 0 else None
            out.append(Summary(loss, env, measure, scores.interval(index, place), difference))
        out.append(Summary(loss, None, measure, together.interval(index), in_all.interval(index) if index > 0 else None))
    return out
