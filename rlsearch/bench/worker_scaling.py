"""How many more trials two workers finish than one in the same time."""

import os
import time
from collections import deque
from collections.abc import Iterator
from itertools import count, cycle

import numpy as np

from rlsearch.bench.figure import Figure, interleaved
from rlsearch.executor import Workers
from rlsearch.graph.text import print_graph
from rlsearch.search import Options, evolution_of
from rlsearch.space.load import Space, load_space
from rlsearch.trial import Climb, RungPlan, climb

RUNGS = 2  # the first ones, where a search spends most of its trials
CANDIDATES = 300
IN_FLIGHT = 8  # climbs per worker


def worker_scaling(space: str = "quickstart", seconds: float = 6.0, repetitions: int = 3) -> Figure:
    """Trials finished by two workers over trials finished by one: the same candidates, the same time on the wall."""
    climbs = _climbs(load_space(space))
    with Workers(1) as one, Workers(2) as two:
        for workers in (one, two):
            _wait_until_ready(workers)
        measured = {
            "1 worker": lambda: 1e3 * seconds / trials_within(one, climbs, seconds),
            "2 workers": lambda: 1e3 * seconds / trials_within(two, climbs, seconds),
        }
        sides = interleaved(measured, "ms per trial", repetitions)
    return Figure(
        name="worker_scaling",
        value=sides["1 worker"].minimum / sides["2 workers"].minimum,
        unit="times",
        meaning="'1 worker' over '2 workers', as trials in the same time would be; the minimum of each",
        sides=sides,
        settings={"space": space, "rungs": RUNGS, "seconds": seconds, "candidates": len(climbs)},
    )


def trials_within(workers: Workers, climbs: list[Climb], seconds: float) -> int:
    """Trials that the workers finish before the time is up; what they had begun by then is waited for, not counted."""
    numbers, requests, pending = count(), cycle(climbs), deque[int]()
    finished, deadline = 0, time.perf_counter() + seconds

    def begin() -> None:
        pending.append(next(numbers))
        workers.submit(pending[-1], climb, next(requests))

    for _ in range(IN_FLIGHT * workers.count):
        begin()
    while (left := deadline - time.perf_counter()) > 0:
        try:
            finished += len(workers.result(pending[0], left).rows)
        except TimeoutError:
            break
        pending.popleft()
        begin()
    in_time = [number for number in pending if workers.ready(number)]
    for number in pending:
        rows = workers.result(number).rows
        finished += len(rows) if number in in_time else 0
    return finished


def _climbs(space: Space) -> list[Climb]:
    """Candidates as a search's beginning would try them, with the bars that do not depend on other candidates."""
    plans = tuple(
        RungPlan(number, rung.envs, tuple(range(rung.seeds)), rung.steps, -np.inf if rung.passes is None else rung.passes)
        for number, rung in enumerate(space.model.rungs[:RUNGS])
    )
    return [Climb(text, plans, space.agent, space.model.score, 0, check=True) for text in _candidates(space)]


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
    """Keeps a worker busy for a moment, so that the next request goes to another."""
    time.sleep(seconds)
    return os.getpid()


def _wait_until_ready(workers: Workers) -> None:
    """Wait until every worker has loaded what it runs."""
    ready: set[int] = set()
    while len(ready) < workers.count:
        for number in range(workers.count):
            workers.submit(number, _pid, 0.1)
        ready = {workers.result(number) for number in range(workers.count)}
