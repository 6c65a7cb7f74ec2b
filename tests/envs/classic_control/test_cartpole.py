"""CartPole against Gymnasium's own, bit for bit."""

import gymnasium
import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task

TASK = make_task(EnvSpec("CartPole-v1"), 0)
GRID = np.zeros(TASK.grid_shape, np.uint8)


@pytest.fixture(scope="module")
def oracle():
    return gymnasium.make("CartPole-v1", disable_env_checker=True)


def observation(state):
    out = np.empty(4, np.float32)
    TASK.observe(TASK.params, state, GRID, out)
    return out


def test_one_step_from_any_state(oracle, equality):
    """Also from states beyond the limits, and just beside them."""
    rng, same = np.random.default_rng(0), equality("CartPole-v1", "gymnasium CartPole-v1")
    oracle.reset(seed=0)
    for _ in range(3000):
        state = rng.uniform(-1, 1, 4) * (3.0, 5.0, 0.3, 5.0)
        action = int(rng.integers(2))
        oracle.unwrapped.state, oracle.unwrapped.steps_beyond_terminated = state.copy(), None
        seen, reward, terminated, _, _ = oracle.unwrapped.step(action)
        same.compare(TASK.step(TASK.params, state, GRID, action, rng), (reward, terminated))
        same.compare(state, oracle.unwrapped.state)
        same.compare(observation(state), seen)


@pytest.mark.parametrize("seed", range(10))
def test_seeded_episodes(oracle, equality, seed):
    """The same reset stream, and the same horizon."""
    same = equality("CartPole-v1", "gymnasium CartPole-v1")
    rng, actions = np.random.default_rng(seed), np.random.default_rng(seed + 1000)
    assert oracle.spec.max_episode_steps == TASK.horizon
    seen, _ = oracle.reset(seed=seed)
    state = np.empty(4)
    for _ in range(3):
        TASK.reset(TASK.params, state, GRID, rng)
        terminated = False
        while not terminated:
            same.compare(state, oracle.unwrapped.state)
            same.compare(observation(state), seen)
            # A rough controller, so that some episodes are long.
            action = int(state[2] + state[3] > 0) if actions.random() < 0.9 else int(actions.integers(2))
            seen, reward, stops, truncated, _ = oracle.step(action)
            given, terminated = TASK.step(TASK.params, state, GRID, action, rng)
            same.compare((given, terminated), (reward, stops))
            if truncated:
                break
        seen, _ = oracle.reset()
