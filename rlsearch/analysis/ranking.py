"""What a run found, read off its journal: classes by score, the pick, the baselines, and how sure each number is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rlsearch.analysis.selection import RULE, UNCONFIRMED, Confirmed, confirmed, front, pick
from rlsearch.equivalence.implied_target import implied
from rlsearch.equivalence.known_losses import relation
from rlsearch.errors import RunError
from rlsearch.evaluation.confirmation import environments_of, rank
from rlsearch.evaluation.scores import scores_by_rung
from rlsearch.evaluation.statistics import Interval, mean_interval
from rlsearch.evolve.standings import Standings
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, print_graph
from rlsearch.simplify.canonical import canonical, loss_size
from rlsearch.simplify.tidy import tidy
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal, ProposalRow


@dataclass(frozen=True)
class Selected:
    """A loss on the search's own seeds, which chose it: too good for a class, fair for a known loss.

    Attributes:
        rung: highest rung it reached, from 0.
        score: mean over its seeds there, environments joined; clipped to [0, 1] seed by seed.
    """

    rung: int
    score: Interval


LEARNT = 2.5  # times the floor: what learns nothing in one environment of several may still get as much


@dataclass(frozen=True, repr=False)
class ClassResult:
    """A gradient class.

    Attributes:
        number: index of its first proposal.
        key: structural key of that proposal; `RUN@key` names it.
        graph: its canonical form, tidied for reading.
        size: ops of its smallest member.
        members: proposals of the search that were of this class.
        selected: its score in the search.
        shrunken: the same, as far as selection believed it; see `rlsearch.evolve.standings`.
        confirmed: None if it was not confirmed.
        is_pick: whether it is the run's answer.
        on_front: whether no class is at least as small and at least as good, and in one of them better.
    """

    number: int
    key: str
    graph: Graph
    size: int
    members: int
    selected: Selected
    shrunken: float
    confirmed: Confirmed | None
    is_pick: bool
    on_front: bool

    def __repr__(self) -> str:
        """What a notebook or a prompt shows of a list of classes: not every curve of every trial."""
        score = f", confirmed={self.confirmed.score.mean:.3f}" if self.confirmed else ""
        mark = ", pick" if self.is_pick else ""
        return f"<{self.key[:8]}: size={self.size}, selected={self.selected.score.mean:.3f}{score}{mark}, {self.text!r}>"

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
class Baseline:
    """A known loss beside the search; None where it was not trained.

    Attributes:
        text: its text form.
        size: ops, counted as a class's.
        selected: its score with the seeds of the search.
        confirmed: its score with those of the confirmation.
    """

    text: str
    size: int
    selected: Selected | None
    confirmed: Confirmed | None


@dataclass(frozen=True)
class Ranking:
    """A run's result.

    Attributes:
        top: from best to worst, confirmed classes first.
        front: the Pareto front of score and size, small to large, of confirmed scores as soon as there are any; before,
            of shrunken selected scores among the classes of the highest rung reached.
        baselines: known losses by name.
        classes: how many were trained.
        floor: what an environment counts at least in a joined score; 0 where that is a plain mean.
        over: whether the run has come to its end.
    """

    top: tuple[ClassResult, ...]
    front: tuple[ClassResult, ...]
    baselines: Mapping[str, Baseline]
    classes: int
    floor: float
    over: bool

    @property
    def pick(self) -> ClassResult | None:
        """The run's answer."""
        return next((result for result in self.top if result.is_pick), None)

    @property
    def rule(self) -> str:
        """How the pick was chosen, in words."""
        return RULE if self.pick and self.pick.confirmed else UNCONFIRMED

    @property
    def caveats(self) -> tuple[str, ...]:
        """What whoever reads the pick must know besides, each a sentence or two."""
        if self.pick is None:
            return ()
        if self.pick.confirmed is None:
            short = "Nothing is confirmed: the time ended before every loss had met two fresh seeds. A longer run may do it."
            return (short,) if self.over else ()
        found = []
        reached = max(entry.confirmed.score.mean for entry in self.top if entry.confirmed)
        if self.floor and reached < LEARNT * self.floor:
            found.append(
                f"No loss has learnt anything: the best confirmed score is {reached:.3f}, and a loss that learns nothing gets "
                f"{self.floor:g}. A longer search may find one that does."
            )
        known = {name: entry.confirmed.score.mean for name, entry in self.baselines.items() if entry.confirmed}
        best = max(known, key=lambda name: known[name], default=None)
        if best is not None and self.pick.confirmed.score.mean <= known[best]:
            found.append(
                f"No better than what is known: {best} scores {known[best]:.3f} on the same seeds. "
                "A longer search may find more."
            )
        return tuple(found)


