"""Regularized evolution (Real et al. 2019) as a state machine: propose, screen, apply, all in index order.

Proposal i is bred from what was applied up to i - in_flight, whatever the number of workers, and its random stream
depends on the search's seed and i alone. So the state is a pure function of space, seed and results: a search gives the
same rows with 1 or 16 workers, and resuming is replaying.

The algorithm is `_breed`, a child is a mutation of the winner of a tournament, and `apply`, every member enters and the
oldest leaves. Start losses and an enumeration come before it, extensions of leading losses and restarts beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import numpy as np

from rlsearch.equivalence.reservoir import Recorded
from rlsearch.evolve.class_scores import ClassScores
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.evolve.forward_selection import ForwardSelection
from rlsearch.evolve.further_seeds import FurtherSeeds
from rlsearch.evolve.grammar import Grammar, random_genome
from rlsearch.evolve.guard import Guard
from rlsearch.evolve.mutations import mutate
from rlsearch.evolve.population import Population
from rlsearch.evolve.proposal import Draft, Proposal
from rlsearch.evolve.screening import Screening
from rlsearch.evolve.settings import Settings
from rlsearch.evolve.split import Split
from rlsearch.evolve.start_losses import start_genome
from rlsearch.graph.genome import Genome
from rlsearch.graph.text import print_graph
from rlsearch.simplify.canonical import canonical

RESTART_PATIENCE = 5  # populations at least that pass without a better class before a restart
ENUMERATION_CAP = 4  # populations that are kept while enumerating, of which the best one stays


class Evolution:
    """The state of a search. `propose(i)` needs everything up to i - in_flight applied, and nothing after it.

    Attributes:
        starts: the losses to start from, as genomes of the grammar.
        class_scores: the scores of the classes that were trained.
        population: the members that breed.
        further_seeds: what the best classes earned beyond their own seeds.
        texts: of the form that each class is trained in.
        guard: which checks the classes on what was recorded.
    """

    def __init__(
        self,
        grammar: Grammar,
        settings: Settings,
        seed: int,
        starts: Sequence[Genome],
        rungs: int,
        seeds: int,
        known: Set[str] = frozenset(),
    ) -> None:
        """`rungs` is how many there are, `seeds` how many every class has on the last one, `known` keys of known losses."""
        self.grammar, self.settings, self.seed = grammar, settings, seed
        self.starts = tuple(start_genome(grammar, genome.graph()) for genome in starts)
        self.class_scores = ClassScores(rungs)
        self._screening = Screening(settings.equivalence, grammar.limits)
        self.population = Population(self.class_scores.fitness, self.size)
        self.further_seeds = FurtherSeeds(self.class_scores, rungs - 1, seeds)
        self.texts: dict[int, str] = {}
        fitness = self.class_scores.fitness
        self.guard = Guard(self._screening, self.population, fitness, self.texts, settings.equivalence, known)
        self._forward_selection = ForwardSelection(grammar, seed, settings.enumerate_ops)
        self._epoch, self._best, self._improved_at = 0, -1.0, 0
        self._enumeration: Iterator[Genome] | None = None
        if settings.enumerate_ops:
            self._enumeration = enumerate_genomes(grammar, settings.enumerate_ops)

    @property
    def size(self) -> dict[int, int]:
        """The size of each class's smallest member so far."""
        return self._screening.sizes

    def propose(self, index: int) -> Proposal | None:
        """The proposal of this index, screened; None where an enumeration is exhausted."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(index,)))
        draft = self._draft(index, rng)
        if draft is None:
            return None
        graph = draft.genome.graph()
        screened = self._screening.screen(index, graph)
        if draft.origin == "split":
            screened = screened._replace(status="trained", class_index=draft.parents[0], form=canonical(graph))
        if screened.form is not None:
            self.texts[screened.class_index] = print_graph(screened.form)
        met_again = screened.status in ("duplicate", "equivalent")
        return Proposal(
            index=index,
            genome=draft.genome,
            parents=draft.parents,
            origin=draft.origin,
            status=screened.status,
            reason=screened.reason,
            key=screened.key,
            class_index=screened.class_index,
            size=screened.size,
            form=screened.form,
            extra_seed=self.further_seeds.grant(screened.class_index, self.population) if met_again else -1,
            population=self.population.take_log(),
        )

    def _draft(self, index: int, rng: np.random.Generator) -> Draft | None:
        """The next start loss; else what left its class, or the next of the enumeration; else a random genome or a child."""
        if index < len(self.starts):
            return Draft(self.starts[index], (), "start")
        if self.guard.repairs:
            member, form = self.guard.repairs.popleft()
            return Draft(form, (member,), "split")
        if self._enumeration is not None:
            genome = next(self._enumeration, None)
            if genome is not None:
                return Draft(genome, (), "enumerate")
            self._end_enumeration(index)
        if self.settings.strategy == "enumerate":
            return None
        if self.settings.strategy == "evolution":
            self._restart_if_stale(index)
        return self._breed(rng)

    def _breed(self, rng: np.random.Generator) -> Draft:
        """A random genome, an extension of a leading loss, or a mutation of the winner of a tournament."""
        settings, filling = self.settings, len(self.population) < self.settings.population
        if settings.strategy == "random" or (filling and not self.starts) or rng.random() < settings.fresh:
            return self._random(rng)
        if rng.random() < settings.extend and (extended := self._forward_selection.next(self.class_scores.fitness)):
            genome, parent = extended
            return Draft(genome, (parent,), "extend")
        genomes: Mapping[int, Genome] = self.population.genomes
        if filling:
            genomes = dict(enumerate(self.starts))
            mother = father = int(rng.random() * len(self.starts))
        else:
            mother, father = (self.population.tournament(settings.tournament, rng) for _ in range(2))
        child = mutate(self.grammar, genomes[mother], genomes[father], settings.mutations, rng)
        if child is None:
            return self._random(rng)
        genome, mutation = child
        return Draft(genome, (mother, father) if mutation == "graft" else (mother,), mutation)

    def _random(self, rng: np.random.Generator) -> Draft:
        return Draft(random_genome(self.grammar, rng), (), "random")

    def apply(
        self, proposal: Proposal, climbed: Sequence[dict[int, float]], recorded: Iterable[Recorded] = ()
    ) -> tuple[Split, ...]:
        """Let a proposal take effect, with its scores by seed on each rung it was trained on and what its trials recorded.

        Returns:
            The forms that were found to have been called equivalent falsely.
        """
        if climbed:
            self.class_scores.record(proposal.class_index, climbed)
        class_index, splits = self.guard.settle(proposal)
        if proposal.status != "rejected" and proposal.index >= self._epoch:
            self._enter(proposal, class_index)
        return (*splits, *self.guard.note(proposal, class_index, recorded))

    def _enter(self, proposal: Proposal, class_index: int) -> None:
        """Let a proposal become a member of the population, and the oldest member leave."""
        fitness = self.class_scores.fitness(class_index)
        if proposal.status == "trained":
            size = self.size[class_index]
            self._forward_selection.add(class_index, size, proposal.genome, self.class_scores.fitness)
        self.population.add(proposal.index, class_index, proposal.genome)
        if self._enumeration is not None:
            if len(self.population) > ENUMERATION_CAP * self.settings.population:
                self.population.keep_best(self.settings.population)
        elif len(self.population) > self.settings.population:
            self.population.remove_oldest()
        if fitness > self._best:
            self._best, self._improved_at = fitness, proposal.index

    def _restart_if_stale(self, index: int) -> None:
        """Empty the population if nothing better was applied for long; what is in flight then stays out of the new one."""
        applied = index - self.settings.in_flight
        patience = max(self.settings.restart_after * applied, RESTART_PATIENCE * self.settings.population)
        if applied - self._improved_at > patience:
            self.population.restart()
            self._forward_selection = ForwardSelection(self.grammar, self.seed, self.settings.enumerate_ops)
            self._epoch, self._best, self._improved_at = index, -1.0, applied

    def _end_enumeration(self, index: int) -> None:
        """Begin evolution with the best classes of an enumeration, each once, not with the last of it."""
        self._enumeration = None
        self.population.keep_best(self.settings.population)
        self._improved_at = index  # it has not been stale while sizes were counted up
