"""A trial: one loss trains one agent in one environment for one seed.

A pure function of its request, run in a worker process. Common random numbers: a trial's seed depends on the search's
seed, the phase, the environment's place and the seed's number, never on the candidate.
"""

import math
import time
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rlsearch.envs import EnvSpec, Task, make_task
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import derived
from rlsearch.space.model import Score
from rlsearch.train.replay.agent import Agent
from rlsearch.train.trainer import trainer_of

BINS = 20
CONFIRM = 1000  # phase of confirmation seeds; a rung's phase is its number
COMPARE = 2000


class TrialRequest(NamedTuple):
    """One training run."""

    loss: str
    env: EnvSpec
    agent: Agent
    seed: int
    steps: int


class TrialResult(NamedTuple):
    """What one training run gave.

    `curve` is the normalised return in each of BINS stretches of training; 0 = random policy, 1 = optimum. `culprit` names
    what first left the finite numbers where training diverged: an op, `derivative of` one, or `network`.
    """

    curve: tuple[float, ...]
    episodes: int
    mean_return: float  # undiscounted, raw rewards, mean over episodes that ended in the last fifth of training
    diverged_at: int
    seconds: float
    culprit: str = ""

    @property
    def area(self) -> float:
        """Mean of the curve."""
        return mean(self.curve)

    @property
    def final(self) -> float:
        """Mean of the curve's last fifth."""
        return mean(self.curve[-BINS // 5 :])


class TrialRow(NamedTuple):
    """A trial and its place: in which rung (or phase), on which environment, with which seed's number."""

    rung: int
    place: int
    env: str
    seed: int
    steps: int
    result: TrialResult


def trial_seed(search_seed: int, phase: int, place: int, seed: int) -> int:
    """The seed of a training run and of its environment's draw."""
    return int(np.random.SeedSequence([search_seed, phase, place, seed]).generate_state(1)[0])


@lru_cache(maxsize=512)
def _task(env: EnvSpec, seed: int) -> Task:
    return make_task(env, seed)


@derived
@lru_cache(maxsize=64)
def _graph(loss: str) -> Graph:
    return parse(loss)


def run_trial(request: TrialRequest) -> TrialResult:
    """Train once."""
    started = time.perf_counter()
    task, loss = _task(request.env, request.seed), _graph(request.loss)
    train = trainer_of(loss.regime.name).train
    history = train(loss, task, request.agent, seed=request.seed, steps=request.steps)
    late = history.returns[history.ends > request.steps * 4 // 5]
    return TrialResult(
        curve=tuple(round(float(value), 6) for value in history.curve(task, BINS)),
        episodes=len(history.returns),
        mean_return=float(late.mean()) if late.size else float("nan"),
        diverged_at=int(history.diverged_at),
        seconds=time.perf_counter() - started,
        culprit=history.culprit,
    )


def prepare_trials() -> None:
    """Load or compile everything that `run_trial` runs, in this process; what a worker does before its first work."""
    from rlsearch.train.replay import trainer  # heavy; see run_trial

    trainer.prepare()


def disagreement(loss: str) -> str:
    """What a loss's TorchScript and its tape compute differently, in words; "" for nothing. Work for workers as well."""
    from rlsearch.train import crosscheck  # heavy (torch); see run_trial

    return crosscheck.disagreement(parse(loss))


def measured(result: TrialResult, score: Score) -> float:
    """One run as a number: mean of the whole curve, or of its last fifth."""
    return result.area if score.measure == "area" else result.final


def joined(scores: Sequence[float], score: Score, clip: bool = True) -> float:
    """Scores of several environments as one: clipped to [0, 1] inside the search, never when reported."""
    values = [min(max(value, 0.0), 1.0) for value in scores] if clip else scores
    if score.aggregate == "mean":
        return mean(values)
    return math.exp(mean([math.log(max(value, score.floor)) for value in values]))


def mean(values: Collection[float]) -> float:
    """The mean, summed exactly: the same on every machine, and of few numbers faster than an array's."""
    return math.fsum(values) / len(values)


def seed_scores(rows: Sequence[TrialRow], score: Score, clip: bool = True) -> list[float]:
    """For each seed of some rows of one rung, its environments joined; in the order of the seeds."""
    by_seed: dict[int, list[float]] = {}
    for row in rows:
        by_seed.setdefault(row.seed, []).append(measured(row.result, score))
    return [joined(by_seed[seed], score, clip) for seed in sorted(by_seed)]


def climbed_scores(rows: Sequence[TrialRow], score: Score) -> list[dict[int, float]]:
    """Scores by seed, for each rung that the trials are of."""
    rungs: dict[int, list[TrialRow]] = {}
    for row in rows:
        rungs.setdefault(row.rung, []).append(row)
    return [dict(zip(sorted({row.seed for row in mine}), seed_scores(mine, score), strict=True)) for mine in rungs.values()]
