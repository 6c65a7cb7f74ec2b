"""One of our tables beside Gymnasium's: every state and action, and whole seeded episodes, from one stream of numbers."""

from typing import Any

import gymnasium
import numpy as np

from rlsearch.envs import Task, environments
from rlsearch.envs.signature import Floats
from tests.envs.conftest import Equality

GRID = np.zeros((1, 1, 1), np.uint8)


def oracle_of(task: Task, **settings: Any) -> gymnasium.Env[Any, Any]:
    """Gymnasium's environment that the card names; under our horizon where it has none."""
    spec = gymnasium.spec(environments()[task.env].oracle)
    assert spec.max_episode_steps in (task.horizon, None)
    return gymnasium.make(spec, disable_env_checker=True, max_episode_steps=task.horizon, **settings)


def every_step(task: Task, oracle: Any, same: Equality, times: int) -> None:
    """Every action from every state, some times over, the unreachable and the ended ones included."""
    rng, state = np.random.default_rng(0), np.zeros(1)
    oracle.reset(seed=0)
    oracle.unwrapped.np_random = np.random.default_rng(0)
    for place in range(int(oracle.observation_space.n)):
        for action in range(task.num_actions):
            for _ in range(times):
                state[0] = oracle.unwrapped.s = place
                reached, reward, terminated, _, _ = oracle.unwrapped.step(action)
                met = task.step(task.params, state, GRID, action, rng)
                same.compare((*met, state[0]), (reward, terminated, reached))
    assert rng.random() == oracle.unwrapped.np_random.random()


def episodes(task: Task, oracle: Any, same: Equality, seed: int, count: int = 20) -> None:
    """Random episodes of one seed, resets and all, up to the same last number of the stream."""
    rng, state, actions = np.random.default_rng(seed), np.zeros(1), np.random.default_rng(seed + 1000)
    reached, _ = oracle.reset(seed=seed)
    for _ in range(count):
        task.reset(task.params, state, GRID, rng)
        same.compare(state[0], reached)
        for step in range(1, task.horizon + 1):
            action = int(actions.integers(task.num_actions))
            reached, reward, terminated, truncated, _ = oracle.step(action)
            met = task.step(task.params, state, GRID, action, rng)
            same.compare((*met, state[0]), (reward, terminated, reached))
            assert truncated == (step == task.horizon)
            if terminated:
                break
        reached, _ = oracle.reset()
    task.reset(task.params, state, GRID, rng)
    assert rng.random() == oracle.unwrapped.np_random.random()


def expected_returns(oracle: Any, gamma: float, horizon: int) -> tuple[float, float, float]:
    """Within the horizon, from Gymnasium's own table: of the random policy, of the one that is greedy for the discounted
    values, found by iterating over values, and the most that one who knows the time left can expect."""
    table = oracle.unwrapped.P
    rows = [[[*table[s][a], *[(0.0, 0, 0.0, True)] * (3 - len(table[s][a]))] for a in sorted(table[s])] for s in sorted(table)]
    probability, successor, reward, ends = (np.array(rows)[..., field] for field in range(4))

    def backed_up(value: Floats, discount: float) -> Floats:
        return (probability * (reward + discount * (1 - ends) * value[successor.astype(int)])).sum(axis=-1)

    value = np.zeros(len(rows))
    for _ in range(3000):
        value = backed_up(value, gamma).max(axis=1)
    q = backed_up(value, gamma)
    # Equal to the last bits is equal: the first of the best.
    best = (q > q.max(axis=1, keepdims=True) - 1e-9).argmax(axis=1)
    random, greedy, timed = (np.zeros(len(rows)) for _ in range(3))
    for _ in range(horizon):
        random = backed_up(random, 1.0).mean(axis=1)
        greedy = backed_up(greedy, 1.0)[np.arange(len(rows)), best]
        timed = backed_up(timed, 1.0).max(axis=1)
    start = oracle.unwrapped.initial_state_distrib
    return float(start @ random), float(start @ greedy), float(start @ timed)
