"""The speed of screening on one core: bred, typed, canonical form, key, gradient fingerprint, class looked up."""

from collections import Counter
from dataclasses import replace

import numpy as np

from rlsearch.bench.figure import Figure, cpu_seconds, interleaved
from rlsearch.runs.run import Options, evolution_of
from rlsearch.space.load import load_space


def screening(space: str = "quickstart", proposals: int = 3000, repetitions: int = 3) -> Figure:
    """The proposals per second and core of an evolution whose trials cost nothing and score at random."""
    bred = replace(load_space(space), enumerate_ops=0)
    statuses: Counter[str] = Counter()

    def screen() -> None:
        evolution, rng = evolution_of(bred, Options()), np.random.default_rng(0)
        statuses.clear()
        for index in range(proposals):
            proposal = evolution.propose(index)
            assert proposal is not None, "only an enumeration ends"
            statuses[proposal.status] += 1
            evolution.apply(proposal, [{0: float(rng.random())}] if proposal.status == "trained" else [])

    sides = interleaved({"screening": lambda: 1e6 / proposals * cpu_seconds(screen)}, "us per proposal", repetitions)
    return Figure(
        name="screening",
        value=1e6 / sides["screening"].minimum,
        unit="proposals per second and core",
        better="more",
        meaning="the inverse of 'screening', minimum",
        sides=sides,
        settings={"space": space, "proposals": proposals, "statuses": dict(statuses)},
    )
