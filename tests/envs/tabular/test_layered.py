"""LayeredMDP: what its card promises, for many seeds."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.tabular.layered import HIGHEST_MYOPIC_SHARE, LEAST_GAP_PER_STEP, layered

GRID = np.zeros((1, 1, 1), np.uint8)


def unpack(task):
    """Expected reward `[S, A]` as the kernels read it."""
    states, actions, branching = task.params[:3].astype(int)
    outcomes = task.params[3 + states :].reshape(states, actions, branching, 4)
    return outcomes[:, :, 0, 1]


@pytest.mark.parametrize("seed", range(20))
def test_foresight_pays(seed):
    task = make_task(EnvSpec("LayeredMDP"), seed)
    gap = task.optimal_return - task.random_return
    assert gap >= LEAST_GAP_PER_STEP * task.horizon
    assert 3 <= task.horizon <= 5 and task.num_actions in (2, 3)

    # What a bandit loss would learn, played with the kernels.
    best = unpack(task).argmax(axis=1)
    rng, state, total, episodes = np.random.default_rng(seed), np.zeros(1), 0.0, 2000
    for _ in range(episodes):
        task.reset(task.params, state, GRID, rng)
        terminated = False
        while not terminated:
            reward, terminated = task.step(task.params, state, GRID, int(best[int(state[0])]), rng)
            total += reward
    noise = 5 * np.sqrt(task.horizon * 1.25) / np.sqrt(episodes)
    assert total / episodes - task.random_return <= HIGHEST_MYOPIC_SHARE * gap + noise


def test_every_episode_passes_each_layer_once():
    mdp = layered(np.random.default_rng(0), layers=3, width=4, actions=2, exits=0)
    for state in range(12):
        layer = state // 4
        expected = {12} if layer == 2 else set(range(4 * (layer + 1), 4 * (layer + 2)))
        assert set(mdp.successor[state].ravel()) == expected
        assert (mdp.terminal[state] == (layer == 2)).all()
    assert mdp.terminal[12].all() and not mdp.reward[12].any()
    np.testing.assert_array_equal(mdp.start, [0.25] * 4 + [0.0] * 9)


def test_options_are_obeyed():
    spec = EnvSpec.parse({"env": "LayeredMDP", "layers": 7, "width": 2, "actions": 4, "gamma": 1})
    task = make_task(spec, 0)
    assert (task.horizon, task.observation_size, task.num_actions, task.gamma) == (7, 15, 4, 1.0)


def test_some_outcomes_end_the_episode_early():
    mdp = layered(np.random.default_rng(0), layers=6, width=8, actions=4, exits=25)
    early = mdp.terminal[:40]  # before the last layer, whose outcomes all end
    assert abs(early.mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / early.size)
    np.testing.assert_array_equal(mdp.successor[:40] == 48, early)
    assert mdp.terminal[40:].all()
    task = make_task(EnvSpec.parse({"env": "LayeredMDP", "exits": 50, "layers": 5}), 3)
    rng, state, lengths = np.random.default_rng(0), np.zeros(1), set()
    for _ in range(200):
        task.reset(task.params, state, GRID, rng)
        terminated, length = False, 0
        while not terminated:
            _, terminated = task.step(task.params, state, GRID, 0, rng)
            length += 1
        lengths.add(length)
    assert {1, 2, 3} <= lengths <= {1, 2, 3, 4, 5}  # half of the outcomes end an episode, the last layer all
