"""Regularized evolution (Real et al. 2019) as a state machine: propose, screen, apply, all in index order.

Proposal i is bred from what was applied up to i - in_flight, whatever the number of workers, and its random stream
depends on the search's seed and i alone. So the state is a pure function of space, seed and results: a search gives the
same rows with 1 or 16 workers, and resuming is replaying.
"""

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rlsearch.equivalence.fingerprint import Classes, fingerprint
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.evolve.extension import Leaders
from rlsearch.evolve.grammar import Grammar, pick, random_genome
from rlsearch.evolve.mutate import mutate
from rlsearch.evolve.standings import Standings
from rlsearch.evolve.start import start_genome
from rlsearch.graph.genome import Genome
from rlsearch.graph.graph import Graph
from rlsearch.simplify.canonical import canonical, loss_size, structural_key

PROMISING = 0.05  # share of the population's classes whose duplicates earn another seed
MOST_SEEDS = 10  # of one class inside a search; more would say nothing that decides
PATIENCE = 5  # at least so many populations pass before a restart
ROOM = 4  # populations that are kept while enumerating, of which the best one stays


@dataclass(frozen=True)
class Settings:
    """How proposals are made; see the space's `evolution` section."""

    population: int
    tournament: int
    fresh: float
    extend: float
    in_flight: int
    mutations: Mapping[str, float]
    restart_after: float
    strategy: str  # evolution, random or enumerate
    equivalence: str
    enumerate_ops: int


@dataclass(frozen=True)
class Proposal:
    """One proposal, screened.

    Attributes:
        index: its place in the search.
        genome: what was proposed.
        parents: indices of the proposals it was bred from.
        origin: the mutation, or `random`, `start`, `enumerate`, `extend`.
        status: `trained` (a new class), `duplicate` (same canonical form as an earlier one), `equivalent` (same gradient
            class), or `rejected`.
        reason: why it was rejected.
        key: structural key of its canonical form.
        class_index: its class: the index of the class's first proposal; -1 if rejected.
        size: ops of its live lines or of its canonical form, whichever is fewer.
        form: the canonical form, for a new class.
        extra_seed: index of the further seed that its class is trained with; -1 for none.
        population: what became of the population since the proposal before was made: `+7` for a member that entered, `-3`
            for one that left, `restart`.
    """

    index: int
    genome: Genome
    parents: tuple[int, ...]
    origin: str
    status: str
    reason: str
    key: str
    class_index: int
    size: int
    form: Graph | None
    extra_seed: int
    population: str


