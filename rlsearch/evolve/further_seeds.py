"""Further seeds: classes among the best of the population are trained once more whenever they are proposed again."""

import math

from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.population import Population

TOP_SHARE = 0.05  # of the population's classes
MAX_SEEDS = 10  # of one class inside a search; more would say nothing that decides


class FurtherSeeds:
    """The further seeds that each class was granted."""

    def __init__(self, class_scores: ClassScores, last_rung: int, seeds: int) -> None:
        """`seeds` are those that every class has on the last rung."""
        self._class_scores, self._last_rung, self._seeds = class_scores, last_rung, seeds
        self._granted: dict[int, int] = {}

    def grant(self, class_index: int, population: Population) -> int:
        """Grant a class one more seed if it is among the best of the population's classes.

        Only on the last rung: a further seed on an earlier one would not let the class climb. Each class counts once: the
        copies of one winner would fill the top of the population, and the seeds its rivals need would never be spent.

        Returns:
            The seed's number, or -1 for none.
        """
        scores = self._class_scores
        if class_index not in scores or scores[class_index].rung < self._last_rung or not population:
            return -1
        seed = self._seeds + self._granted.get(class_index, 0)
        if seed >= MAX_SEEDS:
            return -1
        fitness = sorted(map(scores.fitness, population.classes), reverse=True)
        if scores.fitness(class_index) < fitness[math.ceil(TOP_SHARE * len(fitness)) - 1]:
            return -1
        self._granted[class_index] = self._granted.get(class_index, 0) + 1
        return seed
