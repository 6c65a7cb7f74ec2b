"""The cost of a search, estimated before it begins: from three losses of the space, each trained for a moment.

The cost of a trial is measured. How many proposals will be new classes, and how many of these will climb on, nobody knows
before: the expectation supposes what is said here, and stands between what it takes if there are half as many and all fail
the first rung, and if every proposal is one and climbs all.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.trial import TrialRequest, mean, result_of, run_trial
from rlsearch.evolve.counting import program_count
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.executor.protocol import Executor, Work, run_all
from rlsearch.graph.text import print_graph
from rlsearch.runs.budget import Budget
from rlsearch.runs.run import Options, enumerated_ops, evolution_of
from rlsearch.space.load import Space

SAMPLES = 3
STEPS = 1000  # of a timed trial, or as few as its rung has
MOST_S = 10.0  # that it may take; one that takes longer counts as that
SCREENED = 100  # proposals, for what screening takes
COUNTED = 10_000  # of an enumeration; a second
# Both were measured in searches of quickstart, whose runs and rungs spread from 0.42 to 0.54 and from 0.18 to 0.50.
NEW = 0.5  # of all proposals, the share that are new classes
CLIMB = 0.35  # of what meets a bar, the share that passes it


@dataclass(frozen=True)
class CostEstimate:
    """The expected cost of a search.

    Attributes:
        losses: texts of the losses that were timed.
        trial_s: seconds that one training of each took on the first rung, on average over its environments.
        screening_s: seconds of the driver for a proposal.
        rung_s: seconds of one processor for a class on each rung.
        baselines_s: seconds for the known losses on the rungs.
        confirmation_s: seconds for the confirmation.
        slots: trials at once.
        proposal_s: seconds of search for each: expected; if half as many are new and none climbs; if all are new and climb.
    """

    losses: tuple[str, ...]
    trial_s: tuple[float, ...]
    screening_s: float
    rung_s: tuple[float, ...]
    baselines_s: float
    confirmation_s: float
    slots: int
    proposal_s: tuple[float, float, float]

    def minutes(self, proposals: int) -> tuple[float, float, float]:
        """The minutes that so many proposals take, with what comes before and after: expected, least, most."""
        around = self.baselines_s + self.confirmation_s
        expected, least, most = ((around + proposals * each) / 60 for each in self.proposal_s)
        return expected, least, most

    def proposals(self, minutes: float, share: float) -> tuple[int, int, int]:
        """The proposals that so many minutes allow, less the confirmation's share: expected, most, least."""
        seconds = max(0.0, 60 * minutes * (1 - share) - self.baselines_s)
        expected, most, least = (int(seconds / each) for each in self.proposal_s)
        return expected, most, least


class Size(NamedTuple):
    """The size of a search.

    Attributes:
        programs: that the space holds, before any two count as one.
        enumerated: losses that are gone through before evolution begins; COUNTED means that many or more.
    """

    programs: int
    enumerated: int


def size(space: Space, options: Options) -> Size:
    """The number of losses that a search could try."""
    ops = enumerated_ops(space, options)
    return Size(program_count(space.grammar), sum(1 for _ in islice(enumerate_genomes(space.grammar, ops), COUNTED)))


