"""What is known of each class: the rung it reached, its scores there, and the score that selection may believe.

A score from few seeds is shrunk towards the mean of all classes of its rung, (n*mean + k*prior)/(n + k) with k = variance
between seeds over variance between classes (empirical Bayes), so that one lucky seed cannot win tournaments for ever.
"""

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

BEFORE = 1e-3  # weight of the rung before: it decides where a rung gives everyone nothing
MIN_CLASSES = 10  # until so many classes have two seeds, k is 1: a class's own score and the prior weigh the same


@dataclass
class Standing:
    """A class on the highest rung it reached: seeds met there and its score with each; its mean on the rung before."""

    rung: int
    scores: dict[int, float] = field(default_factory=dict)
    before: float = 0.0

    @property
    def mean(self) -> float:
        """Mean score over seeds."""
        return sum(self.scores.values()) / len(self.scores)


@dataclass
class _Rung:
    """Sums over the classes of one rung."""

    means: list[float] = field(default_factory=list)  # sorted, one per class that reached the rung, for `keep_top`
    classes: int = 0  # that stand here
    total: float = 0.0  # of their means
    squares: float = 0.0  # of their means
    within: float = 0.0  # squared deviations of seeds from their class's mean
    freedom: int = 0  # seeds less classes
    repeated: int = 0  # classes of two seeds or more


class Standings:
    """Every class that has been trained."""

    def __init__(self, rungs: int) -> None:
        self._rungs = [_Rung() for _ in range(rungs)]
        self._standing: dict[int, Standing] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._standing

    def __getitem__(self, number: int) -> Standing:
        return self._standing[number]

    def numbers(self) -> list[int]:
        """Classes by number, in the order in which they were first scored."""
        return list(self._standing)

    def record(self, number: int, climbed: Sequence[dict[int, float]]) -> None:
        """Add a class's scores by seed on each rung it was trained on, or further seeds on its last rung."""
        known = self._standing.get(number)
        if known is None:
            for rung, scores in enumerate(climbed):
                insort(self._rungs[rung].means, sum(scores.values()) / len(scores))
            before = sum(climbed[-2].values()) / len(climbed[-2]) if len(climbed) > 1 else 0.0
            known = self._standing[number] = Standing(len(climbed) - 1, dict(climbed[-1]), before)
        else:
            self._count(known, -1)
            for scores in climbed:
                known.scores.update(scores)
        self._count(known, +1)

    def _count(self, standing: Standing, sign: int) -> None:
        rung, n, mean = self._rungs[standing.rung], len(standing.scores), standing.mean
        rung.classes += sign
        rung.total += sign * mean
        rung.squares += sign * mean * mean
        rung.within += sign * sum((score - mean) ** 2 for score in standing.scores.values())
        rung.freedom += sign * (n - 1)
        rung.repeated += sign * (n > 1)

    def fitness(self, number: int) -> float:
        """Rung reached plus shrunken score, so that a failure of an earlier rung ranks below every pass; -1 if unscored.

        The score of the rung before decides ties: a rung that most classes fail with the same least score says nothing.
        """
        standing = self._standing.get(number)
        if standing is None:
            return -1.0
        rung = self._rungs[standing.rung]
        prior, k, n = rung.total / rung.classes, self._shrinkage(rung), len(standing.scores)
        return standing.rung + (n * standing.mean + k * prior) / (n + k) + BEFORE * standing.before

    def _shrinkage(self, rung: _Rung) -> float:
        if rung.repeated < MIN_CLASSES or rung.freedom == 0:
            return 1.0
        within = rung.within / rung.freedom
        spread = (rung.squares - rung.total**2 / rung.classes) / max(rung.classes - 1, 1)
        # The spread of means holds seed noise as well: taken off for the mean number of seeds.
        between = spread - within * rung.classes / (rung.freedom + rung.classes)
        return min(within / max(between, 1e-6), 10.0)

    def bar(self, rung: int, keep_top: float) -> float:
        """The score that the best share `keep_top` of the classes of a rung reach; none while fewer than five are known."""
        means = self._rungs[rung].means
        if len(means) < 5 or keep_top >= 1:
            return float("-inf")
        return means[-max(math.ceil(len(means) * keep_top - 1e-9), 1)]  # 1e-9: 5 * 0.2 may come out above 1
