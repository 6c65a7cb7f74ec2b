"""What a search space may ask for, and what it is told when it asks for something else."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs import EnvSpec, Option, environments
from rlsearch.errors import SpaceError


def test_a_name_or_a_mapping():
    assert EnvSpec.parse("CartPole-v1") == EnvSpec("CartPole-v1") == EnvSpec.parse({"env": "CartPole-v1"})
    spec = EnvSpec.parse({"env": "Garnet", "states": 8, "actions": [2, 4], "gamma": [0.9, 0.95], "reward_scale": "1e-1"})
    assert spec.options == (("actions", (2, 4)), ("states", 8))
    assert (spec.gamma, spec.reward_scale, spec.reward_offset) == ((0.9, 0.95), 0.1, None)
    assert spec.label() == "Garnet(actions=2..4, states=8, gamma=0.9..0.95, reward_scale=0.1)"
    assert EnvSpec("Catch").label() == "Catch"
    assert EnvSpec.parse(spec) is spec


@pytest.mark.parametrize("env", environments())
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_a_request_reads_back_as_it_is_printed_and_as_it_is_written(env, data):
    """Any options and settings, fixed or ranges: a label is a row's key in journals, so two requests never share one."""
    card = environments()[env]
    limits = {"gamma": card.gamma_limits, "reward_scale": (1e-6, 1e6), "reward_offset": (-1e6, 1e6)}
    drawn = {name: st.integers(option.low, option.high) for name, option in card.options.items()}
    drawn |= {name: st.floats(*ends, allow_nan=False) for name, ends in limits.items()}
    asked = {}
    for name in data.draw(st.lists(st.sampled_from(sorted(drawn)), unique=True)):
        low, high = sorted((data.draw(drawn[name]), data.draw(drawn[name])))
        asked[name] = data.draw(st.sampled_from((low, [low, high], f"{low}..{high}")))
    spec = EnvSpec.parse({"env": env, **asked})
    assert EnvSpec.parse(spec.label()) == spec == EnvSpec.parse(spec.written())
    assert EnvSpec.parse(yaml.safe_load(yaml.safe_dump(spec.written()))) == spec


def test_a_label_keeps_every_digit():
    specs = [EnvSpec("Catch", gamma=gamma) for gamma in (0.9999999, 0.99999991)]
    assert [spec.label() for spec in specs] == ["Catch(gamma=0.9999999)", "Catch(gamma=0.99999991)"]


def test_a_text_is_the_same_as_a_mapping():
    spec = EnvSpec.parse("Garnet(states=4..12, gamma=0.9)")
    assert spec == EnvSpec.parse({"env": "Garnet", "states": [4, 12], "gamma": 0.9})
    assert spec == EnvSpec.parse({"env": "Garnet", "states": "4..12", "gamma": "0.9"})
    assert EnvSpec.parse(" Ledge ( length = 4..4 ) ") == EnvSpec("Ledge", (("length", 4),))
    for text, message in (
        ("Garnet()", r"'' is no setting of Garnet; type e.g. Garnet\(gamma=0.9\)"),
        ("Garnet(states)", "'states' is no setting of Garnet"),
        ("Garnet(states=3,states=4)", "Garnet: states stands twice"),
        (
            "Garnet(states=8",
            r"'Garnet\(states=8' is no environment with its settings in one pair of brackets; type e.g. Garnet\(",
        ),
        ("Garnet(states=8)(actions=2)", "in one pair of brackets"),
        ("gamma=0.9)", "in quotes where commas separate"),
        ("Garnt(states=8)", "unknown environment 'Garnt'; did you mean 'Garnet'"),
    ):
        with pytest.raises(SpaceError, match=message):
            EnvSpec.parse(text)


def test_a_range_of_choices_is_named():
    spec = EnvSpec.parse({"env": "FrozenLake-v1", "slippery": [False, True]})
    assert spec.options == (("slippery", (0, 1)),) and spec.label() == "FrozenLake-v1(slippery=no..yes)"
    assert spec.written() == {"env": "FrozenLake-v1", "slippery": ["no", "yes"]}
    for same in (["no", "yes"], "no..yes", [0, 1], "0..1"):
        assert EnvSpec.parse({"env": "FrozenLake-v1", "slippery": same}) == spec
    assert EnvSpec.parse("TabularGridWorld(variant=sparse..longer)").options == (("variant", (1, 3)),)


