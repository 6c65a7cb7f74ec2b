"""A candidate on its way up the rungs: which trials it needs next, and what came of those that are done.

Each trial is a piece of work of its own, wherever it runs; whether a candidate climbs on is decided here, in the driver, by
bars that were fixed when the candidate was proposed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.trial import TrialRequest, TrialRow, disagreement, mean, run_trial, seed_scores, trial_seed
from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.evolution import Proposal
from rlsearch.executor.protocol import Work
from rlsearch.space.load import Space


class Rung(NamedTuple):
    """A rung as a candidate meets it: seeds' numbers, and the mean score from which it climbs on."""

    number: int
    envs: tuple[EnvSpec, ...]
    seeds: tuple[int, ...]
    steps: int
    bar: float


def ladder(space: Space, standings: ClassScores | None = None) -> tuple[Rung, ...]:
    """The rungs of a space, with the bars that hold as classes stand now, or free of bars."""
    rungs = []
    for number, rung in enumerate(space.model.rungs):
        bar = -math.inf
        if standings is not None and rung.passes is not None:
            bar = rung.passes
        elif standings is not None and rung.keep_top is not None:
            bar = standings.bar(number, rung.keep_top)
        rungs.append(Rung(number, rung.envs, tuple(range(rung.seeds)), rung.steps, bar))
    return tuple(rungs)


def due(space: Space, standings: ClassScores, proposal: Proposal) -> tuple[Rung, ...]:
    """What a proposal is trained on: a new class climbs, a class found again may earn one more seed, others nothing."""
    if proposal.fate == "trained":
        return ladder(space, standings)
    if proposal.extra_seed >= 0:
        return (ladder(space)[-1]._replace(seeds=(proposal.extra_seed,)),)
    return ()


class Ticket(NamedTuple):
    """Which piece of whose climb; seed and place are -1 for the check of the loss."""

    of: int | str
    rung: int
    seed: int
    place: int


@dataclass
class Climb:
    """One candidate's climb.

    Attributes:
        of: its proposal's index, or a known loss's name.
        loss: text form.
        rungs: what is left to climb; the first one is under way.
        rows: trials of the rungs that are complete, in order of rung, seed and place.
        disagreement: between the loss's two implementations.
    """

    of: int | str
    loss: str
    rungs: tuple[Rung, ...]
    space: Space
    search_seed: int
    rows: list[TrialRow] = field(default_factory=list)
    disagreement: str = ""
    _met: dict[Ticket, TrialRow] = field(default_factory=dict)
    _missing: set[Ticket] = field(default_factory=set)

    @property
    def done(self) -> bool:
        """Whether there is nothing left to be trained."""
        return not self._missing

    def begin(self, checked: bool) -> list[Work]:
        """The first trials; with them the check of a loss that is not checked yet."""
        checks = [] if checked else [self._work(Ticket(self.of, self.rungs[0].number, -1, -1), disagreement, self.loss)]
        return checks + self._trials()

    def take(self, ticket: Ticket, value: Any) -> list[Work]:
        """Take a value in; the next rung's trials, once a rung is complete and reached its bar."""
        self._missing.remove(ticket)
        rung = self.rungs[0]
        if ticket.seed < 0:
            self.disagreement = value
        else:
            env = rung.envs[ticket.place].label()
            self._met[ticket] = TrialRow(rung.number, ticket.place, env, ticket.seed, rung.steps, value)
        if self._missing:
            return []
        mine = [self._met[ticket] for ticket in sorted(self._met)]
        self.rows += mine
        self._met.clear()
        passed = mean_score(mine, self.space) >= rung.bar
        self.rungs = self.rungs[1:] if passed and not self.disagreement else ()
        return self._trials() if self.rungs else []

    def consists_of(self, rows: Sequence[TrialRow]) -> bool:
        """Whether these are the trials of this climb, all of them and no others, if each gave what it says."""
        self.begin(checked=True)
        for row in rows:
            ticket = Ticket(self.of, row.rung, row.seed, row.place)
            if ticket not in self._missing:
                return False
            self.take(ticket, row.result)
        return self.done and repr(self.rows) == repr(list(rows))  # by text: a mean return may be NaN

    def _trials(self) -> list[Work]:
        rung = self.rungs[0]
        return [
            self._work(
                Ticket(self.of, rung.number, seed, place),
                run_trial,
                TrialRequest(
                    self.loss,
                    env,
                    self.space.agent,
                    trial_seed(self.search_seed, rung.number, place, seed),
                    rung.steps,
                ),
            )
            for seed in rung.seeds
            for place, env in enumerate(rung.envs)
        ]

    def _work(self, ticket: Ticket, function: Callable[[Any], Any], request: Any) -> Work:
        self._missing.add(ticket)
        return Work(ticket, function, request, priority=self.of if isinstance(self.of, int) else -1)


def mean_score(rows: Sequence[TrialRow], space: Space) -> float:
    """Mean over seeds of one rung's trials, environments joined."""
    return mean(seed_scores(rows, space.model.score))
