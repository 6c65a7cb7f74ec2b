"""One of our tables beside Gymnasium's: every state and action, and whole seeded episodes, from one stream of numbers."""

from typing import Any

import gymnasium
import numpy as np

from rlsearch.envs import Task, environments
from rlsearch.envs.signature import Floats

from ..conftest import Equality

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


def expected_return(oracle: Any, horizon: int, choose: Any) -> float:
    """Of an episode cut off after `horizon` steps, from Gymnasium's own table; `choose` mixes the values of actions `[S, A]`."""
    table = oracle.unwrapped.P
    value = np.zeros(len(table))
    for _ in range(horizon):
        q = backed_up(table, value, 1.0)
        value = choose(q)
    return float(np.dot(oracle.unwrapped.initial_state_distrib, value))


def backed_up(table: Any, value: Floats, gamma: float) -> Floats:
    """Values of actions `[S, A]`, one step before `value`."""
    outcomes = [[table[place][action] for action in sorted(table[place])] for place in sorted(table)]
    return np.array([[sum(p * (r + gamma * (not t) * value[s]) for p, s, r, t in cell) for cell in row] for row in outcomes])


def greedy_for(oracle: Any, gamma: float, sweeps: int = 3000) -> Any:
    """The first best action of every state by value iteration on Gymnasium's table."""
    table = oracle.unwrapped.P
    arrays = [np.array([[[o[k] for o in table[s][a]] + [0] * (3 - len(table[s][a])) for a in table[s]] for s in table]) for k in range(4)]
    p, successor, reward, ends = arrays
    value = np.zeros(len(table))
    for _ in range(sweeps):
        q = (p * (reward + gamma * (1 - ends) * value[successor])).sum(axis=-1)
        value = q.max(axis=1)
    best = (q > q.max(axis=1, keepdims=True) - 1e-9).argmax(axis=1)
    return best
