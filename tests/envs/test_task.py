"""Drawing tasks: a pure function of the request and the seed."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs import EnvSpec, environments, instance, make_task
from tests.envs.play import agrees

RANGES = {"gamma": [0.8, 0.9], "reward_scale": [0.1, 10], "reward_offset": [-1, 1]}


def numbers(task):
    return [task.horizon, task.gamma, task.reward_scale, task.reward_offset, *task.params]


@pytest.mark.parametrize("env", environments())
def test_the_same_request_gives_the_same_task(env):
    for seed in range(50):
        first, second = (make_task(EnvSpec(env), seed) for _ in range(2))
        assert numbers(first) == numbers(second)
        assert (first.random_return, first.optimal_return) == (second.random_return, second.optimal_return)


def test_also_in_another_process():
    code = "from rlsearch.envs import *; print(make_task(EnvSpec('LayeredMDP'), 3).params.sum().hex())"
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert other == make_task(EnvSpec("LayeredMDP"), 3).params.sum().hex()


@pytest.mark.parametrize("env", ["Garnet", "LayeredMDP"])
def test_another_seed_gives_another_mdp(env):
    drawn = [make_task(EnvSpec(env), seed) for seed in range(20)]
    assert len({task.params.tobytes() for task in drawn}) == 20
    assert {task.num_actions for task in drawn} == {2, 3}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_ranges_are_kept(seed):
    task = make_task(EnvSpec.parse({"env": "Garnet", "states": [4, 6], **RANGES}), seed)
    assert 4 <= task.observation_size <= 6
    assert 0.8 <= task.gamma <= 0.9 and 0.1 <= task.reward_scale <= 10 and -1 <= task.reward_offset <= 1


def test_ranges_are_filled_and_a_scale_is_drawn_on_the_logarithm():
    drawn = [make_task(EnvSpec.parse({"env": "Garnet", "states": [4, 6], **RANGES}), seed) for seed in range(100)]
    assert {task.observation_size for task in drawn} == {4, 5, 6}
    assert 0.3 < np.mean([task.reward_scale < 1 for task in drawn]) < 0.7
    assert np.ptp([task.gamma for task in drawn]) > 0.09
    assert np.ptp([task.reward_offset for task in drawn]) > 1.8


FAMILIES = {env: card for env, card in environments().items() if card.options}


def family(env):
    """Every option drawn from all that is allowed."""
    return EnvSpec.parse({"env": env, **{name: [option.low, option.high] for name, option in FAMILIES[env].options.items()}})


def contents(task):
    """All that a task is, as bytes and kernels."""
    return {name: np.asarray(value).tobytes() if np.ndim(value) else value for name, value in vars(task).items()}


@pytest.mark.parametrize("env", FAMILIES)
def test_a_member_of_a_family_is_the_environment_of_its_own_fixed_options(env):
    """References, sizes and numbers, bit for bit: so a score means the same in a drawn environment as in a fixed one."""
    spec, card = family(env), FAMILIES[env]
    for seed in range(8):
        member, task = instance(spec, seed), make_task(spec, seed)
        assert member == instance(spec, seed) == instance(member, seed)
        assert [name for name, _ in member.options] == sorted(card.options)
        assert all(card.options[name].low <= number <= card.options[name].high for name, number in member.options)
        assert contents(make_task(member, seed)) == contents(task)
        assert np.isfinite([task.random_return, task.optimal_return]).all()
        assert task.optimal_return - task.random_return > 1e-6 * abs(task.optimal_return), member.label()


@pytest.mark.parametrize("env", FAMILIES)
def test_a_members_reference_is_its_own(env, random_returns):
    for seed in range(2):
        task = make_task(family(env), seed)
        returns = random_returns(task, min(5000, 500_000 // task.horizon))
        unseen = 5 * (task.optimal_return - task.random_return) / len(returns)
        assert agrees(returns, task.random_return, 4.5, unseen), instance(family(env), seed).label()


def test_a_range_is_drawn_evenly_and_to_its_ends():
    drawn = [dict(instance(EnvSpec.parse("Ledge(length=4..7)"), seed).options)["length"] for seed in range(800)]
    assert {number: 150 <= drawn.count(number) <= 250 for number in drawn} == dict.fromkeys((4, 5, 6, 7), True)
    for env in FAMILIES:
        for name, option in FAMILIES[env].options.items():
            low = option.high - 1
            narrow = EnvSpec(env, ((name, (low, option.high)),))
            assert {dict(instance(narrow, seed).options)[name] for seed in range(30)} == {low, option.high}, (env, name)


def test_an_instance_fixes_what_is_drawn_and_no_more():
    assert instance(EnvSpec("Catch"), 3) == EnvSpec("Catch")
    assert instance(EnvSpec("Ledge", (("length", 5),)), 3) == EnvSpec("Ledge", (("length", 5),))
    member = instance(EnvSpec("Garnet", (("states", 5),), reward_scale=(0.1, 10)), 3)
    assert {name for name, _ in member.options} == {"states", "actions", "branching"}  # two are ranges by default
    assert 0.9 <= member.gamma <= 0.95 and 0.1 <= member.reward_scale <= 10 and member.reward_offset is None


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("DelayedChain", [(8, 17, 0.99, 0.0), (11, 23, 0.99, 0.0), (18, 37, 0.99, 0.0)]),
        ("DelayedChain(length=9)", [(9, 19, 0.99, 0.0)] * 3),
        (
            "Garnet(states=4..64, reward_offset=-1..1)",
            [(50, 39, 0.949533338, 0.082710493), (50, 16, 0.922775293, -0.469422806), (50, 23, 0.903648505, 0.133701587)],
        ),
    ],
)
def test_draws_stay_as_they_were(asked, drawn):
    """Recorded before `instance` was cut out of `make_task`: rows of journals rest on it."""
    for seed, numbers in enumerate(drawn):
        task = make_task(EnvSpec.parse(asked), seed)
        assert (task.horizon, task.observation_size, task.gamma, task.reward_offset) == pytest.approx(numbers, abs=1e-9)


def test_settings_never_change_one_another():
    """Common random numbers: fixing the discount, or an option, leaves every other draw as it was."""
    free = make_task(EnvSpec.parse({"env": "Catch", **RANGES}), 5)
    fixed = make_task(EnvSpec.parse({"env": "Catch", **RANGES, "gamma": 0.5}), 5)
    assert (fixed.gamma, fixed.reward_scale, fixed.reward_offset) == (0.5, free.reward_scale, free.reward_offset)
    narrow = make_task(EnvSpec.parse({"env": "Garnet", "states": 5, "branching": [2, 3]}), 5)
    assert narrow.num_actions == make_task(EnvSpec.parse({"env": "Garnet"}), 5).num_actions


def test_defaults_leave_the_reward_alone():
    task = make_task(EnvSpec("CartPole-v1"), 0)
    assert (task.gamma, task.reward_scale, task.reward_offset) == (0.99, 1.0, 0.0)


def test_normalised_returns():
    task = make_task(EnvSpec("Catch"), 0)
    np.testing.assert_allclose(task.normalise([-0.6, 1.0, -1.0]), [0.0, 1.0, -0.25], atol=1e-15)
    assert task.normalise(0.2) == pytest.approx(0.5)
