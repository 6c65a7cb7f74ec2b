"""Genomes: exact round trips, dead lines, hidden parts, refusals with their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.graph.genome import (
    Genome,
    Line,
    genome_of,
    line_types,
    parse_genome,
    parse_lines,
    print_genome,
    print_line,
    read_lines,
)
from rlsearch.graph.text import parse
from rlsearch.op import Type
from tests.support.strategies import genomes, losses

TEXT = """\
q_sa = q(online, s)[a]
dead = tanh(q_sa)
y = r + discount * max(q(target, s_next))
loss = half_square(q_sa - y)"""


@given(genomes())
def test_a_printed_genome_reads_back_exactly(genome):
    assert parse_genome(print_genome(genome)) == genome


@given(losses())
def test_genome_of_a_graph_has_that_graph(graph):
    genome = genome_of(graph)
    assert genome.graph() == graph
    assert len(genome.lines) == graph.size


@given(genomes(), st.data())
def test_dead_lines_are_kept_and_do_not_matter(genome, data):
    place = data.draw(st.integers(0, len(genome.lines) - 1))
    dead = Line("dead", "clip", ("r", -0.5, 1e-7))
    padded = Genome((*genome.lines[:place], dead, *genome.lines[place:]))
    assert parse_genome(print_genome(padded)) == padded
    assert padded.graph() == genome.graph()
    assert dead not in padded.live()


def test_nested_expressions_become_hidden_lines():
    genome = parse_genome(TEXT)
    assert [(line.name, line.op, line.args) for line in genome.lines] == [
        ("_q_sa_1", "q", ("online", "s")),
        ("q_sa", "select", ("_q_sa_1", "a")),
        ("dead", "tanh", ("q_sa",)),
        ("___y_1_1_1", "q", ("target", "s_next")),
        ("__y_1_1", "max", ("___y_1_1_1",)),
        ("_y_1", "mul", ("discount", "__y_1_1")),
        ("y", "add", ("r", "_y_1")),
        ("_loss_1", "sub", ("q_sa", "y")),
        ("loss", "half_square", ("_loss_1",)),
    ]
    assert [line.name for line in genome.lines if not line.hidden] == ["q_sa", "dead", "y", "loss"]
    assert genome.graph() == parse(TEXT)
    assert [line.name for line in genome.live()] == [line.name for line in genome.lines if line.name != "dead"]


def test_lines_have_types():
    types = line_types(parse_lines("v = q(online, s)\np = softmax(v)\nbest = argmax(v)\nx = v[best]\nc = sqrt(2)"))
    assert types is not None
    assert types == {"v": Type.VECTOR, "p": Type.SIMPLEX, "best": Type.ACTION, "x": Type.REAL, "c": Type.CONSTANT}
    assert line_types([Line("x", "max", ("r",))]) is None


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line("x", "sub", ("r", -1.0)), "x = r - -1"),
        (Line("x", "square", (-2.0,)), "x = (-2)**2"),
        (Line("x", "neg", (1e-7,)), "x = neg(1e-07)"),
        (Line("x", "neg", ("r",)), "x = -r"),
        (Line("x", "where", ("r", 1.0, -1.0, "r")), "x = where(r > 1, -1, r)"),
        (Line("x", "minimum", ("r", 1e20)), "x = min(r, 1e+20)"),
    ],
)
def test_lines_print_as_written(line, text):
    assert print_line(line) == text
    assert parse_lines(text) == (line,)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "an empty genome"),
        ("x = r", 1, 5, "a bare name or number is not a line"),
        ("x = -1", 1, 5, "a bare name or number is not a line"),
        ("x = abs(r)\nx = abs(r)", 2, 1, "'x' is already the name of something"),
        ("discount = abs(r)", 1, 1, "'discount' is already the name"),
        ("x = abs(tanh(r))\n_x_1 = abs(r)", 2, 1, "'_x_1' is already the name"),
        ("x = abs(rr)", 1, 9, "unknown name 'rr'; did you mean 'r'?"),
        ("x = abs(y)\ny = abs(r)", 1, 9, "unknown name 'y'"),
        ("x = abs(r)\nloss = x + max(r)", 2, 12, "max takes (Vector), not (Real)"),
        ("loss = add(r)", 1, 8, "add takes (Real or Vector, Real or Vector), not (Real)"),
        ("loss = r + 1e31", 1, 12, "out of range"),
        ("loss = " + "-" * 2000 + "r", 1, 1, "nested too deeply"),
    ],
)
def test_a_refusal_says_where_and_what(text, line, column, message):
    with pytest.raises(LossError) as error:
        parse_genome(text)
    assert message in str(error.value)
    assert (error.value.line, error.value.column) == (line, column)


@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from(["x", "=", "\n", "abs(", ")", "r", "+", "[", "]", "0.5", ","])).map("".join)
)
def test_any_text_is_a_genome_or_a_loss_error(text):
    try:
        genome = parse_genome(text)
    except LossError:
        return
    assert parse_genome(print_genome(genome)) == genome


def test_a_genome_that_cannot_learn_is_refused_when_asked_for_its_graph():
    with pytest.raises(LossError, match="no gradient reaches the online network"):
        parse_genome("loss = abs(r)").graph()


def test_every_wrong_line_is_told_but_not_what_follows_from_it():
    lines, problems = read_lines("x = r + foo\ny = x + 1\nz = y * y\nok = r + 1\nr = r + 2\nv = ok(1)")
    assert [line.name for line in lines] == ["ok"]
    assert [(problem.line, problem.column) for problem in problems] == [(1, 9), (5, 1), (6, 5)]
