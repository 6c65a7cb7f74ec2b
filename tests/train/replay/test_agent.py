"""Agents: what they refuse, and that the presets are some."""

import json
import pickle
from dataclasses import FrozenInstanceError, asdict, replace
from importlib.resources import files
from typing import Any

import pytest
import yaml

from rlsearch.errors import SpaceError
from rlsearch.train.replay.agent import Agent
from tests.support.tasks import agent_with


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hidden": ()}, r"hidden is \(\), allowed is a list of 1 to 8 widths from 1 to 4096"),
        ({"hidden": (32, 0)}, r"hidden is \(32, 0\)"),
        ({"hidden": (8,) * 9}, "allowed is a list of 1 to 8 widths"),
        ({"batch": 10_001}, "batch is 10001, allowed is a whole number from 1 to 10,000$"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0, allowed is a number above 0"),
        ({"learning_rate": 10**400}, "learning_rate is 1000"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"adam_beta2": 1.0}, r"adam_beta2 is 1.0, allowed is a number in \[0, 1\)"),
        ({"adam_epsilon": "1e-8"}, "adam_epsilon is '1e-8'"),
        ({"batch": 0}, "batch is 0, allowed is a whole number from 1"),
        ({"update_every": True}, "update_every is true"),
        ({"epsilon_end": 1.5, "batch": 2.5}, r"batch is 2.5, .*; epsilon_end is 1.5, allowed is a number in \[0, 1\]"),
        ({"learning_starts": 2000}, r"learning_starts is 2000, allowed is 1 to replay_capacity \(1000\)"),
    ],
)
def test_what_cannot_be_trained_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SpaceError, match=message):
        agent_with(**wrong)


def test_every_wrong_field_is_named_by_its_path() -> None:
    with pytest.raises(SpaceError) as error:
        agent_with(epsilon_end=None, batch=0, learning_starts=2000, hidden=(3, True))
    assert [path for path, _ in error.value.found] == [("hidden",), ("batch",), ("learning_starts",), ("epsilon_end",)]
    assert str(error.value).startswith("agent: hidden is (3, True), allowed is a list")


def test_unknown_and_missing_fields_are_named() -> None:
    with pytest.raises(SpaceError, match=r"^agent: bach: unexpected keyword argument$"):
        agent_with(bach=3)
    with pytest.raises(SpaceError, match="hidden: field required; "):
        Agent(batch=3)  # type: ignore[call-arg]


def test_an_agent_is_a_key_travels_and_is_plain_data() -> None:
    agent = agent_with(learning_rate=1)
    assert {agent: 1}[pickle.loads(pickle.dumps(agent))] == 1
    assert vars(agent) == asdict(agent) and Agent(**asdict(agent)) == agent == replace(agent_with(), learning_rate=1.0)
    assert json.loads(json.dumps(asdict(agent)))["hidden"] == [16, 12]
    with pytest.raises(FrozenInstanceError):
        agent.batch = 3  # type: ignore[misc]


def test_presets_are_agents() -> None:
    presets = [file for file in (files("search_spaces") / "agents").iterdir() if file.name.endswith(".yaml")]
    assert presets
    for file in presets:
        keys = yaml.safe_load(file.read_text())
        Agent(**(keys | {"hidden": tuple(keys["hidden"])}))


def test_rates_may_be_whole_numbers() -> None:
    """The trainer is compiled for fractions, and would not take them."""
    agent = agent_with(learning_rate=1, adam_beta1=0, epsilon_start=1, epsilon_end=0)
    rates = (agent.learning_rate, agent.adam_beta1, agent.epsilon_start, agent.epsilon_end)
    assert [type(rate) for rate in rates] == [float] * 4
    assert isinstance(agent.batch, int) and agent == agent_with(learning_rate=1.0, adam_beta1=0.0, epsilon_end=0.0)
