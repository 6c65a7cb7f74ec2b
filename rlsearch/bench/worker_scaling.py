"""The scaling of workers: trials that two finish, over those that one finishes in the same time."""

import os
import time
from collections.abc import Iterator
from functools import partial
from itertools import count, cycle

import numpy as np

from rlsearch.bench.figure import Figure, interleaved
from rlsearch.evaluation.rungs import RungSchedule, ScheduledRung, TrialKey
from rlsearch.evaluation.trial import disagreement, prepare_trials
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import Work, run_all
from rlsearch.graph.text import print_graph
from rlsearch.registry import reference_loss
from rlsearch.runs.run import Options, evolution_of
from rlsearch.space.load import Space, load_space

RUNGS = 2  # the first ones, where a search spends most of its trials
CANDIDATES = 300
IN_FLIGHT = 8  # climbs per worker


def worker_scaling(space: str = "quickstart", seconds: float = 6.0, repetitions: int = 3) -> Figure:
    """The ratio of trials finished by two workers to those by one: the same candidates, the same time on the wall."""
    loaded = load_space(space)
    texts = list(_candidates(loaded))
    prepare = partial(_prepare, loaded.regime)
    with LocalPool(1, prepare) as one, LocalPool(2, prepare) as two:
        for pool in (one, two):
            _wait_until_ready(pool)
        measured = {
            "1 worker": lambda: 1e3 * seconds / trials_within(one, loaded, texts, seconds),
            "2 workers": lambda: 1e3 * seconds / trials_within(two, loaded, texts, seconds),
        }
        sides = interleaved(measured, "ms per trial", repetitions)
    return Figure(
        name="worker_scaling",
        value=sides["1 worker"].minimum / sides["2 workers"].minimum,
        unit="times",
        better="more",
        meaning="'1 worker' over '2 workers', as trials in the same time would be; the minimum of each",
        sides=sides,
        settings={"space": space, "rungs": RUNGS, "seconds": seconds, "candidates": len(texts)},
    )


def _prepare(regime: str) -> None:
    """Load what trials need, and with torch what checks of losses do, so that no time to load it is measured."""
    prepare_trials(regime)
    disagreement(reference_loss(regime))


def trials_within(pool: LocalPool, space: Space, texts: list[str], seconds: float) -> int:
    """The trials that the workers finish before the time is up; what they had begun by then is waited for, not counted.

    The candidates climb as a search's first ones would, with the bars that do not depend on other candidates.
    """
    rungs = tuple(
        ScheduledRung(number, rung.envs, tuple(range(rung.seeds)), rung.steps, -np.inf if rung.passes is None else rung.passes)
        for number, rung in enumerate(space.rungs[:RUNGS])
    )
    climbs: dict[int, RungSchedule] = {}
    finished, deadline = 0, time.perf_counter() + seconds

    def submit(work: list[Work]) -> None:
        for piece in work:
            pool.submit(piece)

    for number, text in enumerate(cycle(texts)):
        climbs[number] = RungSchedule(number, text, rungs, space, 0)
        submit(climbs[number].start(checked=False))
        while len(climbs) >= IN_FLIGHT * pool.slots and (left := deadline - time.perf_counter()) > 0:
            for key, value in pool.collect(left):
                assert isinstance(key, TrialKey) and isinstance(key.candidate, int)
                finished += key.seed_index >= 0
                submit(climbs[key.candidate].on_result(key, value))
                if climbs[key.candidate].done:
                    del climbs[key.candidate]
        if time.perf_counter() >= deadline:
            break
    pool.cancel()
    while pool.pending():
        pool.collect()
    return finished


def _candidates(space: Space) -> Iterator[str]:
    """Texts of the first classes of a search."""
    evolution, met = evolution_of(space, Options(strategy="random")), 0
    for index in count():
        proposal = evolution.propose(index)
        assert proposal is not None, "only an enumeration ends"
        if proposal.form is not None:
            met += 1
            yield print_graph(proposal.form)
        if met == CANDIDATES:
            return


def _pid(seconds: float) -> int:
    """The worker's process number, returned after a moment, so that the next request goes to another worker."""
    time.sleep(seconds)
    return os.getpid()


def _wait_until_ready(pool: LocalPool) -> None:
    """Wait until every worker has loaded what it runs."""
    ready: set[int] = set()
    while len(ready) < pool.slots:
        ready = {pid for _, pid in run_all(pool, [Work(number, _pid, 0.1) for number in range(pool.slots)])}
