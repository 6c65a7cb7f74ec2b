"""The contract: every environment of ours keeps it, and a user's own is told in which way it does not."""

import sys
from pathlib import Path

import pytest

from rlsearch.envs import EnvSpec, environments, example, make_task
from rlsearch.envs.catalogue import card_named, name_of
from rlsearch.envs.contract import EnvContract, Examination, examine, problems
from rlsearch.errors import SpaceError

CORRIDOR = Path(example.__file__).read_text(encoding="utf-8")


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
    assert problems(card_named("rlsearch.envs.example:CARD")) == []


def test_what_cannot_be_verified_is_said():
    assert examine(card_named("rlsearch.envs.example:CARD")) == Examination() == examine(environments()["CartPole-v1"])
    (said,) = examine(environments()["MountainCar-v0"]).unverified
    assert said.startswith("optimal_return = -97.9 is not verified: the best of those played returns -")


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
        (
            "state[0] / params[0]",
            "state[0] / params[0] if state[0] < params[0] else np.nan",
            "an observation or a reward is",
        ),
        ("state[0] / params[0]", "state[0] / params[0] if state[0] < params[0] else 1.5", "beyond the observation_low and"),
        (
            "optimal_return=-float(length)",
            "optimal_return=3.0",
            "is 3, and no policy returns more than -3: all 3 states",
        ),
        ("optimal_return=-float(length)", "optimal_return=-8.0", "optimal_return is -8, and a policy returns -3"),
        ("random_return=-length * (length + 1.0)", "random_return=-12.0", "CARD(length=1): the random policy returns -1."),
        ("horizon=1000", "horizon=0", "the card's horizon is 0; wanted: a whole number from 1"),
        ("random_return=-length * (length + 1.0)", "random_return=-10.0", "not random_return = -10"),
        ("random_return=-length * (length + 1.0)", "random_return=-2.0", "random_return (-2) is not below optimal_return (-3)"),
        ("random_return=-length * (length + 1.0)", "random_return=-3.0", "random_return (-3) is not below optimal_return (-3)"),
        (
            "np.array([float(length)])",
            "np.random.default_rng().normal(size=1) + 9",
            "drawn twice for one seed, the task differs",
        ),
        ("    out[0] = state[0]", "    out[1] = 1.0\n    out[0] = state[0]", "'out' is written beyond its ends"),
        ("    return -1.0,", "    params[0] = 3.0000001\n    return -1.0,", "params is changed by a kernel"),
        ('doc="Walk right to the end of a corridor."', 'doc="Walk right"', "is no sentence"),
        ('reward="-1 every step"', 'reward=""', "the card's 'reward' is empty"),
        ("gamma=0.99", "gamma=1.5", "the card's gamma is 1.5; allowed by its gamma_limits: 0.0 to 1.0"),
        ('skills=("basic",)', 'skills="basic"', "wanted: a tuple of words"),
        ("horizon=1000", 'horizon="size"', "names the option 'size', which it does not have"),
        ("params=np.array([float(length)])", "params=[3.0]", "params is [3.0]; wanted: a float64 array [P]"),
        ("num_actions=2", 'num_actions="2"', "num_actions is '2'; wanted: a whole number"),
        ("def draw(", "def drawn(", "drawing it fails with AttributeError"),
        (
            "    length = options",
            "    raise ValueError('no luck')\n    length = options",
            "drawing it fails with ValueError: no luck",
        ),
        ("state_size=1", "state_sze=1", "drawing it fails with TypeError"),
        ("    return World(", "    return dict(", "draw gives a dict; wanted: a World"),
        ("module=__name__", 'module="nonesuch"', "nonesuch"),
    ],
)
def test_what_breaks_it_is_named(module, change, to, problem):
    assert change in CORRIDOR
    try:
        found = problems(card_named(f"{module(CORRIDOR.replace(change, to))}:CARD"))
    except SpaceError as error:
        found = [str(error)]
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
