"""What a run found, read off its journal: classes by score, the pick, the baselines, and how sure each number is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rlsearch.confirm import environments_of, ranked
from rlsearch.errors import RunError
from rlsearch.evolve.standings import Standings
from rlsearch.graph.canonical import canonical
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import print_graph
from rlsearch.graph.tidy import tidy
from rlsearch.implied import implied
from rlsearch.relations import relation
from rlsearch.space.load import Space
from rlsearch.statistics import Interval, mean_interval, standard_error
from rlsearch.store.journal import Journal, ProposalRow
from rlsearch.trial import TrialRow, climbed_scores, seed_scores

RULE = (
    "the smallest class within one standard error of the best confirmed score; half of the confirmation's seeds choose it, "
    "the other half give its reported score"
)


@dataclass(frozen=True)
class Confirmed:
    """A loss on fresh seeds.

    Attributes:
        score: over the seeds that did not choose the pick, environments joined; not clipped.
        choosing: mean and standard error over the seeds that did.
        rows: every trial, of seeds that all confirmed losses met.
    """

    score: Interval
    choosing: tuple[float, float]
    rows: tuple[TrialRow, ...]


@dataclass(frozen=True)
class ClassResult:
    """A gradient class.

    Attributes:
        number: index of its first proposal.
        key: structural key of that proposal; `RUN@key` names it.
        graph: its canonical form, tidied for reading.
        rung: highest rung it reached, from 0.
        selected: mean score there, by which it was selected; seeds: how many.
        confirmed: None if it was not confirmed.
        is_pick: whether it is the run's answer.
    """

    number: int
    key: str
    graph: Graph
    size: int
    rung: int
    selected: float
    seeds: int
    confirmed: Confirmed | None
    is_pick: bool

    @property
    def text(self) -> str:
        """Text form."""
        return print_graph(self.graph)

    @property
    def relation(self) -> str:
        """What it is in known terms, or ""."""
        return relation(self.graph)

    @property
    def meaning(self) -> str:
        """Its implied target in words, or ""."""
        target = implied(self.graph)
        return target.words if target else ""


@dataclass(frozen=True)
class Ranking:
    """A run's result: `top` from best to worst, confirmed classes first; `baselines` by name, None where not trained."""

    top: tuple[ClassResult, ...]
    baselines: Mapping[str, Confirmed | None]
    classes: int

    @property
    def pick(self) -> ClassResult | None:
        """The run's answer."""
        return next((result for result in self.top if result.is_pick), None)


def ranking(journal: Journal, space: Space, limit: int = 10) -> Ranking:
    """Rank a run's classes; the first `limit` and every confirmed one are returned."""
    rows = {row.number: row for row in journal.proposals()}
    standings, size = _standings(journal, rows, space)
    confirmed = _confirmed(journal, space)
    order = ranked(standings, size)
    chosen = [number for number in order if f"#{number}" in confirmed]
    pick = _pick(chosen, size, confirmed) if chosen else order[0] if order else None
    chosen.sort(key=lambda number: (number != pick, -confirmed[f"#{number}"].score.mean, size[number], number))
    rest = [number for number in order if f"#{number}" not in confirmed]
    top = [
        _result(rows[number], standings, size, confirmed.get(f"#{number}"), number == pick)
        for number in [*chosen, *rest][: max(limit, len(chosen))]
    ]
    return Ranking(tuple(top), {name: confirmed.get(name) for name in space.baselines}, len(order))


def resolve_hash(journal: Journal, space: Space, name: str) -> Graph:
    """The loss that `RUN@name` means: `best`, or the first letters of a key.

    Raises:
        RunError: nothing, or more than one thing, has that name.
    """
    if name == "best":
        pick = ranking(journal, space).pick
        if pick is None:
            raise RunError(f"the run in '{journal.folder}' has trained nothing yet; type `rlsearch resume {journal.folder}`")
        return pick.graph
    found = {row.key: row.genome for row in reversed(list(journal.proposals())) if row.key.startswith(name)}
    if len(found) != 1:
        what = "no loss" if not found else f"{len(found)} losses ({', '.join(sorted(found)[:3])}, ...)"
        raise RunError(f"{what} in '{journal.folder}' begins with '{name}'; see `rlsearch top {journal.folder}` for hashes")
    return tidy(canonical(parse_genome(next(iter(found.values()))).graph()))


def _standings(journal: Journal, rows: Mapping[int, ProposalRow], space: Space) -> tuple[Standings, dict[int, int]]:
    standings = Standings(len(space.model.rungs))
    for number, trials in journal.trials().items():
        standings.record(rows[number].class_, climbed_scores(trials, space.model.score))
    size: dict[int, int] = {}
    for row in rows.values():
        if row.class_ >= 0:
            size[row.class_] = min(size.get(row.class_, row.size), row.size)
    return standings, size


def _confirmed(journal: Journal, space: Space) -> dict[str, Confirmed]:
    """Scores on the fresh seeds that every confirmed loss met; an interrupted confirmation may lack the last ones."""
    found = journal.confirmations()
    expected = {*space.baselines, *(name for name in found if name.startswith("#"))}
    places = len(environments_of(space))
    complete = [
        {seed for seed in {row.seed for row in rows} if sum(row.seed == seed for row in rows) == places}
        for rows in (found.get(name, []) for name in expected)
    ]
    common = sorted(set.intersection(*complete)) if complete else []
    if len(common) < 2:
        return {}
    return {name: _of_seeds(rows, common, space) for name, rows in found.items()}


def _of_seeds(rows: Sequence[TrialRow], common: Sequence[int], space: Space) -> Confirmed:
    kept = [row for row in rows if row.seed in set(common)]
    scores = np.array(seed_scores(kept, space.model.score, clip=False))
    choosing, reporting = scores[: len(scores) // 2], scores[len(scores) // 2 :]
    return Confirmed(mean_interval(reporting), (float(choosing.mean()), standard_error(choosing) or 0.0), tuple(kept))


def _pick(chosen: Sequence[int], size: Mapping[int, int], confirmed: Mapping[str, Confirmed]) -> int:
    """The smallest class within one standard error of the best, on the choosing seeds; ties to the better."""
    means = {number: confirmed[f"#{number}"].choosing for number in chosen}
    best, error = max(means.values())
    close = [number for number in chosen if means[number][0] >= best - error]
    return min(close, key=lambda number: (size[number], -means[number][0]))


def _result(
    row: ProposalRow, standings: Standings, size: Mapping[int, int], confirmed: Confirmed | None, is_pick: bool
) -> ClassResult:
    standing = standings[row.number]
    return ClassResult(
        row.number,
        row.key,
        tidy(canonical(parse_genome(row.genome).graph())),
        size[row.number],
        standing.rung,
        standing.mean,
        len(standing.scores),
        confirmed,
        is_pick,
    )
