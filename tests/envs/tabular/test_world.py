"""Redrawing: the first MDP that is accepted, and an error in plain words where none is."""

import numpy as np
import pytest

from rlsearch.envs.tabular.garnet import garnet
from rlsearch.envs.tabular.kernels import pack
from rlsearch.envs.tabular.world import References, draw_world
from rlsearch.errors import SpaceError


def drawer(seed):
    rng = np.random.default_rng(seed)
    return lambda: garnet(rng, states=4, actions=2, branching=2)


def test_the_first_accepted_draw_is_taken():
    again = drawer(0)
    gaps = [(r := References.of(mdp, 0.9, 20)).optimal - r.random for mdp in (again() for _ in range(30))]
    bar = sorted(gaps)[-2]
    world = draw_world(drawer(0), lambda r: r.optimal - r.random >= bar, 0.9, 20)
    again = drawer(0)
    mdps = [again() for _ in range(30)]
    first = next(index for index, gap in enumerate(gaps) if gap >= bar)
    assert first > 0
    np.testing.assert_array_equal(world.params, pack(mdps[first]))
    assert world.optimal_return - world.random_return == pytest.approx(gaps[first])


def test_the_myopic_policy_lies_between_for_a_known_mdp():
    references = References.of(garnet(np.random.default_rng(1), 8, 3, 1), 0.95, 50)
    assert references.random < references.myopic < references.optimal


def test_no_acceptable_draw_is_an_error():
    with pytest.raises(SpaceError, match=r"none of 1000 .* type a greater gamma"):
        draw_world(drawer(0), lambda _: False, 0.9, 2)
