"""The rungs of a candidate: the trials that it needs next, and the results of those that are done.

Each trial is a piece of work of its own, wherever it runs; whether a candidate climbs on is decided here, in the driver, by
bars that were fixed when the candidate was proposed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.recording import KNOWN, due, share_of, wish
from rlsearch.evaluation.scores import seed_scores
from rlsearch.evaluation.trial import (
    Phase,
    TrialRequest,
    TrialResult,
    TrialRow,
    disagreement,
    mean,
    result_of,
    run_trial,
    trial_seed,
)
from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.proposal import Proposal
from rlsearch.executor.protocol import Work
from rlsearch.space.load import Space
from rlsearch.train.recording import Record


class ScheduledRung(NamedTuple):
    """A rung as one candidate meets it: indices of its seeds, the mean score that it must reach, the share that records."""

    number: int
    envs: tuple[EnvSpec, ...]
    seeds: tuple[int, ...]
    steps: int
    bar: float
    share: float = 0.0


def all_rungs(space: Space, standings: ClassScores | None = None) -> tuple[ScheduledRung, ...]:
    """The rungs of a space, with the bars that hold as classes stand now; for known losses, without standings, free of bars."""
    rungs = []
    for number, rung in enumerate(space.rungs):
        bar = -math.inf
        if standings is not None and rung.passes is not None:
            bar = rung.passes
        elif standings is not None and rung.keep_top is not None:
            bar = standings.bar(number, rung.keep_top)
        trials = rung.seeds * len(rung.envs)
        share = KNOWN / (trials * max(1, len(space.baselines)))
        if standings is not None:
            share = share_of(trials * standings.reached(number))
        rungs.append(ScheduledRung(number, rung.envs, tuple(range(rung.seeds)), rung.steps, bar, share))
    return tuple(rungs)


def rungs_for(space: Space, standings: ClassScores, proposal: Proposal) -> tuple[ScheduledRung, ...]:
    """The rungs that a proposal is trained on: all for a new class, maybe one more seed for one found again, or none."""
    if proposal.status == "trained":
        return all_rungs(space, standings)
    if proposal.extra_seed >= 0:
        return (all_rungs(space, standings)[-1]._replace(seeds=(proposal.extra_seed,), bar=-math.inf),)
    return ()


class TrialKey(NamedTuple):
    """The key of a piece of work: candidate, rung, seed, environment; seed and environment are -1 for the check of the loss."""

    candidate: int | str
    rung: int
    seed_index: int
    env_index: int


@dataclass
class RungSchedule:
    """One candidate's way up the rungs.

    Attributes:
        candidate: its proposal's index, or a known loss's name.
        loss: text form.
        rungs: what is left to climb; the first one is under way.
        rows: trials of the rungs that are complete, in order of rung, seed and environment.
        disagreement: between the loss's two implementations.
    """

    candidate: int | str
    loss: str
    rungs: tuple[ScheduledRung, ...]
    space: Space
    search_seed: int
    rows: list[TrialRow] = field(default_factory=list)
    disagreement: str = ""
    _finished: dict[TrialKey, TrialRow] = field(default_factory=dict)
    _missing: set[TrialKey] = field(default_factory=set)

    @property
    def done(self) -> bool:
        """True if there is nothing left to be trained."""
        return not self._missing

    def start(self, checked: bool) -> list[Work]:
        """Begin; returns the first trials, and with them the check of a loss that is not checked yet."""
        check = TrialKey(self.candidate, self.rungs[0].number, -1, -1)
        return [*([] if checked else [self._work(check, disagreement, self.loss)]), *self._trials()]

    def on_result(self, key: TrialKey, value: Any) -> list[Work]:
        """Take a value in; returns the next rung's trials, once a rung is complete, reached its bar and had none cut."""
        self._missing.remove(key)
        rung = self.rungs[0]
        if key.seed_index < 0:
            self.disagreement = value
        else:
            env = rung.envs[key.env_index].label()
            result = result_of(value)
            self._finished[key] = TrialRow(Phase.RUNG, rung.number, key.env_index, env, key.seed_index, rung.steps, result)
        if self._missing:
            return []
        mine = [self._finished[key] for key in sorted(self._finished)]
        self.rows += mine
        self._finished.clear()
        # Further rungs are longer: what was cut here would be cut there, after so long again.
        passed = mean_score(mine, self.space) >= rung.bar and all(row.result.cut_after_s is None for row in mine)
        self.rungs = self.rungs[1:] if passed and not self.disagreement else ()
        return self._trials() if self.rungs else []

    def matches(self, rows: Sequence[TrialRow]) -> bool:
        """True if these are exactly the trials of this schedule, given their results."""
        self.start(checked=True)
        for row in rows:
            key = TrialKey(self.candidate, row.rung, row.seed_index, row.env_index)
            if key not in self._missing or not self._recorded_what_was_due(key, row.result):
                return False
            self.on_result(key, row.result)
        return self.done and repr(self.rows) == repr(list(rows))  # by text: a mean return may be NaN

    def _recorded_what_was_due(self, key: TrialKey, result: TrialResult) -> bool:
        wished = None if result.cut_after_s is not None else self._record(key)
        return tuple(batch.step for batch in result.recordings) == due(wished, result.diverged_at)

    def _record(self, key: TrialKey) -> Record | None:
        rung = self.rungs[0]
        return wish(self.search_seed, key, rung.share, self.space.agent.learning_starts, rung.steps)

    def _trials(self) -> list[Work]:
        rung = self.rungs[0]
        return [
            self._work(
                key := TrialKey(self.candidate, rung.number, seed_index, env_index),
                run_trial,
                TrialRequest(
                    self.loss,
                    env,
                    self.space.agent,
                    trial_seed(self.search_seed, Phase.RUNG, env_index, seed_index, rung.number),
                    rung.steps,
                    self._record(key),
                ),
            )
            for seed_index in rung.seeds
            for env_index, env in enumerate(rung.envs)
        ]

    def _work(self, key: TrialKey, function: Callable[[Any], Any], request: Any) -> Work:
        self._missing.add(key)
        return Work(key, function, request, priority=self.candidate if isinstance(self.candidate, int) else -1)


def mean_score(rows: Sequence[TrialRow], space: Space) -> float:
    """The mean over seeds of one rung's trials, environments as one."""
    return mean(seed_scores(rows, space.score))
