"""Scores of each class: the rung it reached, its scores by seed there, and the score that selection may believe.

A score from few seeds is shrunk towards the mean of all classes of its rung, (n*mean + k*prior)/(n + k) with k = variance
between seeds over variance between classes (empirical Bayes), so that one lucky seed cannot win tournaments for ever.
What each rule of this file buys is measured in tests/evolve/test_honesty.py.

Some seeds are harder than others. All classes meet the same ones, so that a difference to the start loss would leave their
order as it is, except for classes with further seeds. To know every seed's difficulty and take it off would make a winner
better by 0.01 (standard error 0.03) standard deviations between classes, simulated with the variances of the shipped
quickstart's last rung (seeds 0.0018, classes 0.010, the rest 0.011). So nothing is taken off.
"""

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

PREVIOUS_RUNG_WEIGHT = 1e-3  # of the mean score there: it decides where a rung gives everyone nothing
MIN_CLASSES = 10  # until so many classes have two seeds, k is 1: a class's own score and the prior weigh the same
# Where classes differ by noise alone the variance between them is estimated as 0 or less, and k needs an end. Simulated with
# true k from 0.25 to 64 and 14 to 200 classes, ends of 30 and more lose nothing; 10 loses up to 5 % from k = 64 on.
MAX_SHRINKAGE = 30.0


@dataclass
class ClassScore:
    """The scores of a class on the highest rung it reached, by seed, and its mean on the rung before."""

    rung: int
    scores: dict[int, float] = field(default_factory=dict)
    previous_mean: float = 0.0

    @property
    def mean(self) -> float:
        """Mean score over seeds."""
        return sum(self.scores.values()) / len(self.scores)


@dataclass
class _RungSums:
    """Sums over the classes of one rung."""

    means: list[float] = field(default_factory=list)  # sorted, one per class that reached the rung, for `keep_top`
    classes: int = 0  # whose highest rung this is
    total: float = 0.0  # of their means
    squares: float = 0.0  # of their means
    within: float = 0.0  # squared deviations of seeds from their class's mean
    inverses: float = 0.0  # of their numbers of seeds
    freedom: int = 0  # seeds less classes
    repeated: int = 0  # classes of two seeds or more


class ClassScores:
    """The scores of every class that has been trained."""

    def __init__(self, rungs: int) -> None:
        self._rungs = [_RungSums() for _ in range(rungs)]
        self._scores: dict[int, ClassScore] = {}
        self._fitness: dict[int, float] = {}  # until the next score is recorded

    def __contains__(self, class_index: int) -> bool:
        return class_index in self._scores

    def __getitem__(self, class_index: int) -> ClassScore:
        return self._scores[class_index]

    def classes(self) -> list[int]:
        """Indices of the classes, in the order in which they were first scored."""
        return list(self._scores)

    def record(self, class_index: int, climbed: Sequence[dict[int, float]]) -> None:
        """Add a class's scores by seed on each rung it was trained on, or further seeds on its last rung."""
        known = self._scores.get(class_index)
        if known is None:
            for rung, scores in enumerate(climbed):
                insort(self._rungs[rung].means, sum(scores.values()) / len(scores))
            previous = sum(climbed[-2].values()) / len(climbed[-2]) if len(climbed) > 1 else 0.0
            known = self._scores[class_index] = ClassScore(len(climbed) - 1, dict(climbed[-1]), previous)
        else:
            self._count(known, -1)
            for scores in climbed:
                known.scores.update(scores)
        self._count(known, +1)

    def _count(self, score: ClassScore, sign: int) -> None:
        self._fitness.clear()
        rung, n, mean = self._rungs[score.rung], len(score.scores), score.mean
        rung.classes += sign
        rung.total += sign * mean
        rung.squares += sign * mean * mean
        rung.within += sign * sum((one - mean) ** 2 for one in score.scores.values())
        rung.inverses += sign / n
        rung.freedom += sign * (n - 1)
        rung.repeated += sign * (n > 1)

    def fitness(self, class_index: int) -> float:
        """The rung reached plus a share of 1 for the scores there, so that a failure of an earlier rung ranks below every pass.

        The score of the rung before decides ties: a rung that most classes fail with the same least score says nothing.
        A class without a score has -1.
        """
        fitness = self._fitness.get(class_index)
        if fitness is None:
            fitness = self._fitness[class_index] = self._fitness_of(class_index)
        return fitness

    def _fitness_of(self, class_index: int) -> float:
        known = self._scores.get(class_index)
        if known is None:
            return -1.0
        weight = PREVIOUS_RUNG_WEIGHT
        return known.rung + (self.shrunken_score(class_index) + weight * known.previous_mean) / (1.0 + weight)

    def shrunken_score(self, class_index: int) -> float:
        """The score of a class on its rung that selection believes, from 0 to 1."""
        known = self._scores[class_index]
        rung, n = self._rungs[known.rung], len(known.scores)
        prior, k = rung.total / rung.classes, self.shrinkage(known.rung)
        return (n * known.mean + k * prior) / (n + k)

    def shrinkage(self, rung: int) -> float:
        """The weight of a rung's prior, in seeds: k."""
        known = self._rungs[rung]
        if known.repeated < MIN_CLASSES:
            return 1.0
        within = known.within / known.freedom
        spread = (known.squares - known.total**2 / known.classes) / (known.classes - 1)
        # Means of n seeds also spread by within / n. Its average hangs on the classes with few seeds, so it is not
        # within / (average n), which would find k six times too small where a few classes have ten seeds and most have one.
        between = spread - within * known.inverses / known.classes
        return min(within / max(between, 1e-6), MAX_SHRINKAGE)

    def reached(self, rung: int) -> int:
        """The number of classes that were trained on a rung."""
        return len(self._rungs[rung].means)

    def bar(self, rung: int, keep_top: float) -> float:
        """The least score of the best share `keep_top` of the classes of a rung; none while fewer than five are known."""
        means = self._rungs[rung].means
        if len(means) < 5 or keep_top >= 1:
            return float("-inf")
        return means[-max(math.ceil(len(means) * keep_top - 1e-9), 1)]  # 1e-9: 5 * 0.2 may come out above 1
