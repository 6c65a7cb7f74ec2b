"""MaximisationBias against the book's example in plain Python, and the bias itself, which must be there."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)


def episode(action_in_a, normal):
    """Rewards and visited states of one episode, by the book's words; odd actions stand for left."""
    if action_in_a % 2 == 0:
        return [(0.0, True, "end")]
    return [(0.0, False, "B"), (-0.1 + normal, True, "end")]


@pytest.mark.parametrize("actions", [2, 7, 10, 20])
def test_every_episode_follows_the_book(equality, actions):
    same = equality("MaximisationBias", "Sutton and Barto, example 6.7")
    task = make_task(EnvSpec.parse({"env": "MaximisationBias", "actions": actions}), 0)
    assert task.num_actions == actions
    rng, twin, choices = (np.random.default_rng(stream) for stream in (0, 0, 1))
    state, out = np.empty(1), np.full(3, np.nan, np.float32)
    for _ in range(500):
        task.reset(task.params, state, GRID, rng)
        task.observe(task.params, state, GRID, out)
        same.compare(out, (1, 0, 0))
        action = int(choices.integers(actions))
        twin.normal()  # the kernel draws in A too, for nothing
        normal = twin.normal() if action % 2 else 0.0
        for reward, over, reached in episode(action, normal):
            same.compare(task.step(task.params, state, GRID, action, rng), (reward, over))
            task.observe(task.params, state, GRID, out)
            same.compare(out, [reached == name for name in ("A", "B", "end")])
            action = int(choices.integers(actions))


@pytest.mark.parametrize("actions", range(2, 21))
def test_references_are_what_the_policies_earn(random_returns, actions):
    task = make_task(EnvSpec.parse({"env": "MaximisationBias", "actions": actions}), 0)
    assert task.random_return == pytest.approx(-0.1 * (actions // 2) / actions)
    assert agrees(random_returns(task, 200_000), task.random_return)
    assert set(returns_of(task, lambda _, __: 0, 20)) == {task.optimal_return} == {0.0}


def test_the_greatest_sample_mean_misleads():
    """What the environment is for: with 10 samples of each action in B, the greatest mean is well above 0."""
    task = make_task(EnvSpec("MaximisationBias"), 0)
    rng, state, greatest = np.random.default_rng(0), np.empty(1), []
    for _ in range(200):
        means = np.zeros(10)
        for action in range(10):
            for _ in range(10):
                state[0] = 1.0
                means[action] += task.step(task.params, state, GRID, action, rng)[0] / 10
        greatest.append(means.max())
    assert 0.3 < np.mean(greatest) < 0.45  # the greatest of 10 normals is 1.54 sd: -0.1 + 1.54 / sqrt(10) = 0.39
