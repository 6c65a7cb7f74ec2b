"""Literals: all digits read back, few digits tell losses apart, and no number is taken for a rounder one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rlsearch.compile.latex import latex
from rlsearch.compile.literals import CLOSE, all_digits, few_digits
from rlsearch.compile.plain import plain, plain_number
from rlsearch.equivalence.agreement import TOLERANCE
from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.graph.graph import LARGEST
from rlsearch.graph.text import parse

NUMBERS = st.floats(-LARGEST, LARGEST) | st.floats(-2, 2) | st.integers(-10_000_000, 10_000_000).map(float)


@given(NUMBERS)
def test_all_digits_read_back(value):
    assert float(all_digits(value).text) == abs(value) and not all_digits(value).rounded


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_few_digits_are_close_and_tell_numbers_apart(values):
    found = few_digits(values)
    assert found.keys() == {abs(value) for value in values}
    assert len({literal.text for literal in found.values()}) == len(found)
    for size, literal in found.items():
        assert abs(float(literal.text) - size) <= CLOSE * size
        assert literal.rounded == (float(literal.text) != size)
        assert len(literal.text) <= len(all_digits(size).text)


@given(st.integers(1, 99), st.integers(-6, 3), st.integers(4, 12), st.sampled_from([-1, 1]))
def test_a_number_near_a_round_one_keeps_its_digits(digits, power, far, side):
    """0.9999999 is not 1, nor is 2.5000001 2.5."""
    round_ = float(f"{digits}e{power}")
    value = float(f"{round_ * (1 + side * 10.0**-far):.15g}")
    assume(value != round_)
    assert float(few_digits([value])[value].text) != round_


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (-1.0, "−1"),
        (0.0, "0"),
        (1 / 3, "≈ 0.333333"),
        (-100 / 3, "≈ −33.3333"),
        (1 / 6, "≈ 0.166667"),
        (0.1 + 0.2, "≈ 0.3"),
        (0.9999999, "0.9999999"),
        (1.0000001, "1.0000001"),
        (0.25000001, "0.25000001"),
        (123456789.0, "123456789"),
        (12345678901.0, "≈ 1.23457·10¹⁰"),
        (1234567.0, "1234567"),
        (123456.0, "123456"),
        (1e12, "10¹²"),
        (-2.5e-9, "−2.5·10⁻⁹"),
        (0.00012, "0.00012"),
        (3.14159265358979, "≈ 3.1416"),
    ],
)
def test_numbers_by_hand(value, text):
    assert plain_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 3, "0.3333333333333333"), (123456789.0, "123456789"), (1e21, "1e21"), (2.5e-9, "2.5e-9"), (1e-4, "0.0001")],
)
def test_all_digits_by_hand(value, text):
    assert all_digits(value).text == text


def test_two_numbers_of_a_formula_are_not_written_alike():
    found = few_digits([1 / 3, 0.333333, 0.33333334])
    assert [literal.text for literal in found.values()] == ["0.33333333", "0.333333", "0.33333334"]


def test_the_formula_says_that_digits_were_cut_where_people_read_it():
    graph = parse("0.3333333333 * q(online, s)[a]**2 - r")
    assert plain(graph) == "≈ 0.333333 Q(s, a)² − r"
    assert plain(graph, rounded=False) == "0.3333333333 Q(s, a)² − r"
    assert latex(graph) == r"0.3333333333 \, Q_{\theta}(s, a)^{2} - r"
    assert latex(graph, rounded=True) == r"\approx 0.333333 \, Q_{\theta}(s, a)^{2} - r"


def test_a_definition_says_it_for_itself():
    part = "tanh(q(online, s)[a] * 0.3333333333 + r) - tanh(q(online, s)[a] - r * discount)"
    assert plain(parse(f"x = {part}\nloss = 0.5 * x * x")).splitlines() == [
        "0.5 u u",
        "where u ≈ tanh(Q(s, a) 0.333333 + r) − tanh(Q(s, a) − r γ)",
    ]


LOSS = "{0} * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2 + {1} * q(online, s)[a]"


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_loss_with_the_digits_that_are_shown_is_of_the_same_class(one, other):
    found = few_digits([one, other])
    exact, shown = (
        fingerprint(parse(LOSS.format(*texts)), "gradient")
        for texts in ((repr(one), repr(other)), (found[one].text, found[other].text))
    )
    assert same(exact, shown)


def test_what_is_rounded_away_is_well_below_what_fingerprints_tell_apart():
    assert CLOSE <= TOLERANCE / 4
