"""What a search may write: random genomes keep to the language of their space."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.evolve.grammar import Grammar, draw_line, is_loss, pick, random_genome, renumber
from rlsearch.graph.genome import Line, line_types, parse_genome, parse_lines, print_genome
from rlsearch.registry import operations

GIVEN = parse_lines("q_sa = q(online, s)[a]\nq_next = max(q(target, s_next))")
OPS = (
    "add",
    "sub",
    "mul",
    "div",
    "minimum",
    "half_square",
    "abs",
    "log",
    "clip",
    "where",
    "softmax",
    "dot",
    "argmax",
    "select",
)
GRAMMAR = Grammar(
    inputs=("online", "target", "s", "s_next", "a", "r", "discount"),
    given=GIVEN,
    frozen=True,
    free_nodes=7,
    ops=(*OPS, "q"),
    constants=(0.1, 0.5, 1.0, 2.0),
)
SEEDS = st.integers(0, 2**32)


@given(SEEDS)
def test_random_genome_is_a_loss_of_the_language(seed):
    genome = random_genome(GRAMMAR, np.random.default_rng(seed))
    assert genome.lines[: len(GIVEN)] == GIVEN
    free = genome.lines[len(GIVEN) :]
    assert 1 <= len(free) <= GRAMMAR.free_nodes
    assert [line.name for line in free] == [f"n{k}" for k in range(1, len(free))] + ["loss"]
    readable = {*GRAMMAR.inputs, *(line.name for line in genome.lines if not line.hidden)}
    for line in free:
        assert line.op in GRAMMAR.ops
        assert all(ref in (readable if isinstance(ref, str) else GRAMMAR.constants) for ref in line.args)
    assert line_types(genome.lines) is not None
    assert genome.graph().carries[-1]
    assert parse_genome(print_genome(genome)) == genome


@given(SEEDS)
def test_the_same_seed_draws_the_same_genome(seed):
    assert random_genome(GRAMMAR, np.random.default_rng(seed)) == random_genome(GRAMMAR, np.random.default_rng(seed))


def test_draws_use_the_whole_language():
    rng = np.random.default_rng(0)
    drawn = [random_genome(GRAMMAR, rng) for _ in range(400)]
    lines = [line for genome in drawn for line in genome.lines[len(GIVEN) :]]
    assert {line.op for line in lines} == set(GRAMMAR.ops)
    refs = {ref for line in lines for ref in line.args}
    assert refs >= {*GRAMMAR.inputs, *GRAMMAR.constants, "q_sa", "q_next", "n1"}
    assert {len(genome.lines) - len(GIVEN) for genome in drawn} == set(range(2, 8))


@pytest.mark.parametrize("op", GRAMMAR.ops)
def test_a_drawn_line_fits_its_op(op):
    grammar = Grammar(GRAMMAR.inputs, GIVEN, True, 7, (op,), GRAMMAR.constants)
    before = (*GIVEN, *parse_lines("q_sa = q(online, s)[a]\nv = q(online, s)\np = softmax(v)")[2:])
    rng = np.random.default_rng(0)
    lines = [line for line in (draw_line(grammar, "x", before, rng) for _ in range(50)) if line is not None]
    assert lines
    for line in lines:
        assert line_types([*before, line]) is not None
        assert not all(isinstance(ref, float) for ref in line.args)
        for arg, ref in zip(operations()[op].args, line.args, strict=True):
            assert (arg not in operations()[op].literals) or isinstance(ref, float)


def test_hidden_lines_and_unlisted_inputs_are_not_readable():
    grammar = Grammar(("r",), GIVEN, True, 3, ("add",), ())
    assert [name for name, _ in grammar.readable(GIVEN)] == ["r", "q_sa", "q_next"]


def test_thawed_given_lines_may_change():
    thawed = Grammar(GRAMMAR.inputs, GIVEN, False, 7, OPS, ())
    assert (GRAMMAR.fixed, thawed.fixed) == (len(GIVEN), 0)


def test_a_language_without_losses_is_refused():
    grammar = Grammar(("r", "discount"), (), True, 3, ("add", "mul"), ())
    with pytest.raises(LossError, match=r"200 random genomes in a row were no losses; .* a line that reads q\(online, s\)$"):
        random_genome(grammar, np.random.default_rng(0))


def test_given_lines_that_do_not_fit_are_refused():
    with pytest.raises(LossError, match="given lines do not fit together"):
        Grammar(("r",), (Line("x", "max", ("r",)),), True, 3, ("add",), ())


def test_renumbering_keeps_the_graph():
    genome = parse_genome("x = q(online, s)[a]\ndead = abs(r)\ny = x - r\nloss = half_square(y)")
    new = renumber(genome.lines, 0)
    assert [line.name for line in new.lines] == ["n1", "n2", "n3", "n4", "loss"]
    assert new.graph() == genome.graph()


def test_is_loss_refuses_what_cannot_train():
    assert is_loss(parse_genome("loss = sum(q(online, s))"))
    assert not is_loss(parse_genome("loss = sum(q(target, s))"))
    assert not is_loss(parse_genome("loss = q(online, s)"))


def test_pick_is_even():
    rng = np.random.default_rng(0)
    counts = np.bincount([pick(rng, range(4)) for _ in range(4000)])
    assert (np.abs(counts - 1000) < 120).all()
