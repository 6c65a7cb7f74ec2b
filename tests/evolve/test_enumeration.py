"""Enumeration against brute force over every expression tree."""

from collections import defaultdict
from itertools import product

import pytest

from rlsearch.errors import LossError
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import line_types, parse_genome, parse_lines, print_genome
from rlsearch.graph.graph import Builder
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical, structural_key

INPUTS = ("online", "target", "s", "s_next", "a", "r", "discount")
GIVEN = parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))")


def grammar(ops, given=GIVEN, inputs=INPUTS, constants=(0.5,), free_nodes=9):
    return Grammar(tuple(inputs), given, True, free_nodes, tuple(ops), tuple(constants))


GRAMMARS = {
    "sums and products": (grammar(["add", "mul", "neg"]), 2),
    "non-commuting and even": (grammar(["sub", "square", "abs"], inputs=("online", "target", "s", "s_next", "a", "r")), 3),
    "bounds": (grammar(["minimum", "clip"], constants=(0.5, 1.0)), 1),
    "four arguments": (grammar(["where", "half_square"], given=GIVEN[:2], constants=()), 1),
    "over actions": (grammar(["max", "softmax", "dot", "sub"], given=parse_lines("q_s = q(online, s)"), constants=()), 2),
    "networks": (grammar(["q", "select", "sub", "square"], given=(), inputs=("online", "s", "a", "r"), constants=()), 4),
}


def brute_force(language: Grammar, max_ops: int) -> dict[str, int]:
    """Ops of the smallest expression, by the key of its canonical form, for every loss that the language can say."""
    builder, names = Builder(limit=None), {}
    for line in language.given:
        names[line.name] = builder.apply(line.op, *(names[ref] if ref in names else builder.input(ref) for ref in line.args))
    leaves = [builder.input(name) for name in language.inputs] + list(map(builder.constant, language.constants))
    leaves += [names[line.name] for line in language.given if not line.hidden]
    sizes = {0: set(leaves)}
    smallest: dict[str, int] = {}
    for size in range(1, max_ops + 1):
        sizes[size] = set()
        for name in language.ops:
            arity = len(operations()[name].args)
            for parts in product(range(size), repeat=arity):
                if sum(parts) != size - 1:
                    continue
                for args in product(*(sizes[part] for part in parts)):
                    try:
                        made = builder.apply(name, *args)
                    except LossError:
                        continue
                    sizes[size].add(made)
                    try:
                        form = canonical(builder.loss(made))
                    except LossError:
                        continue
                    if form.carries[form.root]:
                        smallest.setdefault(structural_key(form), size)
    for leaf in leaves:  # what is there before the first op is nothing to enumerate
        try:
            smallest.pop(structural_key(canonical(builder.loss(leaf))), None)
        except LossError:
            continue
    return smallest


@pytest.mark.parametrize("name", GRAMMARS)
def test_enumeration_is_brute_force_without_repetition(name):
    language, max_ops = GRAMMARS[name]
    found: dict[str, int] = {}
    sizes: list[int] = []
    for genome in enumerate_genomes(language, max_ops):
        free = genome.lines[len(language.given) :]
        assert genome.lines[: len(language.given)] == language.given
        assert {line.op for line in free} <= set(language.ops)
        assert line_types(genome.lines) is not None
        assert parse_genome(print_genome(genome)) == genome
        key = structural_key(canonical(genome.graph()))
        assert key not in found
        found[key] = tree_size(genome, language)
        sizes.append(found[key])
    assert sizes == sorted(sizes)
    assert found == brute_force(language, max_ops)
    assert len(found) > 2


def tree_size(genome, language):
    """Free ops of the loss as a tree, shared parts counted as often as they are read."""
    counts = defaultdict(int)
    for line in genome.lines[len(language.given) :]:
        counts[line.name] = 1 + sum(counts[ref] for ref in line.args)
    return counts["loss"]


def test_no_more_lines_than_the_space_allows():
    wide, narrow = (list(enumerate_genomes(grammar(["add", "square"], free_nodes=lines), 3)) for lines in (9, 2))
    assert narrow == [genome for genome in wide if len(genome.lines) <= len(GIVEN) + 2]
    assert len(narrow) < len(wide)


def test_it_is_lazy():
    """A space of millions begins at once."""
    first = next(enumerate_genomes(grammar(operations()), 6))
    assert len(first.lines) == len(GIVEN) + 1
