"""A run's classes by score, the pick, the front and the baselines, read off its journal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rlsearch.analysis.notes import guard_notes
from rlsearch.analysis.result import Baseline, ClassResult, Ranking, SelectedScore
from rlsearch.analysis.selection import ConfirmedScore, confirmed_score, front, pick
from rlsearch.evaluation.confirmation import rank
from rlsearch.evaluation.confirmation_state import LEAST_SEEDS, ConfirmationState, confirmation_state
from rlsearch.evaluation.scores import scores_by_rung
from rlsearch.evaluation.statistics import mean_interval
from rlsearch.evaluation.trial import Phase, TrialRow
from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.limits import Limits
from rlsearch.evolve.split import Split
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical
from rlsearch.simplify.tidy import tidy
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal, ProposalRow


def ranking(journal: Journal, space: Space, limit: int = 10) -> Ranking:
    """The ranking of a run's classes, with the first `limit` and every confirmed one."""
    classes, metadata, trials = _classes(journal, space), journal.metadata(), journal.confirmations()
    confirmation = confirmation_state(metadata, trials, space)
    confirmed = _confirmed_scores(trials, confirmation, space)
    order = rank(classes.standings, classes.size)
    fresh = {index: confirmed[f"#{index}"] for index in order if f"#{index}" in confirmed}
    choosing = {index: score.choosing for index, score in fresh.items()}
    answer = pick(classes.size, choosing) if fresh else order[0] if order else None
    first = sorted(fresh, key=lambda index: (index != answer, -fresh[index].score.mean, classes.size[index], index))
    top = [*first, *(index for index in order if index not in fresh)][: max(limit, len(first))]
    compared = {index: score.score.mean for index, score in fresh.items()} or _on_highest_rung(classes.standings)
    undominated = front(classes.size, compared)
    results = {
        index: classes.result(index, fresh.get(index), is_pick=index == answer, on_front=index in undominated)
        for index in {*top, *undominated}
    }
    score = space.score
    return Ranking(
        top=tuple(results[index] for index in top),
        front=tuple(results[index] for index in undominated),
        baselines=_baselines(journal, space, confirmed),
        classes=len(order),
        floor=score.floor if score.aggregate == "geometric_mean" else 0.0,
        finished=bool(metadata.get("finished")),
        confirmation=confirmation,
        complexity=space.grammar.limits.complexity,
        notes=guard_notes(answer, classes.forms, classes.splits, journal.twins()),
    )


@dataclass(frozen=True)
class _Classes:
    """A journal's classes, each under the index of its first proposal.

    Attributes:
        rows: every proposal, by index.
        standings: rungs and scores in the search.
        size: ops of the smallest member.
        members: proposals that were of the class.
        forms: different ones among them.
        splits: forms that left their class, in the order in which that was found.
    """

    rows: Mapping[int, ProposalRow]
    standings: ClassScores
    size: Mapping[int, int]
    members: Mapping[int, int]
    forms: Mapping[int, int]
    splits: Sequence[Split]

    def result(self, index: int, confirmed: ConfirmedScore | None, *, is_pick: bool, on_front: bool) -> ClassResult:
        """The class's record."""
        row, standing = self.rows[index], self.standings[index]
        return ClassResult(
            index=index,
            key=row.key,
            graph=tidy(canonical(parse_genome(row.genome).graph())),
            size=self.size[index],
            members=self.members[index],
            selected=SelectedScore(standing.rung, mean_interval(list(standing.scores.values()))),
            shrunken=self.standings.shrunken_score(index),
            confirmed=confirmed,
            is_pick=is_pick,
            on_front=on_front,
        )


def _classes(journal: Journal, space: Space) -> _Classes:
    """The classes that a journal holds; a form is of the class that was last said to be its."""
    rows, splits = {row.index: row for row in journal.proposals()}, journal.splits(Phase.RUNG, Phase.CONFIRM, Phase.TWIN)
    class_of: dict[str, int] = {}
    for row in rows.values():
        class_of[row.key] = row.class_index
        class_of |= {rows[split.member].key: split.new_class for split in splits.get(row.index, ())}
    standings, size = ClassScores(len(space.rungs)), dict[int, int]()
    for index, trials in journal.trials().items():
        standings.record(rows[index].class_index, scores_by_rung(trials, space.score))
    for row in rows.values():
        if (class_index := class_of[row.key]) >= 0:
            size[class_index] = min(size.get(class_index, row.size), row.size)
    members = Counter(class_of[row.key] for row in rows.values())
    found = [split for _, those in sorted(splits.items()) for split in those]
    return _Classes(rows, standings, size, members, Counter(class_of.values()), found)


def _confirmed_scores(
    found: Mapping[str, Sequence[TrialRow]], state: ConfirmationState, space: Space
) -> dict[str, ConfirmedScore]:
    """The scores on the fresh seeds that every confirmed loss met; an interrupted confirmation may lack the last ones."""
    if state.met < LEAST_SEEDS:
        return {}
    return {name: confirmed_score(rows, set(state.seeds), space.score) for name, rows in found.items()}


def _on_highest_rung(standings: ClassScores) -> dict[int, float]:
    """The shrunken scores of the classes of the highest rung reached; those of other rungs are not comparable."""
    rungs = {index: standings[index].rung for index in standings.classes()}
    highest = max(rungs.values(), default=0)
    return {index: standings.shrunken_score(index) for index, rung in rungs.items() if rung == highest}


def _baselines(journal: Journal, space: Space, confirmed: Mapping[str, ConfirmedScore]) -> dict[str, Baseline]:
    climbed = {name: scores_by_rung(trials, space.score) for name, trials in journal.baselines().items()}
    return {
        name: _baseline(space.grammar.limits, text, climbed.get(name, ()), confirmed.get(name))
        for name, text in space.baselines.items()
    }


def _baseline(limits: Limits, text: str, climbed: Sequence[dict[int, float]], confirmed: ConfirmedScore | None) -> Baseline:
    graph = parse(text)
    selected = SelectedScore(len(climbed) - 1, mean_interval(list(climbed[-1].values()))) if climbed else None
    return Baseline(text, limits.size(graph, canonical(graph)), selected, confirmed)
