"""The contract: every environment of ours keeps it, and a user's own is told in which way it does not."""

import sys

import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.catalogue import card_named, name_of
from rlsearch.envs.contract import EnvContract, problems
from rlsearch.errors import SpaceError

CORRIDOR = '''
"""Walk right to the end of a corridor; a step costs 1."""

import numpy as np

from rlsearch.envs import Card, World
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.jit import njit


@njit(RESET)
def reset(params, state, grid, rng):
    state[0] = 0.0


@njit(STEP)
def step(params, state, grid, action, rng):
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return -1.0, state[0] >= params[0]


@njit(OBSERVE)
def observe(params, state, grid, out):
    out[0] = state[0] / params[0]


def draw(rng, options, gamma):
    # Expected steps to climb n stairs with a wall at 0: n * (n + 1); the horizon of 1000 is hardly ever met.
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.array([3.0]),
        state_size=1,
        observation_size=1,
        num_actions=2,
        random_return=-12.0,
        optimal_return=-3.0,
    )


CARD = Card(
    id="Corridor",
    module=__name__,
    doc="Walk right to the end of a corridor.",
    source="the tests",
    skills=("basic",),
    actions="2: left, right",
    observation="1: the share of the way",
    reward="-1 every step",
    references="exact",
    horizon=1000,
    gamma=0.99,
)
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    """`module(text)` makes a module of a user's own in the current folder and gives its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    made = []

    def make(text):
        made.append(f"corridor_{tmp_path.name}_{len(made)}".replace("-", "_"))
        (tmp_path / f"{made[-1]}.py").write_text(text)
        return made[-1]

    yield make
    for name in made:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("env", environments())
def test_ours_keep_it(env):
    assert problems(environments()[env]) == []


def test_a_users_own_keeps_it_and_trains(module):
    name = f"{module(CORRIDOR)}:CARD"
    card = card_named(name)
    assert problems(card) == []
    assert (name_of(card), card.family, card.split) == (name, card.module, "")
    task = make_task(EnvSpec.parse({"env": name, "gamma": 0.9}), 0)
    assert (task.horizon, task.gamma, task.optimal_return) == (1000, 0.9, -3)
    assert EnvSpec(name).label() == name


class TestContract(EnvContract):
    """The class that is shipped for users' tests, used on one of ours."""

    card = environments()["Catch"]


@pytest.mark.parametrize(
    ("change", "to", "problem"),
    [
        ("@njit(STEP)\n", "", "'step' is not compiled for its signature; decorate it with @njit(STEP)"),
        ("    state[0] = 0.0\n", "    pass\n", "an episode depends on what the arrays held before reset"),
        ("    out[0] = state[0] / params[0]", "    pass", "observe leaves an entry unwritten"),
        ("    return -1.0,", "    return np.nan,", "a reward is not finite"),
        ("random_return=-12.0", "random_return=-10.0", "not random_return = -10"),
        ("random_return=-12.0", "random_return=-2.0", "random_return (-2) is not below optimal_return (-3)"),
        ("np.array([3.0])", "np.random.default_rng().normal(size=1) + 9", "drawn twice for one seed, the task differs"),
        (
            "    out[0] = state[0] / params[0]",
            "    out[0] = 0.0\n    for i in range(9):\n        out[i] = 1.0",
            "'out' is written beyond",
        ),
        ("    return -1.0,", "    params[0] = 3.0000001\n    return -1.0,", "params is changed by a kernel"),
        ('corridor.",', 'corridor",', "is no sentence"),
        ('reward="-1 every step"', 'reward=""', "the card's 'reward' is empty"),
    ],
)
def test_what_breaks_it_is_named(module, change, to, problem):
    assert change in CORRIDOR
    found = problems(card_named(f"{module(CORRIDOR.replace(change, to))}:CARD"))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("no_such_module_of_mine:CARD", "No module named 'no_such_module_of_mine'; type module:CARD"),
        ("rlsearch.errors:CARD", "has no attribute 'CARD'"),
        ("rlsearch.errors:SpaceError", "is a type, not a Card"),
        (":CARD", "type module:CARD"),
    ],
)
def test_what_is_no_card_is_said(asked, message):
    with pytest.raises(SpaceError, match=message):
        card_named(asked)
