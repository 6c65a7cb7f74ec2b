"""UmbrellaChain against a plain statement of bsuite's rules."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)


def walk(length, distractors, actions, coin):
    """What is seen, then for each action the reward, whether it is over and what is seen; from the rules alone."""
    rain, umbrella = coin(), coin()
    yield [rain, umbrella, 1.0, *(coin() for _ in range(distractors))]
    for taken, action in enumerate(actions, start=1):
        if taken == 1:
            umbrella = action
        over = taken == length
        if over:
            reward = 1.0 if rain == umbrella else -1.0
        else:
            reward = 2.0 * coin() - 1.0
        yield reward, over
        yield [rain, umbrella, 1 - taken / length, *(coin() for _ in range(distractors))]


@pytest.mark.parametrize(("length", "distractors"), [(1, 0), (1, 3), (2, 20), (15, 0), (20, 20), (100, 100)])
def test_every_walk_follows_the_rules(equality, length, distractors):
    same = equality("UmbrellaChain", "bsuite's rules in plain Python")
    task = make_task(EnvSpec.parse({"env": "UmbrellaChain", "length": length, "distractors": distractors}), 0)
    state, out = np.empty(task.state_size), np.full(task.observation_size, np.nan, np.float32)
    for episode in range(50):
        rng, twin = np.random.default_rng(episode), np.random.default_rng(episode)
        actions = np.random.default_rng(episode + 1000).integers(2, size=length).tolist()
        told = walk(length, distractors, actions, lambda twin=twin: float(twin.random() < 0.5))
        task.reset(task.params, state, GRID, rng)
        task.observe(task.params, state, GRID, out)
        same.compare(out, np.float32(next(told)))
        for action in actions:
            reward, over = task.step(task.params, state, GRID, action, rng)
            same.compare((reward, over), next(told))
            task.observe(task.params, state, GRID, out)
            same.compare(out, np.float32(next(told)))
        assert over and task.horizon == length


def test_references_are_what_the_policies_earn(random_returns):
    for seed in range(50):
        task = make_task(EnvSpec("UmbrellaChain"), seed)
        assert agrees(random_returns(task, 5000), task.random_return)
        assert agrees(returns_of(task, lambda state, _: state[1], 400, seed), task.optimal_return)


def test_without_noise_the_forecast_decides():
    """Length 1: the reward is the judgement alone, so the references hold exactly."""
    task = make_task(EnvSpec.parse({"env": "UmbrellaChain", "length": 1}), 0)
    assert set(returns_of(task, lambda state, _: state[1], 100)) == {1.0}
    assert set(returns_of(task, lambda state, _: 1 - state[1], 100)) == {-1.0}
