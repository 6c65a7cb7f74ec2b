"""The number of programs against writing them all down."""

from itertools import product

import pytest

from rlsearch.evolve.counting import program_count
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Line, line_types, parse_lines
from rlsearch.op import Type
from rlsearch.registry import operations
from tests.evolve.test_grammar import GRAMMAR


def written_down(grammar, lines=()):
    """Every list of lines that goes on after these, by trying every name in every place."""
    if len(lines) == grammar.free_nodes:
        return 0
    names = [*grammar.inputs, *(line.name for line in (*grammar.given, *lines) if not line.hidden), *grammar.constants]
    count = 0
    for op in (operations()[name] for name in grammar.ops):
        for args in product(names, repeat=len(op.args)):
            line = Line(f"n{len(lines)}", op.name, args)
            types = line_types((*grammar.given, *lines, line))
            if types is not None and types[line.name] != Type.CONSTANT:
                count += 1 + written_down(grammar, (*lines, line))
    return count


def grammar(ops, free_nodes, inputs=("online", "s", "a", "r"), given="q_sa = q(online, s)[a]", constants=(0.5,)):
    return Grammar(inputs, parse_lines(given), True, free_nodes, ops, constants)


@pytest.mark.parametrize(
    "small",
    [
        grammar(("add",), 1),
        grammar(("add", "half_square"), 3),
        grammar(("abs", "clip"), 2, constants=(0.1, 1.0)),
        grammar(("q", "max", "select", "argmax"), 3, inputs=("online", "target", "s", "s_next", "a")),
        grammar(("softmax", "dot", "where"), 2, inputs=("online", "s", "r"), constants=()),
        grammar(("log",), 4, given="", inputs=("r",)),
    ],
)
def test_as_many_as_can_be_written(small):
    assert program_count(small) == written_down(small) > 0


def test_a_large_space_is_counted_at_once():
    assert 10**15 < program_count(GRAMMAR) < 10**40
    assert program_count(grammar(("add", "mul"), 100)) > 10**200