class Evolution:
    """The state of a search. `propose(i)` needs everything up to i - in_flight applied, and nothing after it."""

    def __init__(
        self, grammar: Grammar, settings: Settings, seed: int, starts: Sequence[Genome], rungs: int, seeds: int
    ) -> None:
        self.grammar, self.settings, self.seed = grammar, settings, seed
        self.starts = tuple(start_genome(grammar, genome.graph()) for genome in starts)
        self.standings = Standings(rungs)
        self.size: dict[int, int] = {}  # ops of each class's smallest member so far
        self._last_rung, self._seeds = rungs - 1, seeds
        self._classes = Classes()
        self._leaders = Leaders(grammar, seed, settings.enumerate_ops)
        self._by_key: dict[str, tuple[int, str]] = {}  # class, or why such a form is rejected
        self._genomes: dict[int, Genome] = {}  # of the population's members
        self._population: deque[tuple[int, int]] = deque()  # (index, class), oldest first
        self._events: list[str] = []  # of the population, since the last proposal
        self._extra: dict[int, int] = {}  # further seeds given to a class
        self._epoch, self._best, self._improved_at = 0, -1.0, 0
        self._enumeration: Iterator[Genome] | None = None
        if settings.enumerate_ops:
            self._enumeration = enumerate_genomes(grammar, settings.enumerate_ops)

    # Proposing.

    def propose(self, index: int) -> Proposal | None:
        """The proposal of this index, screened; None where an enumeration is exhausted."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(index,)))
        draft = self._draft(index, rng)
        return None if draft is None else self._screened(index, *draft)

    def _draft(self, index: int, rng: np.random.Generator) -> tuple[Genome, tuple[int, ...], str] | None:
        if index < len(self.starts):
            return self.starts[index], (), "start"
        if self._enumeration is not None:
            genome = next(self._enumeration, None)
            if genome is not None:
                return genome, (), "enumerate"
            self._enumeration = None
            self._keep_best()
            self._improved_at = index  # evolution begins here; it has not been stale while sizes were counted up
        if self.settings.strategy == "enumerate":
            return None
        self._restart_if_stale(index)
        filling = len(self._population) < self.settings.population
        if self.settings.strategy == "random" or (not self.starts and filling) or rng.random() < self.settings.fresh:
            return random_genome(self.grammar, rng), (), "random"
        if rng.random() < self.settings.extend and (extended := self._leaders.next(self.standings.fitness)):
            return extended[0], (extended[1],), "extend"
        if filling:
            mother = father = int(rng.random() * len(self.starts))
            genomes: Mapping[int, Genome] = dict(enumerate(self.starts))
        else:
            mother, father, genomes = self._tournament(rng), self._tournament(rng), self._genomes
        child = mutate(self.grammar, genomes[mother], genomes[father], self.settings.mutations, rng)
        if child is None:
            return random_genome(self.grammar, rng), (), "random"
        return child[0], (mother, father) if child[1] == "graft" else (mother,), child[1]

    def _tournament(self, rng: np.random.Generator) -> int:
        """The fittest of a few members, ties to the smaller, then to the younger; its index."""
        drawn = [pick(rng, self._population) for _ in range(self.settings.tournament)]
        return max(drawn, key=lambda member: (self.standings.fitness(member[1]), -self.size[member[1]], member[0]))[0]

    def _restart_if_stale(self, index: int) -> None:
        applied = index - self.settings.in_flight
        patience = max(self.settings.restart_after * applied, PATIENCE * self.settings.population)
        if self.settings.strategy == "evolution" and applied - self._improved_at > patience:
            self._population.clear()
            self._genomes.clear()
            self._events.append("restart")
            self._leaders = Leaders(self.grammar, self.seed, self.settings.enumerate_ops)
            self._epoch, self._best, self._improved_at = index, -1.0, applied

    def _keep_best(self) -> None:
        """What an enumeration leaves as population is the best classes of it, each once, not the last of it."""
        oldest = {number: index for index, number in reversed(self._population)}
        best = sorted(oldest, key=lambda number: (-self.standings.fitness(number), self.size[number], number))
        self._population = deque(sorted((oldest[number], number) for number in best[: self.settings.population]))
        kept = {index: self._genomes[index] for index, _ in self._population}
        self._events += [f"-{index}" for index in self._genomes if index not in kept]
        self._genomes = kept

    # Screening.

    def _screened(self, index: int, genome: Genome, parents: tuple[int, ...], origin: str) -> Proposal:
        graph = genome.graph()
        form = canonical(graph)
        key, size = structural_key(form), loss_size(graph, form)
        new_form = key not in self._by_key
        if new_form:
            self._by_key[key] = self._identify(index, form)
        number, reason = self._by_key[key]
        status = "rejected" if reason else "trained" if number == index else "equivalent" if new_form else "duplicate"
        if not reason:
            self.size[number] = min(self.size.get(number, size), size)
        extra = self.further_seed(number) if status in ("duplicate", "equivalent") else -1
        kept = form if status == "trained" else None
        events, self._events = " ".join(self._events), []
        return Proposal(index, genome, parents, origin, status, reason, key, number, size, kept, extra, events)

    def _identify(self, index: int, form: Graph) -> tuple[int, str]:
        """The class of a form not met before, or why it cannot train anything."""
        if not form.carries[form.root]:
            return -1, "gradient is zero"
        print_ = fingerprint(form, self.settings.equivalence)
        if print_.flaw:
            return -1, print_.flaw
        number = self._classes.find(print_)
        if number is None:
            number = index
            self._classes.add(print_, number)
        return number, ""

    def further_seed(self, number: int) -> int:
        """A class among the best of the population earns another seed when it is found again; its number, or -1.

        Only on the last rung: a further seed on an earlier one would not let the class climb. Each class counts once: the
        copies of one winner would fill the top of the population, and the seeds its rivals need would never be spent.
        """
        if number not in self.standings or self.standings[number].rung < self._last_rung or not self._population:
            return -1
        further = self._seeds + self._extra.get(number, 0)
        if further >= MOST_SEEDS:
            return -1
        ranked = sorted(map(self.standings.fitness, {member for _, member in self._population}), reverse=True)
        if self.standings.fitness(number) < ranked[math.ceil(PROMISING * len(ranked)) - 1]:
            return -1
        self._extra[number] = self._extra.get(number, 0) + 1
        return further

    # Applying.

    def apply(self, proposal: Proposal, climbed: Sequence[dict[int, float]]) -> None:
        """Let a proposal take effect, with its scores by seed on each rung it was trained on."""
        if climbed:
            self.standings.record(proposal.class_index, climbed)
        if proposal.status == "rejected" or proposal.index < self._epoch:
            return
        if proposal.status == "trained":
            self._leaders.rank(proposal.class_index, self.size[proposal.class_index], proposal.genome, self.standings.fitness)
        self._population.append((proposal.index, proposal.class_index))
        self._genomes[proposal.index] = proposal.genome
        self._events.append(f"+{proposal.index}")
        if self._enumeration is not None:
            if len(self._population) > ROOM * self.settings.population:
                self._keep_best()
        elif len(self._population) > self.settings.population:
            gone, _ = self._population.popleft()
            del self._genomes[gone]
            self._events.append(f"-{gone}")
        fitness = self.standings.fitness(proposal.class_index)
        if fitness > self._best:
            self._best, self._improved_at = fitness, proposal.index
