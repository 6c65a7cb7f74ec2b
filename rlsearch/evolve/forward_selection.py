"""Forward selection: every way to bring one more input into the best few losses of each size.

What a loss lacks is more often information than one more function of what it knows. Mutation finds a given neighbour of a
given parent once in some hundred or thousand proposals, and the parent has to stay in the population meanwhile; here the
neighbours that read something new are gone through once, the smallest leader's first. As in PySR's hall of fame some
losses of each size are kept, and one leads only if it beats all smaller ones, so that neither a winner's many relatives nor
what is merely longer is all that is grown.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from rlsearch.evolve.grammar import Grammar, choices, draw_ref, renumber
from rlsearch.graph.genome import Genome, Line, Ref
from rlsearch.registry import operations

LEADERS_PER_SIZE = 5
EXTENSION_STREAM = 1  # random numbers apart from those that made the leader's own proposal


def extensions(grammar: Grammar, genome: Genome, rng: np.random.Generator) -> Iterator[Genome]:
    """The losses with one op more that reads something the loss does not read yet: on the way from a value to its reader,
    or after the loss. Third and further arguments are drawn. Nothing if there is no free line left.
    """
    live = genome.live()
    names = {line.name for line in live}
    read = names.union(*(line.args for line in live))
    lines = [line for index, line in enumerate(genome.lines) if index < grammar.fixed or line.name in names]
    if len(lines) >= len(grammar.given) + grammar.free_nodes:
        return
    for index in range(grammar.fixed, len(lines)):
        for k, value in enumerate(lines[index].args):
            for new in _insertions(grammar, lines[:index], value, read, rng):
                yield from _loss(grammar, [*lines[:index], new, lines[index].reading(k, new.name), *lines[index + 1 :]])
    for new in _insertions(grammar, lines, lines[-1].name, read, rng):
        yield from _loss(grammar, [*lines, new])


def _loss(grammar: Grammar, lines: list[Line]) -> Iterator[Genome]:
    genome = renumber(lines, grammar.fixed)
    if grammar.allows(genome):
        yield genome


def _insertions(grammar: Grammar, before: list[Line], value: Ref, read: Set[Ref], rng: np.random.Generator) -> Iterator[Line]:
    """Lines that apply an op to a value and to a name that is not read yet, each as any of its arguments."""
    readable = grammar.readable(before)
    unread = [(name, kind) for name, kind in readable if name not in read]
    for op in (operations()[name] for name in grammar.ops):
        for slot, other in permutations(range(len(op.args)), 2):
            if op.args[slot] in op.literals or (op.commutes and slot > other):
                continue
            for news in choices(grammar, op, other, unread):
                args = [
                    draw_ref(grammar, op, k, readable, rng) if k not in (slot, other) else value for k in range(len(op.args))
                ]
                args[other] = news
                if isinstance(news, str) and None not in args:
                    yield Line("inserted", op.name, tuple(ref for ref in args if ref is not None))


@dataclass
class _Leader:
    class_index: int
    genome: Genome
    left: list[Genome] | None = None  # extensions not tried yet; None before the first


class ForwardSelection:
    """The best few classes of each size, and the extensions of each that are still to be tried.

    A hall of fame for the search alone, which grows losses out of it. `evaluation.confirmation.hall_of_fame` is the one that
    chooses what is confirmed, `analysis.selection.front` the one that results show.
    """

    def __init__(self, grammar: Grammar, seed: int, min_lines: int) -> None:
        """Losses of fewer free lines than `min_lines` are left out: an enumeration has extended them already."""
        self._grammar, self._seed, self._min_lines = grammar, seed, min_lines
        self._best: dict[int, list[_Leader]] = {}  # by size

    def add(self, class_index: int, size: int, genome: Genome, fitness: Callable[[int], float]) -> None:
        """Add a new class to those of its size, if it is among the best of them."""
        if len(genome.lines) - len(self._grammar.given) >= self._min_lines:
            known = [*self._best.get(size, ()), _Leader(class_index, genome)]
            self._best[size] = [leader for _, leader in _best_first(known, fitness)[:LEADERS_PER_SIZE]]

    def next(self, fitness: Callable[[int], float]) -> tuple[Genome, int] | None:
        """Take an extension not tried yet, with its class: of the smallest leader that has one and beats all smaller losses.

        What failed the first rung leads only while nothing has passed it.
        """
        ranked = [_best_first(leaders, fitness) for _, leaders in sorted(self._best.items())]
        passed = any(best >= 1 for (best, _), *_ in ranked)
        best_so_far = 1.0 if passed else float("-inf")
        for leaders in ranked:
            for score, leader in leaders:
                if score > best_so_far:
                    if leader.left is None:
                        leader.left = self._shuffled_extensions(leader)
                    if leader.left:
                        return leader.left.pop(), leader.class_index
            best_so_far = max(best_so_far, leaders[0][0])
        return None

    def _shuffled_extensions(self, leader: _Leader) -> list[Genome]:
        rng = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(leader.class_index, EXTENSION_STREAM)))
        every = list(extensions(self._grammar, leader.genome, rng))
        return [every[index] for index in rng.permutation(len(every))]


def _best_first(leaders: list[_Leader], fitness: Callable[[int], float]) -> list[tuple[float, _Leader]]:
    """The leaders with their fitness."""
    scored = [(fitness(leader.class_index), leader) for leader in leaders]
    return sorted(scored, key=lambda each: (-each[0], each[1].class_index))
