"""A run in a few lines, for notebooks and terminals: what was searched, the best classes, the known losses, the warnings."""

from typing import TYPE_CHECKING

from rlsearch.evaluation.statistics import Interval
from rlsearch.evaluation.table import Table

if TYPE_CHECKING:  # they show themselves by it
    from rlsearch.analysis.result import Baseline, ClassResult, Ranking
    from rlsearch.analysis.run_result import RunResult

SHOWN = 5  # classes
LONGEST_LOSS = 60  # characters of a loss's last line
HEAD = ("", "hash", "ops", "selected", "confirmed", "loss")


def summary(result: "RunResult") -> Table:
    """A run's result as a small table."""
    ranking = result.ranking
    state = "finished" if ranking.finished else "not finished"
    title = (
        f"{result.folder}: {result.space}, {result.proposals:,} proposals, {ranking.classes:,} classes trained, "
        f"{result.search_seconds / 60:.1f} minutes of search, {state}"
    )
    return _table(title, ranking)


def ranking_summary(ranking: "Ranking") -> Table:
    """A ranking as a small table."""
    return _table(f"{ranking.classes:,} classes trained", ranking)


def _table(title: str, ranking: "Ranking") -> Table:
    if not ranking.top:
        return Table(title, HEAD, (), ("Nothing has been trained yet.", *ranking.caveats))
    rows = [_class(entry) for entry in ranking.top[:SHOWN]] + [_known(name, of) for name, of in ranking.baselines.items()]
    more = [f"and {ranking.classes - SHOWN:,} more classes"] if ranking.classes > SHOWN else []
    return Table(title, HEAD, rows, (*more, f"pick: {ranking.rule}.", *ranking.caveats))


def _class(entry: "ClassResult") -> tuple[str, ...]:
    confirmed = entry.confirmed.score if entry.confirmed else None
    line = entry.text.splitlines()[-1].removeprefix("loss = ")
    cut = line if len(line) <= LONGEST_LOSS else f"{line[: LONGEST_LOSS - 4]} ..."
    mark = "pick" if entry.is_pick else ""
    return mark, entry.key[:8], str(entry.size), _score(entry.selected.score), _score(confirmed), cut


def _known(name: str, known: "Baseline") -> tuple[str, ...]:
    selected, confirmed = (scored.score if scored else None for scored in (known.selected, known.confirmed))
    return "known", name, str(known.size or ""), _score(selected), _score(confirmed), ""


def _score(score: Interval | None) -> str:
    return str(score) if score else "-"
