"""A space as a Python mapping: the same search as its YAML, the same checks, keys instead of lines."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import yaml

from rlsearch.envs import EnvSpec
from rlsearch.errors import SpaceError
from rlsearch.space.load import load_space, parse_space
from tests.support.tiny_runs import TEXT

GIVEN = yaml.safe_load(TEXT)


def test_a_mapping_is_what_its_yaml_is():
    space = load_space(GIVEN)
    assert space.written() == parse_space(TEXT, "tiny").written() and space.name == "space"
    assert parse_space(space.text, "again").written() == space.written()


def test_what_python_has_for_yamls_values():
    shared = ["LayeredMDP"]  # YAML would write the second one as an alias
    rungs = (
        {"envs": shared, "steps": np.int64(300)},
        OrderedDict(envs=[EnvSpec("Garnet", (("states", 8),))], steps=300, seeds=2),
    )
    space = load_space(GIVEN | {"rungs": rungs, "constants": np.array([0.5, 1e-5]), "confirm": {"envs": shared and ["Catch"]}})
    assert [rung.steps for rung in space.rungs] == [300, 300] and space.grammar.constants == (0.5, 1e-5)
    assert space.rungs[1].envs[0].label() == "Garnet(states=8)"
    assert load_space(GIVEN | {"rungs": [{"envs": shared, "steps": 300}, {"envs": shared, "steps": 300}]}).rungs[1].steps == 300


def test_a_family_is_asked_for_as_a_range_or_as_tables_print_it():
    """In YAML as well; what is written for a run's folder reads back, and gives the same tasks."""
    ways = ({"env": "Ledge", "length": [4, 12]}, {"env": "Ledge", "length": "4..12"}, "Ledge(length=4..12)")
    spaces = [load_space(GIVEN | {"rungs": [{"envs": [way], "steps": 300}]}) for way in ways]
    (spec,) = {space.rungs[0].envs for space in spaces}
    assert [each.label() for each in spec] == ["Ledge(length=4..12)"]
    again = parse_space(spaces[0].text, "again")
    assert again.written() == spaces[0].written() and again.rungs[0].envs == spec
    with pytest.raises(SpaceError, match=r"rungs\.0\.envs\.1: .* stands twice; delete one"):
        load_space(GIVEN | {"rungs": [{"envs": list(ways[:2]), "steps": 300}]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rungs": [{"envs": ["Ctch"], "steps": 300}]}, "rungs.0.envs.0: unknown environment 'Ctch'; did you mean 'Catch'?"),
        ({"free_nodes": -5}, "free_nodes: must be at least 1, not -5"),
        ({"popluation": 3}, "popluation: unknown key 'popluation'"),
        ({"constants": [float("nan")]}, "constants.0: must be a finite number, not nan"),
        ({"given": "loss = abs(r)"}, "given: 'loss' is a name that the search gives"),
        (
            {"agent": {"hidden": [object()]}},
            "agent.hidden.0: must be a text, a number, a list, a mapping, true",
        ),
        ({"ops": {"add"}}, "ops: must be a text, a number, a list"),
        ({7: 3}, "7: unknown key '7'"),
    ],
)
def test_problems_name_keys_and_no_lines(change, said):
    with pytest.raises(SpaceError) as error:
        load_space(GIVEN | change)
    assert str(error.value).startswith(f"space: {said}") and "\n" not in str(error.value) and "line " not in str(error.value)


def test_a_mapping_that_lacks_all_or_holds_itself():
    with pytest.raises(SpaceError) as error:
        load_space({})
    assert set(str(error.value).splitlines()) == {
        f"space: key '{key}' is missing; add it" for key in ("inputs", "ops", "rungs")
    }
    endless: dict = {}
    endless["agent"] = endless
    with pytest.raises(SpaceError, match=r"space: agent\.agent\.agent: nested more than 16 levels deep"):
        load_space(endless)


@pytest.mark.parametrize("what", [None, 3, ["quickstart"]])
def test_what_is_no_space(what):
    with pytest.raises(SpaceError, match="a search space is a shipped name, a YAML file or a mapping of its keys, not "):
        load_space(what)
    with pytest.raises(SpaceError, match=r"no search space 'no\.yaml'"):
        load_space(Path("no.yaml"))
