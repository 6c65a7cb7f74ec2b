"""Forward selection: every way to bring one more input into the best few losses of each size.

What a loss lacks is more often information than one more function of what it knows. Mutation finds a given neighbour of a
given parent once in some hundred or thousand proposals, and the parent has to stay in the population meanwhile; here the
neighbours that read something new are gone through once, the smallest leader's first. As in PySR's hall of fame there are
places for each size, and a loss leads only if it beats all smaller ones, so that neither a winner's many relatives nor what
is merely longer is all that is grown.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from rlsearch.evolve.grammar import Grammar, choices, draw_ref, is_loss, renumbered
from rlsearch.graph.genome import Genome, Line, Ref
from rlsearch.registry import operations

WIDTH = 5  # leaders of each size
STREAM = 1  # random numbers apart from those that made the leader's own proposal


def extensions(grammar: Grammar, genome: Genome, rng: np.random.Generator) -> Iterator[Genome]:
    """Every loss with one op more that reads something the loss does not read yet: on the way from a value to its reader,
    or after the loss. Third and further arguments are drawn. Nothing if there is no free line left.
    """
    live = genome.live()
    names = {line.name for line in live}
    read = names.union(*(line.args for line in live))
    lines = [line for place, line in enumerate(genome.lines) if place < grammar.fixed or line.name in names]
    if len(lines) >= len(grammar.given) + grammar.free_nodes:
        return
    for place in range(grammar.fixed, len(lines)):
        for k, value in enumerate(lines[place].args):
            for new in _inserts(grammar, lines[:place], value, read, rng):
                yield from _loss(grammar, [*lines[:place], new, lines[place].reading(k, new.name), *lines[place + 1 :]])
    for new in _inserts(grammar, lines, lines[-1].name, read, rng):
        yield from _loss(grammar, [*lines, new])


def _loss(grammar: Grammar, lines: list[Line]) -> Iterator[Genome]:
    genome = renumbered(lines, grammar.fixed)
    if is_loss(genome):
        yield genome


def _inserts(grammar: Grammar, before: list[Line], value: Ref, read: Set[Ref], rng: np.random.Generator) -> Iterator[Line]:
    """Lines that apply an op to a value and to a name that is not read yet, in all places of the op."""
    readable = grammar.readable(before)
    unread = [(name, kind) for name, kind in readable if name not in read]
    for op in (operations()[name] for name in grammar.ops):
        for slot, place in permutations(range(len(op.args)), 2):
            if op.args[slot] in op.literals or (op.commutes and slot > place):
                continue
            for news in choices(grammar, op, place, unread):
                args = [
                    draw_ref(grammar, op, k, readable, rng) if k not in (slot, place) else value for k in range(len(op.args))
                ]
                args[place] = news
                if isinstance(news, str) and None not in args:
                    yield Line("inserted", op.name, tuple(ref for ref in args if ref is not None))


@dataclass
class _Leader:
    number: int
    genome: Genome
    left: list[Genome] | None = None  # extensions not tried yet; None before the first


class Leaders:
    """The best few classes of each size, and what is still to be tried of each."""

    def __init__(self, grammar: Grammar, seed: int, least: int) -> None:
        """Losses of fewer free lines than `least` are left out: an enumeration has extended them already."""
        self._grammar, self._seed, self._least = grammar, seed, least
        self._best: dict[int, list[_Leader]] = {}  # by size

    def rank(self, number: int, size: int, genome: Genome, fitness: Callable[[int], float]) -> None:
        """Let a new class take its place among those of its size, as far as it has one."""
        if len(genome.lines) - len(self._grammar.given) >= self._least:
            self._best[size] = _ranked([*self._best.get(size, ()), _Leader(number, genome)], fitness)[:WIDTH]

    def next(self, fitness: Callable[[int], float]) -> tuple[Genome, int] | None:
        """An extension not tried yet, and its class: of the smallest leader that has one and beats all smaller losses.

        What failed the first rung leads only while nothing has passed it.
        """
        passed = any(fitness(leader.number) >= 1 for leaders in self._best.values() for leader in leaders)
        best_so_far = 1.0 if passed else float("-inf")
        for _, leaders in sorted(self._best.items()):
            ranked = _ranked(leaders, fitness)
            for leader in ranked:
                if fitness(leader.number) > best_so_far:
                    if leader.left is None:
                        leader.left = self._shuffled(leader)
                    if leader.left:
                        return leader.left.pop(), leader.number
            best_so_far = max(best_so_far, fitness(ranked[0].number))
        return None

    def _shuffled(self, leader: _Leader) -> list[Genome]:
        rng = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(leader.number, STREAM)))
        every = list(extensions(self._grammar, leader.genome, rng))
        return [every[place] for place in rng.permutation(len(every))]


def _ranked(leaders: list[_Leader], fitness: Callable[[int], float]) -> list[_Leader]:
    return sorted(leaders, key=lambda leader: (-fitness(leader.number), leader.number))