def test_equal_requests_are_equal_and_hash_the_same():
    one = EnvSpec.parse({"env": "Garnet", "states": 8, "actions": [3, 3], "gamma": 0.9})
    other = EnvSpec.parse({"gamma": [0.9, 0.9], "actions": 3.0, "states": "8", "env": "Garnet"})
    assert one == other and len({one, other}) == 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "CartPole",
            r"unknown environment 'CartPole'; did you mean 'CartPole-v1'\? \(allowed: CartPole-v1, CartPole-v0, "
            r"CartPoleSwingUp, Catch, Garnet and \d+ more; `rlsearch envs` lists them\)$",
        ),
        (3, r"a name or a mapping with the key 'env', not 3; type e.g. CartPole-v1 or \{env: Garnet, states: 8\}"),
        ({"states": 8}, "a mapping with the key 'env'"),
        ({"env": None}, "unknown environment nothing"),
        ({"env": "Garnet", "sates": 8}, r"Garnet: unknown key 'sates'; did you mean 'states'\? \(allowed: .*gamma"),
        ({"env": "Catch", "states": 8}, "Catch: unknown key 'states'"),
        (
            {"env": "Garnet", "states": 2, "x": 1, "gamma": 1},
            "states is 2; .*; Garnet: unknown key 'x'.*; Garnet: gamma is 1; ",
        ),
        ({"env": "Garnet", "states": 2}, r"Garnet: states is 2; allowed: a whole number from 3 to 64, or a range"),
        ({"env": "Garnet", "states": 8.5}, r"states is 8.5; .* type e.g. states: \[3, 64\]"),
        ({"env": "Garnet", "states": True}, "states is true"),
        (
            {"env": "Garnet", "states": [8, 4]},
            r"states is \[8, 4\], a range whose low end is above its high end; type e.g. states: \[4, 8\]$",
        ),
        ({"env": "Garnet", "states": "8..4"}, r"states is '8..4', a range whose .* type e.g. states=4..8$"),
        ({"env": "Garnet", "states": "4.."}, r"states is '4..'; allowed: a whole number from 3 to 64, .* e.g. states=3..64$"),
        ({"env": "Garnet", "states": "4..5..6"}, r"states is '4..5..6'; allowed"),
        ({"env": "Garnet", "states": ["few", 8]}, r"states is \['few', 8\]; allowed: a whole number from 3 to 64"),
        ({"env": "Garnet", "states": [4, 65]}, r"states is \[4, 65\]; allowed: a whole number from 3 to 64"),
        ({"env": "Garnet", "gamma": [0.95, 0.9]}, r"gamma is \[0.95, 0.9\], a range .* type e.g. gamma: \[0.9, 0.95\]$"),
        ({"env": "DelayedChain", "noise": ["signs", "none"]}, r"a range whose .* type e.g. noise: \[none, signs\]$"),
        (
            {"env": "DelayedChain", "noise": ["none", "sings"]},
            r"noise is 'sings'; did you mean 'signs'\? \(allowed: none, signs",
        ),
        ({"env": "DelayedChain", "noise": [0, 2]}, r"noise is \[0, 2\]; allowed: .* type e.g. noise: \[none, signs\]$"),
        ({"env": "Garnet", "states": []}, r"states is \[\]"),
        ({"env": "Garnet", "states": [4, 5, 6]}, r"states is \[4, 5, 6\]"),
        ({"env": "Garnet", "states": {"low": 3}}, "states is {'low': 3}"),
        ({"env": "Garnet", "gamma": 1}, r"Garnet: gamma is 1; allowed: a number from 0 to 0.999"),
        ({"env": "CartPole-v1", "gamma": "high"}, r"gamma is 'high'; .* type e.g. gamma: \[0, 1\]"),
        ({"env": "CartPole-v1", "gamma": [0.9, 1.2]}, r"gamma is \[0.9, 1.2\]"),
        ({"env": "CartPole-v1", "reward_scale": 0}, "reward_scale is 0; allowed: a number from 1e-06 to 1e"),
        ({"env": "CartPole-v1", "reward_offset": float("nan")}, "reward_offset is nan"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(asked, message):
    with pytest.raises(SpaceError, match=message) as caught:
        EnvSpec.parse(asked)
    assert "\n" not in str(caught.value)
    assert {path[0] for path, _ in caught.value.found} <= set(asked if isinstance(asked, dict) else ["env"])


def test_a_spec_built_by_hand_is_checked_too():
    with pytest.raises(SpaceError, match="states is 1000"):
        EnvSpec("Garnet", (("states", 1000),))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4))
def test_any_value_is_taken_within_its_limits_or_refused(value):
    try:
        spec = EnvSpec.parse({"env": "LayeredMDP", "gamma": value})
    except SpaceError:
        return
    low, high = spec.gamma if isinstance(spec.gamma, tuple) else (spec.gamma, spec.gamma)
    assert value is None or 0.5 <= low <= high <= 1.0


def test_a_choice_is_made_by_its_name(monkeypatch):
    option = Option.among("What is seen.", "full", "partial")
    card = replace(environments()["Catch"], options={"view": option})
    monkeypatch.setitem(environments(), "Catch", card)
    spec = EnvSpec.parse({"env": "Catch", "view": "partial"})
    assert spec.options == (("view", 1),)
    assert spec.label() == "Catch(view=partial)"
    with pytest.raises(SpaceError, match="Catch: view is 'partiel'; did you mean 'partial'"):
        EnvSpec.parse({"env": "Catch", "view": "partiel"})


def test_yes_and_no_are_choices_too():
    """YAML reads them as truth values."""
    for word, number in ((True, 1), (False, 0), ("yes", 1), ("no", 0), (1, 1)):
        assert EnvSpec.parse({"env": "FrozenLake-v1", "slippery": word}).options == (("slippery", number),)
    assert EnvSpec.parse({"env": "FrozenLake-v1", "slippery": False}).label() == "FrozenLake-v1(slippery=no)"
    with pytest.raises(SpaceError, match=r"FrozenLake-v1: slippery is 'maybe'; did you mean 'yes'\? \(allowed: no, yes"):
        EnvSpec.parse({"env": "FrozenLake-v1", "slippery": "maybe"})
    with pytest.raises(SpaceError, match=r"Taxi-v4: seen is 'yes' \(allowed: factors, state"):
        EnvSpec.parse({"env": "Taxi-v4", "seen": True})
