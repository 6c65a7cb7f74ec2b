"""Counts of a run's proposals by outcome, and of its trainings that diverged or were cut."""

from collections import Counter
from dataclasses import dataclass

from rlsearch.store.journal import Journal

UNKNOWN = "unknown"  # of trials that were journalled before culprits were


@dataclass(frozen=True)
class Outcomes:
    """Counts, the largest first.

    Attributes:
        proposals: by outcome: trained, duplicate, equivalent, rejected, disagree.
        rejected: the rejected ones by reason.
        diverged: the search's trials that diverged, by what first left the finite numbers.
        cut: the search's trials that their time limit ended.
    """

    proposals: dict[str, int]
    rejected: dict[str, int]
    diverged: dict[str, int]
    cut: int = 0

    @property
    def by_reason(self) -> dict[str, int]:
        """The proposals by outcome, rejections by reason (`rejected: gradient is constant`); the largest first."""
        counts = {name: count for name, count in self.proposals.items() if name != "rejected"}
        counts |= {f"rejected: {reason}": count for reason, count in self.rejected.items()}
        return dict(Counter(counts).most_common())


def outcomes(journal: Journal) -> Outcomes:
    """The counts of a run's proposals and trials so far."""
    proposals, rejected = Counter[str](), Counter[str]()
    for row in journal.proposals():
        proposals[row.status] += 1
        if row.status == "rejected":
            rejected[row.reason] += 1
    results = [row.result for rows in journal.trials().values() for row in rows]
    diverged = Counter(result.culprit or UNKNOWN for result in results if result.diverged_at >= 0)
    cut = sum(result.cut_after_s is not None for result in results)
    return Outcomes(dict(proposals.most_common()), dict(rejected.most_common()), dict(diverged.most_common()), cut)
