"""The end of a search: the best classes, and the known losses beside them, on fresh seeds and validation environments."""

import time
from collections import deque
from collections.abc import Callable, Mapping

from rlsearch.envs import EnvSpec
from rlsearch.evolve.standings import Standings
from rlsearch.executor import Workers
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal
from rlsearch.trial import CONFIRM, TrialRequest, TrialRow, run_trial, trial_seed


def ranked(standings: Standings, size: Mapping[int, int]) -> list[int]:
    """Classes from best to worst: fitness, then size, then age. The elder comes first, so that a result stays as it is while
    the search goes on; in tournaments, which must drift, the younger wins.
    """
    return sorted(standings.numbers(), key=lambda number: (-standings.fitness(number), size[number], number))


def hall_of_fame(standings: Standings, size: Mapping[int, int], limit: int) -> list[int]:
    """What deserves confirmation: half of the places for the best class of each size that beats every smaller one, the
    best of those first, so that a simple loss is not crowded out by a winner's many relatives; the rest by rank.
    """
    order = ranked(standings, size)
    front = [number for place, number in enumerate(order) if all(size[number] < size[better] for better in order[:place])]
    kept = {*front[: (limit + 1) // 2]}
    for number in order:
        if len(kept) >= limit:
            break
        kept.add(number)
    return [number for number in order if number in kept]


def environments_of(space: Space) -> tuple[EnvSpec, ...]:
    """What a confirmation trains on: the last rung's environments, with fresh seeds, then the validation environments."""
    return (*space.model.rungs[-1].envs, *space.model.confirm.envs)


def confirm(
    journal: Journal,
    space: Space,
    search_seed: int,
    losses: Mapping[str, str],
    workers: Workers,
    deadline: float | None,
    tell: Callable[[float], None],
) -> None:
    """Train losses on common fresh seeds, seed by seed, until done or until the deadline; `tell` gets the share done.

    Args:
        losses: text of each loss by the name that its rows get.
        deadline: of `time.monotonic()`, after which no further trial starts.
    """
    journal.clear_confirmations()
    envs, steps = environments_of(space), space.model.rungs[-1].steps
    jobs = [(name, place, seed) for seed in range(space.model.confirm.seeds) for name in losses for place in range(len(envs))]
    waiting: deque[int] = deque()

    def collect() -> None:
        number = waiting.popleft()
        name, place, seed = jobs[number]
        journal.add_confirmation(name, TrialRow(CONFIRM, place, envs[place].label(), seed, steps, workers.result(number)))
        tell((number + 1) / len(jobs))

    for number, (name, place, seed) in enumerate(jobs):
        if deadline is not None and time.monotonic() >= deadline:
            break
        stream = trial_seed(search_seed, CONFIRM, place, seed)
        workers.submit(number, run_trial, TrialRequest(losses[name], envs[place], space.agent, stream, steps))
        waiting.append(number)
        if len(waiting) >= 2 * workers.count:
            collect()
    while waiting:
        collect()
