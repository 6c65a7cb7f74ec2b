"""The population of regularized evolution: members age, and a member's fitness is looked up, never copied."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from rlsearch.evolve.grammar import pick
from rlsearch.graph.genome import Genome


class Member(NamedTuple):
    """One member: the index of its proposal, and that of its class."""

    proposal: int
    class_index: int


class Population:
    """Members, oldest first, with a log of who entered and who left.

    Attributes:
        genomes: of the members, by the index of their proposal.
    """

    def __init__(self, fitness: Callable[[int], float], sizes: Mapping[int, int]) -> None:
        """Both are by class, and may change as long as the population lives."""
        self.genomes: dict[int, Genome] = {}
        self._fitness, self._sizes = fitness, sizes
        self._members: deque[Member] = deque()
        self._log: list[str] = []

    def __len__(self) -> int:
        return len(self._members)

    @property
    def members(self) -> tuple[Member, ...]:
        """Every member, oldest first."""
        return tuple(self._members)

    @property
    def classes(self) -> set[int]:
        """The classes of the members, each once."""
        return {member.class_index for member in self._members}

    def tournament(self, entrants: int, rng: np.random.Generator) -> int:
        """The index of the fittest of some members drawn with replacement; ties go to the smaller, then to the younger."""
        drawn = [pick(rng, self._members) for _ in range(entrants)]
        return max(
            drawn, key=lambda one: (self._fitness(one.class_index), -self._sizes[one.class_index], one.proposal)
        ).proposal

    def add(self, index: int, class_index: int, genome: Genome) -> None:
        """Let a member enter."""
        self._members.append(Member(index, class_index))
        self.genomes[index] = genome
        self._log.append(f"+{index}")

    def remove_oldest(self) -> None:
        """Let the oldest member leave, however good it is."""
        oldest = self._members.popleft()
        del self.genomes[oldest.proposal]
        self._log.append(f"-{oldest.proposal}")

    def keep_best(self, count: int) -> None:
        """Keep the oldest member of each of the best classes, and nobody else."""
        oldest = {class_index: index for index, class_index in reversed(self._members)}
        best = sorted(oldest, key=lambda one: (-self._fitness(one), self._sizes[one], one))
        self._members = deque(sorted(Member(oldest[one], one) for one in best[:count]))
        kept = {index: self.genomes[index] for index, _ in self._members}
        self._log += [f"-{index}" for index in self.genomes if index not in kept]
        self.genomes = kept

    def regroup(self, classes: Mapping[int, int]) -> None:
        """Note the class of some members, by the index of their proposal: theirs was divided."""
        self._members = deque(one._replace(class_index=classes.get(one.proposal, one.class_index)) for one in self._members)

    def restart(self) -> None:
        """Empty the population."""
        self._members.clear()
        self.genomes.clear()
        self._log.append("restart")

    def take_log(self) -> str:
        """Take the log of what happened since it was last taken, in order: `+7 -3`, or `restart`."""
        log, self._log = " ".join(self._log), []
        return log
