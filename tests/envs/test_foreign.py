"""Environments of Gymnasium's, adapted: the same numbers, as vectors."""

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from rlsearch.envs.foreign import adapted
from rlsearch.errors import SpaceError


@pytest.mark.parametrize("name", ["CartPole-v1", "Acrobot-v1", "MountainCar-v0"])
def test_a_box_is_flattened_and_left_alone(name):
    task, env, rng = adapted(name), gymnasium.make(name), np.random.default_rng(0)
    np.testing.assert_array_equal(task.reset(seed=4), env.reset(seed=4)[0])
    for _ in range(300):
        action = int(rng.integers(task.num_actions))
        seen, reward, *ends = task.step(action)
        other, paid, *others, _ = env.step(action)
        np.testing.assert_array_equal(seen, other)
        assert seen.dtype == np.float32 and (reward, *ends) == (paid, *others)
        if any(ends):
            break
    assert task.card.horizon == env.spec.max_episode_steps


def test_a_number_is_one_hot():
    task = adapted("FrozenLake-v1", is_slippery=False)
    assert task.observation_size == 16 and task.num_actions == 4
    seen = task.reset(seed=0)
    assert seen.sum() == 1 and seen[0] == 1
    assert task.step(2)[0].tolist().index(1) == 1
    assert task.card.references == "solved at a mean return of 0.7, as its authors say"


class Odd(gymnasium.Env):
    """Numbers that do not begin at 0."""

    observation_space = spaces.Discrete(3, start=5)
    action_space = spaces.Discrete(2, start=1)

    def reset(self, **_):
        return 6, {}

    def step(self, action):
        assert action in (1, 2)
        return 7, float(action), True, False, {}


def test_numbers_begin_where_they_begin():
    task = adapted(Odd())
    assert task.reset().tolist() == [0, 1, 0]
    assert task.step(0)[1] == 1 and task.step(1)[0].tolist() == [0, 0, 1]
    assert (task.card.id, task.card.doc) == ("Odd", "Numbers that do not begin at 0.")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Pendulum-v1", r"Pendulum-v1 has Box.* actions; allowed: Discrete"),
        ("Blackjack-v1", "Blackjack-v1 has Tuple observations; allowed: Box or Discrete"),
        ("CartPol-v1", "gymnasium cannot make 'CartPol-v1'"),
    ],
)
def test_what_does_not_fit_is_said(name, message):
    with pytest.raises(SpaceError, match=message):
        adapted(name)
