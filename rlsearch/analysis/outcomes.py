"""What became of a run's proposals, and of its trainings that diverged, in counts."""

from collections import Counter
from dataclasses import dataclass

from rlsearch.store.journal import Journal

UNKNOWN = "unknown"  # of trials that were journalled before culprits were


@dataclass(frozen=True)
class Outcomes:
    """Counts, the largest first.

    Attributes:
        fates: proposals by fate: trained, duplicate, equivalent, rejected, disagree.
        rejected: the rejected ones by reason.
        diverged: the search's trials that diverged, by what first left the finite numbers.
    """

    fates: dict[str, int]
    rejected: dict[str, int]
    diverged: dict[str, int]


def outcomes(journal: Journal) -> Outcomes:
    """Count what has become of a run's proposals and trials so far."""
    fates, rejected = Counter[str](), Counter[str]()
    for row in journal.proposals():
        fates[row.status] += 1
        if row.status == "rejected":
            rejected[row.reason] += 1
    results = (row.result for rows in journal.trials().values() for row in rows)
    diverged = Counter(result.culprit or UNKNOWN for result in results if result.diverged_at >= 0)
    return Outcomes(dict(fates.most_common()), dict(rejected.most_common()), dict(diverged.most_common()))
