"""Worlds whose numbers cannot be, and draws that take chance from elsewhere."""

import random
import sys
from types import ModuleType

import numpy as np
import pytest

from rlsearch.envs import Card, EnvSpec, example
from rlsearch.envs.promises.world import find_bad_draws, find_bad_kernels, find_bad_references, find_bad_sizes
from rlsearch.numba_support.jit import njit
from tests.envs.promises.corridor import CORRIDOR, corridor


def test_the_corridor_is_sound():
    for find in (find_bad_sizes, find_bad_references, find_bad_kernels):
        assert list(find(CORRIDOR)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"params": np.zeros(3, np.float32)}, "wanted: a float64 array [P]"),
        ({"params": np.zeros((2, 2))}, "wanted: a float64 array [P]"),
        ({"horizon": 0}, "1 step at least"),
        ({"num_actions": 1}, "there must be 2 actions"),
        ({"observation_size": 0}, "1 number to observe"),
        ({"state_size": 1.0}, "state_size is 1.0; wanted: a whole number"),
        ({"state_size": -1}, "state_size is -1"),
        ({"state_size": 10**12}, "allowed: up to 10,000,000 numbers"),
        ({"grid_shape": (3, 3)}, "grid_shape is (3, 3); wanted: three whole numbers from 1"),
        ({"grid_shape": (0, 1, 1)}, "grid_shape is (0, 1, 1)"),
        ({"observation_low": 2.0}, "observation_low is 2.0 and observation_high 1.0"),
        ({"observation_low": np.nan}, "observation_low is nan"),
        ({"observation_high": np.ones(2)}, "a number or an array [1] for each"),
        ({"observation_low": "0"}, "a number or an array [1] for each"),
    ],
)
def test_sizes(changes, problem):
    found = list(find_bad_sizes(corridor(**changes)))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"optimal_return": np.nan}, "optimal_return is nan; wanted: a finite number"),
        ({"optimal_return": np.inf}, "optimal_return is inf"),
        ({"random_return": -np.inf}, "random_return is -inf"),
        ({"random_return": None}, "random_return is None"),
        ({"optimal_return": -20.0}, "random_return (-12) is not below optimal_return (-20)"),
    ],
)
def test_references(changes, problem):
    found = list(find_bad_references(corridor(**changes)))
    assert any(problem in line for line in found), found


def test_a_kernel_for_doubles_instead_of_float32_is_refused():
    @njit("void(f8[::1], f8[::1], u1[:, :, ::1], f8[::1])")
    def observe(_params, _state, _grid, _out):
        return

    assert list(find_bad_kernels(corridor(observe=observe))) == [
        "'observe' is not compiled for its signature; decorate it with @njit(OBSERVE) of rlsearch"
    ]


COUNTS = {"calls": 0}


def counted(rng, options, gamma):
    """Drawn by how often it was drawn: a module's own number."""
    COUNTS["calls"] += 1
    world = example.draw(rng, options, gamma)
    return type(world)(**(vars(world) | {"random_return": -12.0 - 1e-3 * COUNTS["calls"]}))


def global_numpy(rng, options, gamma):
    """Touches NumPy's global state, with the same result each time."""
    np.random.seed(0)  # noqa: NPY002
    return example.draw(rng, options, gamma)


def global_python(rng, options, gamma):
    """Touches Python's."""
    random.random()
    return example.draw(rng, options, gamma)


@pytest.mark.parametrize(
    ("draw", "problem"),
    [
        (counted, "drawn twice for one seed, the task differs"),
        (global_numpy, "a global random state"),
        (global_python, "a global random state"),
    ],
)
def test_draws(draw, problem, monkeypatch):
    module = ModuleType("drawn_badly")
    card = Card(**(vars(example.CARD) | {"module": "drawn_badly"}))
    vars(module).update(draw=draw, CARD=card)
    monkeypatch.setitem(sys.modules, "drawn_badly", module)
    numpys, pythons = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        (found,) = find_bad_draws(EnvSpec("drawn_badly:CARD"), 0)
    finally:
        np.random.set_state(numpys)  # noqa: NPY002
        random.setstate(pythons)
    assert problem in found
