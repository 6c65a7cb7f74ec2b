"""Count of the programs in a space: lists of assignments whose ops take their arguments, before any two count as one."""

from collections import Counter
from itertools import product
from math import prod

from rlsearch.evolve.grammar import Grammar
from rlsearch.op import Op, Type
from rlsearch.registry import operations


def program_count(grammar: Grammar) -> int:
    """The number of lists of one to `free_nodes` free lines after the given ones.

    An op on literals alone is a literal and no line. How many of them are losses, and how many different ones, only
    enumeration tells: two programs that differ in the order of their lines, or in lines nobody reads, count as two, and so
    do those that break a limit of the space.
    """
    typings = {op: _typings(op) for op in (operations()[name] for name in grammar.ops)}
    readable = Counter(kind for _, kind in grammar.readable(grammar.given))
    readable[Type.CONSTANT] = len(grammar.constants)
    # By how many names of each type there are to read: how many programs lead there.
    level, total = {tuple(readable[kind] for kind in Type): 1}, 0
    for _ in range(grammar.free_nodes):
        after: Counter[tuple[int, ...]] = Counter()
        for there, count in level.items():
            names = dict(zip(Type, there, strict=True))
            for lines in typings.values():
                for given, result in lines:
                    if choices := prod(names[kind] for kind in given):
                        after[tuple(names[kind] + (kind == result) for kind in Type)] += count * choices
        level = dict(after)
        total += sum(level.values())
    return total


def _typings(op: Op) -> list[tuple[tuple[Type, ...], Type]]:
    """The types of arguments that an op takes, each with the type of the result."""
    every = ((given, op.result_type(given)) for given in product(Type, repeat=len(op.args)))
    return [(given, result) for given, result in every if result is not None and result != Type.CONSTANT]
