"""Selection after a confirmation: the score of each loss, the pick, and the front of score and size.

Half of the fresh seeds choose the pick and the other half say how good it is: the best of several noisy means is too high,
so seeds that chose cannot report. What that buys is measured in tests/analysis/test_selection.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rlsearch.evaluation.scores import seed_scores
from rlsearch.evaluation.statistics import Interval, mean_interval, standard_error
from rlsearch.evaluation.trial import TrialRow
from rlsearch.space.model import Score


@dataclass(frozen=True)
class ConfirmedScore:
    """The score of a loss on fresh seeds.

    Attributes:
        score: over the seeds that did not choose the pick, environments joined; not clipped.
        choosing: mean over the seeds that did, and its standard error, None of a single seed.
        rows: every trial, of seeds that all confirmed losses met.
    """

    score: Interval
    choosing: tuple[float, float | None]
    rows: tuple[TrialRow, ...] = field(repr=False)

    @property
    def reported(self) -> tuple[TrialRow, ...]:
        """The trials of the seeds that did not choose: scores of single environments must not flatter the pick either."""
        seeds = sorted({row.seed_index for row in self.rows})
        return tuple(row for row in self.rows if row.seed_index in seeds[len(seeds) // 2 :])


def confirmed_score(rows: Sequence[TrialRow], common: Collection[int], score: Score) -> ConfirmedScore:
    """The confirmed score of a loss, over the seeds that all losses met: two or more.

    A replicate is one seed of all environments, joined, so the bootstrap has a single stratum.
    """
    kept = [row for row in rows if row.seed_index in common]
    scores = seed_scores(kept, score, clip=False)
    choosing, reporting = scores[: len(scores) // 2], scores[len(scores) // 2 :]
    chose = sum(choosing) / len(choosing), standard_error(choosing)
    return ConfirmedScore(mean_interval(reporting), chose, tuple(kept))


def pick(size: Mapping[int, int], choosing: Mapping[int, tuple[float, float | None]]) -> int:
    """The smallest class within one standard error of the best, on the choosing seeds; ties to the better.

    Args:
        size: of each class.
        choosing: mean and standard error of each class that may be picked.
    """
    best, error = max((mean, error or 0.0) for mean, error in choosing.values())
    close = [number for number, (mean, _) in choosing.items() if mean >= best - error]
    return min(close, key=lambda number: (size[number], -choosing[number][0]))


def front(size: Mapping[int, int], score: Mapping[int, float]) -> list[int]:
    """The Pareto front, small to large: classes with a score to which no class is at least equal in size and score and in
    one of them better.

    It shows what was found, and chooses nothing: `evaluation.confirmation.hall_of_fame` chooses what is confirmed,
    `evolve.forward_selection.ForwardSelection` what a search grows.
    """
    found: list[int] = []
    for number in sorted(score, key=lambda number: (size[number], -score[number])):
        last = found[-1] if found else None
        same = last is not None and (size[last], score[last]) == (size[number], score[number])
        if last is None or score[number] > score[last] or same:
            found.append(number)
    return found
