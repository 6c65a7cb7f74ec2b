"""What a space's keys mean where none is given, and where one is given oddly."""

import pytest
import yaml

from rlsearch.evolve.mutations import MUTATIONS
from rlsearch.space.model import SpaceModel

LEAST = "{inputs: [online], ops: [add], rungs: [{envs: [Catch], steps: 100}]}"


def model(**changes):
    return SpaceModel.model_validate(yaml.safe_load(LEAST) | changes)


def test_the_defaults_are_those_of_the_design():
    found = model()
    assert (found.regime, found.equivalence, found.start, found.free_nodes) == ("replay", "direction", "random", 7)
    evolution = found.evolution
    assert (evolution.population, evolution.tournament, evolution.fresh, evolution.in_flight) == (100, 10, 0.05, 64)
    assert set(evolution.mutations) == set(MUTATIONS)
    assert (found.rungs[0].seeds, found.rungs[0].passes, found.rungs[0].keep_top) == (1, None, None)
    assert (found.score.measure, found.score.aggregate, found.score.floor) == ("area", "geometric_mean", 0.05)
    assert (found.confirm.share, found.confirm.seeds, found.confirm.top, found.confirm.envs) == (0.2, 10, 10, ())


def test_weights_replace_the_defaults_as_a_whole():
    assert model(evolution={"mutations": {"graft": 1}}).evolution.mutations == {"graft": 1}


def test_limits_belong_to_what_is_allowed():
    for key in ("pass", "keep_top"):
        rung = model(rungs=[{"envs": ["Catch"], "steps": 1_000_000_000, key: 1}]).rungs[0]
        assert 1 in (rung.passes, rung.keep_top)
    assert model(free_nodes=100, start={"enumerate": 6}, confirm={"seeds": 2, "share": 0}).confirm.seeds == 2


def test_a_tournament_fits_its_population_given_or_not():
    with pytest.raises(ValueError, match=r"tournament \(10\) must be no more than population \(5\)"):
        model(evolution={"population": 5})
    assert model(evolution={"population": 5, "tournament": 5}).evolution.population == 5


def test_validation_environments_are_others():
    rungs = [{"envs": [{"env": "Garnet", "states": 5}], "steps": 100}]
    with pytest.raises(ValueError, match="Garnet is a training environment"):
        model(rungs=rungs, confirm={"envs": ["Garnet"]})  # other options make no other environment
    assert model(rungs=rungs, confirm={"envs": ["Catch"]}).confirm.envs[0].env == "Catch"
