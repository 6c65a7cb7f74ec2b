"""Phrases: what stands in their holes, and what is left over of a product that holds one."""

import ast

import pytest

from rlsearch.graph.phrases import fill, left_over, match, phrase, phrases
from rlsearch.graph.statements import written
from rlsearch.registry import known_inputs, operations


def syntax(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("theirs", "text", "holes"),
    [
        ("ln(x)", "ln(r + 1)", {"x": "r + 1"}),
        ("f(x, y)", "f(r, 2)", {"x": "r", "y": "2"}),
        ("f(x, y)", "f(r)", None),
        ("f(x, min=y)", "f(r, min=0)", {"x": "r", "y": "0"}),
        ("f(x, min=y)", "f(r, max=0)", None),
        ("Q(NET, x)", "Q(online, s)", {"NET": "online", "x": "s"}),
        ("Q(NET, x)", "Q(s, a)", None),
        ("Q(x, i)", "Q(online, s)", None),
        ("Q[x, i]", "Q[s, a]", {"x": "s", "i": "a"}),
        ("1 - done", "1.0 - terminated", {}),  # another word for it
        ("1 - done", "2 - done", None),
        ("1 - done", "True - done", None),
    ],
)
def test_a_phrase_is_found_with_what_stands_in_its_holes(theirs, text, holes):
    found: dict[str, ast.expr] = {}
    assert match(phrase(theirs), syntax(text), found) is (holes is not None)
    assert holes is None or {name: written(at) for name, at in found.items()} == holes


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("gamma * (1 - done)", []),
        ("(1 - done) * gamma * r", ["r"]),
        ("2 * gamma * r * (1 - dones)", ["2", "r"]),
        ("gamma * r", None),
        ("gamma + (1 - done)", None),
    ],
)
def test_what_is_left_of_a_product(text, rest):
    found = left_over(phrase("gamma * (1 - done)"), syntax(text), frozenset())
    assert (None if found is None else [written(factor) for factor in found]) == rest


def test_a_name_that_is_taken_is_no_word():
    assert left_over(phrase("gamma * (1 - done)"), syntax("gamma * (1 - done)"), {"gamma"}) is None


def test_filling_leaves_the_template_as_it_is():
    template = phrase("x * x + y")
    made = fill(template, {"x": syntax("r + 1"), "y": ast.Constant(2)}, syntax("s"))
    assert written(made) == "(r + 1) * (r + 1) + 2" and written(template) == "x * x + y"


def test_no_phrase_is_a_name_of_ours():
    names = {name for kind, name in phrases().named if kind is ast.Name}
    assert not names & {*known_inputs(), *operations()}
    assert {"reward", "gamma", "done", "next_state"} <= names
