"""The end of a search: the best classes, and the known losses beside them, on fresh seeds and validation environments."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.limits import NO_LIMITS, TrialLimits
from rlsearch.evaluation.trial import NO_RUNG, Phase, TrialRequest, TrialRow, result_of, run_trial, trial_seed
from rlsearch.evolve.class_scores import ClassScore, ClassScores
from rlsearch.executor.protocol import POLL_S, Executor, Work
from rlsearch.space.load import Space
from rlsearch.space.model import Rung


def rank(standings: ClassScores, size: Mapping[int, int]) -> list[int]:
    """The classes from best to worst: fitness, then size, then age. The elder comes first, so that a result stays as it is
    while the search goes on; in tournaments, which must drift, the younger wins.
    """
    return sorted(standings.classes(), key=lambda number: (-standings.fitness(number), size[number], number))


def hall_of_fame(
    standings: ClassScores, size: Mapping[int, int], limit: int, among: Collection[int] | None = None
) -> list[int]:
    """The classes that are confirmed: half of them the best of each size that beat every smaller one, the best of those
    first, so that a simple loss is not crowded out by a winner's many relatives; the rest by rank. `among` some, if given.

    `evolve.forward_selection.ForwardSelection` keeps the losses that a search grows, `analysis.selection.front` is what results
    show of those that were confirmed.
    """
    order = [number for number in rank(standings, size) if among is None or number in among]
    front = [number for place, number in enumerate(order) if all(size[number] < size[better] for better in order[:place])]
    kept = {*front[: (limit + 1) // 2]}
    for number in order:
        if len(kept) >= limit:
            break
        kept.add(number)
    return [number for number in order if number in kept]


def finalists(space: Space, standings: ClassScores, size: Mapping[int, int]) -> list[int]:
    """The best classes, of those that did not fail the first rung: these are not worth fresh seeds."""
    passed = {number for number in standings.classes() if _passed_first_rung(standings[number], space.rungs)}
    return hall_of_fame(standings, size, space.confirm.top, passed)


def losses_to_confirm(
    space: Space, standings: ClassScores, size: Mapping[int, int], texts: Mapping[int, str]
) -> dict[str, str]:
    """The losses of a confirmation, texts by the names of their rows: the known losses, then the best classes by '#' and index.

    Where every class failed the first rung, or where no confirmation is asked for, there is none at all: known losses alone
    say nothing of the search.
    """
    best = finalists(space, standings, size) if space.confirm.seeds else []
    return space.baselines | {f"#{number}": texts[number] for number in best} if best else {}


def _passed_first_rung(score: ClassScore, rungs: Sequence[Rung]) -> bool:
    """True if a class climbed on, or met the bar of the only rung there is; of a share, its best always do."""
    first = rungs[0]
    return score.rung > 0 or (len(rungs) == 1 and (first.passes is None or score.mean >= first.passes))


def environments_of(space: Space) -> tuple[EnvSpec, ...]:
    """The environments of a confirmation: the last rung's, with fresh seeds, then those for validation."""
    return (*space.rungs[-1].envs, *space.confirm.envs)


def confirm(
    record: Callable[[str, Sequence[TrialRow]], None],
    space: Space,
    search_seed: int,
    losses: Mapping[str, str],
    executor: Executor,
    should_stop: Callable[[], bool],
    on_progress: Callable[[float], None],
    limits: TrialLimits = NO_LIMITS,
    grace_s: Callable[[], float] = lambda: math.inf,
) -> None:
    """Train losses on common fresh seeds, seed by seed, until done or until it should stop.

    Args:
        record: given each trial as it is done, with its loss's name.
        losses: text of each loss by the name that its rows get.
        should_stop: whether it is time to end: then the trials under way are finished, and no further one begins.
        on_progress: called with the share that is done.
        limits: of each trial.
        grace_s: seconds that the trials under way get, once it is time to end; asked again and again, as it may become shorter.
    """
    envs, steps = environments_of(space), space.rungs[-1].steps
    jobs = [
        (name, env_index, seed_index)
        for seed_index in range(space.confirm.seeds)
        for name in losses
        for env_index in range(len(envs))
    ]
    if should_stop():
        return
    for number, (name, env_index, seed_index) in enumerate(jobs):
        rng_seed = trial_seed(search_seed, Phase.CONFIRM, env_index, seed_index)
        request = TrialRequest(losses[name], envs[env_index], space.agent, rng_seed, steps)
        executor.submit(limits.limited(Work(number, run_trial, request)))
    done, ending = 0, False
    while executor.pending():
        ending = ending or should_stop()
        if ending:
            executor.cancel(grace_s())
        for key, value in executor.collect(POLL_S):
            assert isinstance(key, int)
            name, env_index, seed_index = jobs[key]
            env = envs[env_index].label()
            record(name, [TrialRow(Phase.CONFIRM, NO_RUNG, env_index, env, seed_index, steps, result_of(value))])
            done += 1
            on_progress(done / len(jobs))