def sample_losses(space: Space, seed: int) -> tuple[tuple[str, ...], float]:
    """The texts of the first classes that random search would try, and the driver's seconds per proposal."""
    evolution = evolution_of(replace(space, starts=(), enumerate_ops=0), Options(seed, "random"))
    found: list[str] = []
    started = time.perf_counter()
    for index in range(SCREENED):
        if index == SCREENED // 2:  # the first ones fill caches
            started = time.perf_counter()
        proposal = evolution.propose(index)
        assert proposal is not None, "only an enumeration ends"
        if proposal.form is not None:
            found.append(print_graph(proposal.form))
    return tuple(found[:SAMPLES]), (time.perf_counter() - started) / (SCREENED - SCREENED // 2)


def estimate(space: Space, seed: int, executor: Executor) -> CostEstimate:
    """Time three losses of a space in each environment of its rungs. The executor is warm."""
    losses, screening = sample_losses(space, seed)
    rungs = space.rungs
    steps: dict[EnvSpec, int] = {}
    for rung in rungs:
        for env in rung.envs:
            steps[env] = min(STEPS, rung.steps, steps.get(env, STEPS))
    work = [
        Work((index, env), run_trial, TrialRequest(loss, env, space.agent, seed, steps[env]), limit_s=MOST_S)
        for index, loss in enumerate(losses)
        for env in steps
    ]
    # Twice, of which the faster counts: a process draws a world once, and keeps it for all that train there.
    timed = {key: result_of(value).seconds for key, value in run_all(executor, work)}
    whole = [piece for piece in work if timed[piece.key] < MOST_S]
    timed |= {key: min(timed[key], result_of(value).seconds) for key, value in run_all(executor, whole)}
    # A space of which no sample can train anything costs nothing.
    each = {env: mean([timed[index, env] for index in range(len(losses))]) / steps[env] if losses else 0.0 for env in steps}
    ladder = tuple(rung.seeds * rung.steps * sum(each[env] for env in rung.envs) for rung in rungs)
    first = rungs[0]
    trials = tuple(first.steps * mean([timed[index, env] / steps[env] for env in first.envs]) for index in range(len(losses)))
    # What confirmation adds are environments that are not timed; they count as the last rung's.
    last = rungs[-1]
    a_seed = last.steps * mean([each[env] for env in last.envs]) * len(environments_of(space))
    confirmed = space.confirm.top + len(space.baselines)
    slots = executor.slots
    return CostEstimate(
        losses,
        trials,
        screening,
        ladder,
        baselines_s=len(space.baselines) * sum(ladder) / slots,
        confirmation_s=confirmed * space.confirm.seeds * a_seed / slots,
        slots=slots,
        proposal_s=(
            screening + NEW * _class_seconds(space, ladder) / slots,
            screening + NEW / 2 * ladder[0] / slots,
            screening + sum(ladder) / slots,
        ),
    )


def _class_seconds(space: Space, ladder: Sequence[float]) -> float:
    """The seconds that a class is expected to take on all rungs together."""
    reach, total = 1.0, 0.0
    for rung, seconds in zip(space.rungs, ladder, strict=True):
        total += reach * seconds
        reach *= rung.keep_top if rung.keep_top is not None else CLIMB if rung.passes is not None else 1.0
    return total


def expectation(found: CostEstimate, budget: Budget, share: float) -> dict[str, Any]:
    """The expected result of a budget, to be kept with the run: minutes or proposals, with the least and the most."""
    if budget.proposals is not None:
        what, (middle, least, most) = "minutes", found.minutes(budget.proposals)
    else:
        assert budget.minutes is not None
        what, (middle, most, least) = "proposals", found.proposals(budget.minutes, share)
    return {"budget": asdict(budget), what: middle, "least": least, "most": most}


def in_words(kept: Mapping[str, Any], were: str = "are") -> str:
    """The same expectation for people, before the run or (`were`) after it."""
    budget = kept["budget"]
    if budget["proposals"] is not None:
        between = f"{_duration(kept['least'])} to {_duration(kept['most'])}"
        return f"{budget['proposals']:,} proposals {were} expected to take {_duration(kept['minutes'])} ({between})"
    between = f"{kept['least']:,} to {kept['most']:,}"
    return f"{budget['minutes']:g} minutes {were} expected to allow {kept['proposals']:,} proposals ({between})"


def beside(kept: Mapping[str, Any], proposals: int, seconds: float) -> str:
    """A run's expectation and its result, in words."""
    came = f"it took {_duration(seconds / 60)}" if kept["budget"]["proposals"] is not None else f"it made {proposals:,}"
    return f"{in_words(kept, 'were')}; {came}"


def _duration(minutes: float) -> str:
    return f"{minutes:.1f} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
