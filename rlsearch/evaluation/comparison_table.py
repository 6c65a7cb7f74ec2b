"""A comparison as a small table, and as records of its summaries."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rlsearch.evaluation.table import Table

if TYPE_CHECKING:
    from rlsearch.evaluation.comparison import Comparison

SHOWN = 24  # rows
SUMMARY = ("loss", "env", "measure", "mean", "low", "high", "seeds", "difference", "difference_low", "difference_high")


def comparison_table(found: "Comparison") -> Table:
    """Every loss in every environment, and over all of them, by area."""
    rows = [
        (row.loss, row.env or "all", str(row.score), str(row.difference) if row.difference else "-")
        for row in found.summaries
        if row.measure == "area" and (row.env is not None or len(found.envs) > 1)
    ]
    notes = [f"{name} is trained once with {other}: same canonical form." for name, other in found.same_as.items()]
    more = [f"and {len(rows) - SHOWN:,} more rows"] if len(rows) > SHOWN else []
    title = f"{title_of(found)}; area: mean over training, 0 is the random policy, 1 the best known; 95 % intervals"
    return Table(title, ("loss", "environment", "area", f"minus {found.reference}"), rows[:SHOWN], (*more, *notes))


def title_of(found: "Comparison") -> str:
    """The extent of a comparison: `2 losses in 1 environment, 10 seeds of 10,000 steps each`."""
    losses, envs = len(found.losses), len(found.envs)
    return (
        f"{losses} loss{'es' * (losses > 1)} in {envs} environment{'s' * (envs > 1)}, "
        f"{found.seeds:,} seed{'s' * (found.seeds > 1)} of {found.steps:,} steps each"
    )


def summary_records(found: "Comparison") -> Iterator[dict[str, Any]]:
    """The summaries under the names of SUMMARY; `env` is "all" over all of them, the reference has no difference."""
    for row in found.summaries:
        score, difference = row.score, row.difference
        ends = (difference.mean, difference.low, difference.high) if difference else (None, None, None)
        values = (row.loss, row.env or "all", row.measure, score.mean, score.low, score.high, score.n, *ends)
        yield dict(zip(SUMMARY, values, strict=True))
