"""A trial: one loss trains one agent in one environment for one seed.

A pure function of its request, run in a worker process. Common random numbers: a trial's seed depends on the search's
seed, the phase, the environment's index and the seed's index, never on the candidate.
"""

import math
import time
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rlsearch.envs import EnvSpec, Task, make_task
from rlsearch.evaluation.recording import RecordedBatch, keep
from rlsearch.executor.protocol import TimedOut
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import derived
from rlsearch.train.recording import Record
from rlsearch.train.replay.agent import Agent
from rlsearch.train.trainer import trainer_of

BINS = 20
NO_RUNG = -1  # of trials outside the rungs


class Phase(StrEnum):
    """The purpose of a trial: a rung of the search, the confirmation at its end, a comparison of known losses, or twins."""

    RUNG = "rung"
    CONFIRM = "confirm"
    COMPARE = "compare"
    TWIN = "twin"


# What a phase gives to its trials' seeds; a rung gives its number, which is far below.
ENTROPY = {Phase.CONFIRM: 1000, Phase.COMPARE: 2000, Phase.TWIN: 3000}


class TrialRequest(NamedTuple):
    """A request for one training run; `rng_seed` is what all its random numbers come from, `record` changes none of them."""

    loss: str
    env: EnvSpec
    agent: Agent
    rng_seed: int
    steps: int
    record: Record | None = None


class TrialResult(NamedTuple):
    """The result of one training run.

    `curve` is the normalised return in each of BINS stretches of training; 0 = random policy, 1 = optimum. `culprit` names
    what first left the finite numbers where training diverged: an op, `derivative of` one, or `network`. `cut_after_s` is the
    time limit that a training met before its end; all of its curve is 0 then. It is the one thing here that a clock decides,
    so whoever trains again leaves such a trial out. `recordings` are batches, where some were asked for.
    """

    curve: tuple[float, ...]
    episodes: int
    mean_return: float  # undiscounted, raw rewards, mean over episodes that ended in the last fifth of training
    diverged_at: int
    seconds: float
    culprit: str = ""
    cut_after_s: float | None = None
    recordings: tuple[RecordedBatch, ...] = ()

    @property
    def area(self) -> float:
        """The mean of the curve."""
        return mean(self.curve)

    @property
    def final(self) -> float:
        """The mean of the curve's last fifth."""
        return mean(self.curve[-BINS // 5 :])


class TrialRow(NamedTuple):
    """A trial as it is kept: its phase, indices and result.

    Attributes:
        phase: what it was for.
        rung: from 0; NO_RUNG in the other phases.
        env_index: of the environment among those of its rung, or of its phase.
        env: the environment's name.
        seed_index: equal ones met equal draws under every loss.
        steps: environment steps.
        result: what it gave.
    """

    phase: Phase
    rung: int
    env_index: int
    env: str
    seed_index: int
    steps: int
    result: TrialResult


def trial_seed(search_seed: int, phase: Phase, env_index: int, seed_index: int, rung: int = NO_RUNG) -> int:
    """The seed of a training run and of its environment's draw."""
    entropy = [search_seed, rung if phase == Phase.RUNG else ENTROPY[phase], env_index, seed_index]
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])


@lru_cache(maxsize=512)
def _task(env: EnvSpec, seed: int) -> Task:
    return make_task(env, seed)


@derived
@lru_cache(maxsize=64)
def _graph(loss: str) -> Graph:
    return parse(loss)


def run_trial(request: TrialRequest) -> TrialResult:
    """Train a loss once, as requested."""
    started = time.perf_counter()
    task, loss = _task(request.env, request.rng_seed), _graph(request.loss)
    train = trainer_of(loss.regime.name).train
    history = train(loss, task, request.agent, seed=request.rng_seed, steps=request.steps, record=request.record)
    late = history.returns[history.ends > request.steps * 4 // 5]
    return TrialResult(
        curve=tuple(round(float(value), 6) for value in history.curve(task, BINS)),
        episodes=len(history.returns),
        mean_return=float(late.mean()) if late.size else float("nan"),
        diverged_at=int(history.diverged_at),
        seconds=time.perf_counter() - started,
        culprit=history.culprit,
        recordings=tuple(keep(recording, request.rng_seed) for recording in history.recordings),
    )


def result_of(value: TrialResult | TimedOut) -> TrialResult:
    """The result of a trial, from what an executor gives for it: one that was cut has nothing to show, like a divergence."""
    if isinstance(value, TimedOut):
        return TrialResult((0.0,) * BINS, 0, math.nan, -1, value.limit_s, cut_after_s=value.limit_s)
    return value


def prepare_trials(regime: str) -> None:
    """Load or compile everything that `run_trial` runs for losses of a regime, in this process; a worker's preparation."""
    trainer_of(regime).prepare()


def disagreement(loss: str) -> str:
    """The difference between a loss's TorchScript and its tape, in words; "" if there is none. Work for workers as well."""
    from rlsearch.train import crosscheck  # heavy (torch); see run_trial

    return crosscheck.disagreement(parse(loss))


def mean(values: Collection[float]) -> float:
    """The mean of numbers, summed exactly: the same on every machine, and of few numbers faster than an array's."""
    return math.fsum(values) / len(values)