def ranking(journal: Journal, space: Space, limit: int = 10) -> Ranking:
    """Rank a run's classes; the first `limit` and every confirmed one are returned."""
    rows = {row.index: row for row in journal.proposals()}
    members = Counter(row.class_index for row in rows.values())
    standings, size = _standings(journal, rows, space)
    found = _confirmed(journal, space)
    order = rank(standings, size)
    fresh = {number: found[f"#{number}"] for number in order if f"#{number}" in found}
    answer = pick(size, {number: score.choosing for number, score in fresh.items()}) if fresh else order[0] if order else None
    chosen = sorted(fresh, key=lambda number: (number != answer, -fresh[number].score.mean, size[number], number))
    best = front(size, {number: score.score.mean for number, score in fresh.items()} or _believed(standings))

    def result(number: int) -> ClassResult:
        standing, row = standings[number], rows[number]
        return ClassResult(
            number,
            row.key,
            tidy(canonical(parse_genome(row.genome).graph())),
            size[number],
            members[number],
            Selected(standing.rung, mean_interval(list(standing.scores.values()))),
            standings.shrunken(number),
            fresh.get(number),
            number == answer,
            number in best,
        )

    rest = [number for number in order if number not in fresh]
    top = tuple(result(number) for number in [*chosen, *rest][: max(limit, len(chosen))])
    tried = {name: scores_by_rung(trials, space.model.score) for name, trials in journal.baselines().items()}
    known = {name: _baseline(text, tried.get(name, []), found.get(name)) for name, text in space.baselines.items()}
    score = space.model.score
    floor = score.floor if score.aggregate == "geometric_mean" else 0.0
    over = bool(journal.metadata().get("finished"))
    return Ranking(top, tuple(result(number) for number in best), known, len(order), floor, over)


def _believed(standings: Standings) -> dict[int, float]:
    """Shrunken scores of the classes of the highest rung reached; those of other rungs are not to be compared with them."""
    rungs = {number: standings[number].rung for number in standings.numbers()}
    highest = max(rungs.values(), default=0)
    return {number: standings.shrunken(number) for number, rung in rungs.items() if rung == highest}


def _baseline(text: str, climbed: Sequence[dict[int, float]], score: Confirmed | None) -> Baseline:
    graph = parse(text)
    selected = Selected(len(climbed) - 1, mean_interval(list(climbed[-1].values()))) if climbed else None
    return Baseline(text, loss_size(graph, canonical(graph)), selected, score)


def resolve_hash(journal: Journal, space: Space, name: str) -> Graph:
    """The loss that `RUN@name` means: `best`, or the first letters of a key.

    Raises:
        RunError: nothing, or more than one thing, has that name.
    """
    if name == "best":
        answer = ranking(journal, space).pick
        if answer is None:
            raise RunError(f"the run in '{journal.folder}' has trained nothing yet; type `rlsearch resume {journal.folder}`")
        return answer.graph
    found = {row.key: row.genome for row in reversed(list(journal.proposals())) if row.key.startswith(name)}
    if len(found) != 1:
        what = "no loss" if not found else f"{len(found)} losses ({', '.join(sorted(found)[:3])}, ...)"
        raise RunError(f"{what} in '{journal.folder}' begins with '{name}'; see `rlsearch top {journal.folder}` for hashes")
    return tidy(canonical(parse_genome(next(iter(found.values()))).graph()))


def _standings(journal: Journal, rows: Mapping[int, ProposalRow], space: Space) -> tuple[Standings, dict[int, int]]:
    standings = Standings(len(space.model.rungs))
    for number, trials in journal.trials().items():
        standings.record(rows[number].class_index, scores_by_rung(trials, space.model.score))
    size: dict[int, int] = {}
    for row in rows.values():
        if row.class_index >= 0:
            size[row.class_index] = min(size.get(row.class_index, row.size), row.size)
    return standings, size


def _confirmed(journal: Journal, space: Space) -> dict[str, Confirmed]:
    """Scores on the fresh seeds that every confirmed loss met; an interrupted confirmation may lack the last ones."""
    found = journal.confirmations()
    expected = {*space.baselines, *(name for name in found if name.startswith("#"))}
    places = len(environments_of(space))
    complete = [
        {seed for seed in {row.seed_index for row in rows} if sum(row.seed_index == seed for row in rows) == places}
        for rows in (found.get(name, []) for name in expected)
    ]
    common = sorted(set.intersection(*complete)) if complete else []
    if len(common) < 2:
        return {}
    return {name: confirmed(rows, set(common), space.model.score) for name, rows in found.items()}
