"""A card that says what cannot be is told so, without a traceback whatever it holds."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs import Card, Option, environments
from rlsearch.envs.example import CARD
from rlsearch.envs.promises.card import find_bad_words

CHOICES = {"mode": Option.among("How it is.", "one", "two")}


def test_ours_and_the_example_are_sound():
    assert [list(find_bad_words(card)) for card in (*environments().values(), CARD)] == [[]] * (len(environments()) + 1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"doc": 3}, "the card's 'doc' is 3; wanted: a text"),
        ({"gamma": 1.2, "gamma_limits": (0.0, 1.5)}, "gamma_limits are (0.0, 1.5); wanted: two numbers from 0 to 1"),
        ({"gamma_limits": (0.9, 0.1)}, "gamma_limits are (0.9, 0.1)"),
        ({"gamma_limits": 1.0}, "gamma_limits are 1.0"),
        ({"gamma": -0.1}, "the card's gamma is -0.1; allowed by its gamma_limits: 0.0 to 1.0"),
        ({"gamma": float("nan")}, "the card's gamma is nan"),
        ({"gamma": "0.9"}, "the card's gamma is 0.9; allowed"),
        ({"gamma": (0.99, 0.9)}, "the card's gamma is (0.99, 0.9)"),
        ({"horizon": 0}, "the card's horizon is 0; wanted: a whole number from 1"),
        ({"horizon": -5}, "the card's horizon is -5"),
        ({"horizon": 9.5}, "the card's horizon is 9.5"),
        ({"horizon": float("inf")}, "the card's horizon is inf"),
        ({"horizon": True}, "the card's horizon is True"),
        ({"horizon": ("mode", (5, 6, 7)), "options": CHOICES}, "a whole number from 1 for each choice"),
        ({"horizon": ("mode", (5, 0)), "options": CHOICES}, "a whole number from 1 for each choice"),
        ({"horizon": ("node", (5, 6)), "options": CHOICES}, "names the option 'node', which it does not have"),
        ({"options": {"length": 3}}, "the card's option 'length' is a int; wanted: an Option"),
        ({"options": {"length": Option("Places.", 9, 1, 8)}}, "the option 'length' has the default 9; allowed by its limits"),
        ({"options": {"length": Option("Places.", (4, 2), 1, 8)}}, "the option 'length' has the default (4, 2)"),
        ({"options": {"length": Option("Places.", 1, 0, 3, ("a", "b"))}}, "has 2 choices for the numbers 0 to 3"),
        ({"fps": 0}, "the card's fps is 0"),
    ],
)
def test_what_is_wrong_is_said(changes, problem):
    found = list(find_bad_words(replace(CARD, **changes)))
    assert any(problem in line for line in found), found


VALUES = (None, True, -1, 3, 0.5, np.nan, np.inf, "", "length", (), (0.5,), (0, 1, 2), ("a", "b"), [1])
NUMBERS = ("gamma", "gamma_limits", "horizon", "fps", "skills", "doc", "id")


@settings(max_examples=50)
@given(st.sampled_from(NUMBERS), st.sampled_from(VALUES))
def test_no_value_ends_in_a_traceback(name, value):
    assert {name} <= {field.name for field in fields(Card)}
    list(find_bad_words(replace(CARD, **{name: value})))
