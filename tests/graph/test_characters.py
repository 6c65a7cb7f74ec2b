"""Characters of papers: what stands in their place, and that every place is the one that was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.graph.characters import SIGNS, plainly
from rlsearch.graph.text import parse


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("x^2", "x**2"),
        ("x² + y³", "x**2 + y**3"),
        ("x⁻¹²", "x**-12"),
        ("a × b · c ÷ d − e", "a * b * c / d - e"),
        ("r ≥ 0, r ≤ 1, r ≠ 2", "r >= 0, r <= 1, r != 2"),
        ("√(r)", "sqrt(r)"),
        ("½", "0.5"),
        ("q(target, s′)[a′]", "q(target, s_next)[a_next]"),
        ("q(target, s')[a']", "q(target, s_next)[a_next]"),
        ("s''", "s_next_next"),
        ("x\u00a0=\u00a0r", "x = r"),
        ("  x = r\n  y = x", "x = r\ny = x"),
        ("\n  x = r\n\n  # a comment\n  y = x\n", "\nx = r\n\n# a comment\ny = x\n"),
        ("x = r\n  y = x", "x = r\n  y = x"),  # no margin of both
        ("r + 'text'", "r + 'text'"),
        ("'r' + 's'", "'r' + 's'"),
        ("x' + r", "x' + r"),  # no input
        ("r'\\d'", "r'\\d'"),
        ("√r", "√r"),
        ("θ⁻", "θ⁻"),
        ("δ = γ", "δ = γ"),
    ],
)
def test_strange_characters_have_plain_ones(typed, plain):
    assert plainly(typed).text == plain


@given(st.lists(st.sampled_from([*SIGNS, *"ab+(²⁻′' \n\t", "\r\n", "s'"]), max_size=30).map("".join))
def test_every_character_has_the_place_at_which_it_was_typed(text):
    found = plainly(text)
    typed, made = text.replace("\r\n", "\n").split("\n"), found.text.replace("\r\n", "\n").split("\n")
    assert len(typed) == len(made)
    for number, (before, after) in enumerate(zip(typed, made, strict=True), 1):
        places = [found.place(number, column) for column in range(len(after) + 1)]
        columns = [column - 1 for _, column in places]
        assert columns == sorted(columns) and columns[-1] == len(before) and {line for line, _ in places} == {number}
        for column, char in zip(columns, after, strict=False):
            assert before[column] == char or before[column] in {*SIGNS, *"²⁻′'s"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("q(online, s)[a]^2 + tahn(r)", 1, 21),
        ("½·½·tahn(r)", 1, 5),
        ("q(online, s′)[a] + tahn(r)", 1, 20),
        ("    x = r\n    loss = q(online, s)[a] + tahn(x)", 2, 30),
        ("r² + )", 1, 6),
        ("\n  loss = é² × tahn(r)", 2, 10),
    ],
)
def test_errors_are_where_they_were_typed(text, line, column):
    with pytest.raises(LossError) as error:
        parse(text)
    assert (error.value.line, error.value.column) == (line, column)


def test_a_text_without_any_stays_itself():
    text = "x = r\nloss = q(online, s)[a] - x"
    assert plainly(text).text is text
