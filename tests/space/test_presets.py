"""Agents by preset, with changes."""

from dataclasses import replace

import pytest

from rlsearch.errors import SpaceError
from rlsearch.space.presets import resolve_agent
from tests.support.tiny_runs import tiny


def test_an_agent_is_a_preset_with_changes():
    fast, paper = resolve_agent("fast"), resolve_agent("paper")
    assert resolve_agent({"batch": 7}) == replace(fast, batch=7)
    assert resolve_agent({"preset": "paper", "batch": 7}) == replace(paper, batch=7) != resolve_agent({"batch": 7})
    assert tiny(agent="paper").agent == paper
    assert tiny(agent={"preset": "paper", "hidden": [5]}).agent == replace(paper, hidden=(5,))


def test_every_wrong_key_is_told_and_none_is_missed_for_want_of_a_preset():
    with pytest.raises(SpaceError) as error:
        resolve_agent({"preset": "fats", "bach": 1, "batch": 0, "learning_starts": 20_000})
    assert [path for path, _ in error.value.found] == [("preset",), ("bach",), ("batch",)]
    with pytest.raises(SpaceError, match=r"^learning_starts is 20000, allowed is 1 to replay_capacity \(10000\)$"):
        resolve_agent({"learning_starts": 20_000})
