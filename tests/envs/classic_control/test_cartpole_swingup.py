"""CartPoleSwingUp against bsuite's rules, written anew, and against episodes that bsuite 0.3.6 itself played.

bsuite asks for plotting libraries and more; so it is no requirement of the tests.
"""

import math

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.classic_control.planning import returns_of

TASK = make_task(EnvSpec("CartPoleSwingUp"), 0)
GRID = np.zeros(TASK.grid_shape, np.uint8)


def rules(state, action):
    """The next state, the reward, whether the cart has left: the equations of motion as one linear system of two."""
    position, velocity, angle, spin, time = state
    mass, half, gravity, force = 0.1, 0.5, 9.8, (action - 1) * 10.0
    # (M + m) x'' + m l cos(a) a'' = F + m l sin(a) a'^2,   m l cos(a) x'' + 4/3 m l^2 a'' = m g l sin(a)
    inertia = [[1.0 + mass, mass * half * math.cos(angle)], [mass * half * math.cos(angle), 4 / 3 * mass * half**2]]
    push = [force + mass * half * math.sin(angle) * spin**2, mass * gravity * half * math.sin(angle)]
    acceleration, spin_rate = np.linalg.solve(inertia, push)
    position, velocity = position + 0.01 * velocity, velocity + 0.01 * acceleration
    angle, spin, time = angle + 0.01 * spin, spin + 0.01 * spin_rate, time + 0.01
    up = math.cos(angle) > 0.5 and -1 < spin < 1 and -1 < position < 1
    return (position, velocity, angle, spin, time), (1 if up else 0) - (0.1 if action != 1 else 0), not -3 <= position <= 3


def picture(state):
    """What is observed."""
    position, velocity, angle, spin, time = state
    near, slow = (1 if -1 < value < 1 else -1 for value in (position, spin))
    return [position / 3, velocity / 3, math.sin(angle), math.cos(angle), spin, time / 10, near, slow]


def test_one_step_from_any_state(equality):
    """Also beside the ends of the track, the bounds of the reward and the turn of the angle."""
    rng, same = np.random.default_rng(0), equality("CartPoleSwingUp", "bsuite's rules, written anew", 1e-9)
    pictures = equality("CartPoleSwingUp", "bsuite's rules, written anew: float32", 1e-6)
    out, ends, pays = np.empty(8, np.float32), 0, 0
    for i in range(5000):
        state = rng.uniform((-1.2, -6, 0, -1.5, 0), (1.2, 6, 2 * math.pi, 1.5, 10))
        if i % 2:
            state[0] = rng.choice([-3.0, -2.99, -1.0, 1.0, 2.99, 3.0]) + rng.uniform(-0.01, 0.01)
            state[2] = rng.choice([0.0, math.pi / 3, 5 / 3 * math.pi, 2 * math.pi]) + rng.uniform(0, 1e-3)
            state[3] = rng.choice([-12.0, -1.0, 1.0, 12.0]) + rng.uniform(-0.2, 0.2)
        action = int(rng.integers(3))
        after, reward, left = rules(state, action)
        met = TASK.step(TASK.params, state, GRID, action, rng)
        same.compare(met, (reward, left))
        assert 0 <= state[2] < 2 * math.pi
        same.compare(np.delete(state, 2), np.delete(after, 2))
        same.compare((math.sin(state[2]), math.cos(state[2])), (math.sin(after[2]), math.cos(after[2])))
        TASK.observe(TASK.params, state, GRID, out)
        pictures.compare(out, picture(after))
        ends, pays = ends + left, pays + (reward > 0)
    assert ends > 100 and pays > 100


# Steps, sum of rewards and last state of what bsuite 0.3.6 played for three seeds.
PLAYED = (
    (1001, -67.2, [-1.9292622872398129, 0.04479658194404376, 2.9446008931229035, 0.5268631195262709, 10.009999999999831]),
    (1001, -66.5, [-1.8970031601719355, -0.6219499385420495, 2.9687958470838107, -0.19039674814960267, 10.009999999999831]),
    (795, -39.7, [-3.0004251655706637, -0.8652765435995037, 3.136706908688945, -3.90368251563843e-05, 7.949999999999875]),
)


@pytest.mark.parametrize("seed", range(3))
def test_episodes_that_bsuite_played(equality, seed):
    """Its reset reads a legacy stream, which a Generator continues; its clock ends an episode after 1001 steps."""
    same = equality("CartPoleSwingUp", "bsuite 0.3.6, episodes recorded", 1e-9)
    rng = np.random.Generator(np.random.RandomState(seed)._bit_generator)
    state, returned, played, terminated = np.full(5, np.nan), 0.0, 0, False
    TASK.reset(TASK.params, state, GRID, rng)
    while not terminated and played < TASK.horizon:
        along = 1 + (played % 2) * int(np.sign(state[3] * np.cos(state[2])))
        action = along if seed == 2 else (played // 7 * 5 + seed) % 3
        reward, terminated = TASK.step(TASK.params, state, GRID, action, rng)
        returned, played = returned + reward, played + 1
    steps, total, last = PLAYED[seed]
    assert played == steps
    same.compare((returned, *state), (total, *last))


def test_episodes_start_hanging_down():
    rng, state = np.random.default_rng(0), np.zeros(5)
    starts = []
    for _ in range(2000):
        TASK.reset(TASK.params, state, GRID, rng)
        starts.append(state - (0, 0, math.pi, 0, 0))
    assert (abs(np.array(starts)) <= 0.05).all() and not np.array(starts)[:, 4].any()
    np.testing.assert_allclose(np.std(starts, axis=0)[:4], 0.1 / math.sqrt(12), rtol=0.1)


# Tuned for the mean return by an evolution strategy.
NEAR = 1.04  # radians from upright
BALANCE = (24.5, 11.4, 0.104, 3.11)
PUMP, TARGET, CENTRE, BRAKE = 37.0, 0.074, 245.0, 26.8


def controller(state):
    """Far from upright, feed the pole energy and keep the cart near the centre; close to it, push when a weighted sum of
    angle, spin, position and velocity is large."""
    position, velocity, _, spin = state[:4]
    angle = math.remainder(state[2], 2 * math.pi)
    # Over m g l; 0 at rest upright, -2 hanging down.
    energy = spin**2 / 3 / 9.8 + math.cos(angle) - 1
    if abs(angle) < NEAR:
        push = sum(gain * value for gain, value in zip(BALANCE, (angle, spin, position, velocity), strict=True))
    else:
        push = PUMP * (energy - TARGET) * spin * math.cos(angle) - CENTRE * position - BRAKE * velocity
    return 2 if push > 1 else 0 if push < -1 else 1


def test_the_best_known_return_is_that_of_a_tuned_controller():
    """Its returns have standard deviation 14, as one swing in twenty fails at first."""
    returns = returns_of(TASK, controller, 100)
    assert abs(returns.mean() - TASK.optimal_return) < 4.5 * 14 / math.sqrt(len(returns))


def test_staying_still_is_better_than_chance_and_worth_nothing():
    """What makes it hard to explore: every push costs, and none pays until many have."""
    assert TASK.random_return < returns_of(TASK, lambda _: 1, 20).max() == 0
