"""The given lines: each problem once, on its line; what follows from one is none."""

import pytest

from rlsearch.graph.genome import parse_lines
from rlsearch.space.given_lines import read_given

INPUTS = ["online", "s", "a", "r"]


def test_sound_lines_are_read_as_losses_are():
    text = "q_sa = q(online, s)[a]\nx = q_sa - r"
    assert read_given(text, INPUTS) == (parse_lines(text), [])


@pytest.mark.parametrize("text", ["", " \n", None, 3, ["x = r + r"]])
def test_what_is_no_text_is_not_its_finding(text):
    assert read_given(text, INPUTS) == ((), [])


def test_every_line_is_told():
    _, problems = read_given("loss = r + 1\nx = tahn(r)\ny = x + 1\nz = y + foo\nw = r * discount\nx = r", INPUTS)
    assert [(line, message.partition("; ")[0]) for line, message in problems] == [
        (2, "line 2, column 5: unknown op 'tahn'"),
        (6, "line 6, column 5: a line applies an op"),
        (1, "'loss' is a name that the search gives to lines of its own"),
        (5, "reads 'discount', which inputs does not list"),
    ]


@pytest.mark.parametrize("inputs", [None, [], "online", ["online", "typo"]])
def test_inputs_that_are_wrong_themselves_forbid_nothing(inputs):
    assert read_given("x = r * discount", inputs)[1] == []


@pytest.mark.parametrize("name", ["n1", "e2", "inserted", "graft_1", "start3"])
def test_names_of_the_search_are_not_free(name):
    ((line, message),) = read_given(f"x = r * r\n{name} = log(x)", INPUTS)[1]
    assert (line, message) == (2, f"'{name}' is a name that the search gives to lines of its own; choose another")


def test_inputs_are_missed_inside_calls():
    assert read_given("x = log(abs(discount))", INPUTS)[1] == [
        (1, "reads 'discount', which inputs does not list; add it there")
    ]


def test_what_others_write_is_read_by_our_names():
    assert read_given("x = reward * q(online, state)[action]", INPUTS)[1] == []
    _, problems = read_given(
        "x = reward * next_state\ny = gamma * (1 - done) * reward\nz = gamma * reward\nw = r + discount", INPUTS
    )
    assert [(line, said.partition("; ")[0]) for line, said in problems] == [
        (1, "line 1, column 5: mul takes (Real or Vector, Real or Vector), not (Real, State)"),
        (3, "line 3, column 5: unknown name 'gamma': discount is 0 where the episode terminated, else gamma"),
        (1, "reads 's_next', which inputs does not list"),
        (2, "reads 'discount', which inputs does not list"),
        (4, "reads 'discount', which inputs does not list"),
    ]


def test_a_text_that_does_not_parse_is_one_problem():
    assert read_given("x = r +\ny = tahn(", INPUTS)[1] == [(1, "line 1, column 8: not an expression: invalid syntax")]
