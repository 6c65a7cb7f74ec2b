"""The tabular kernels against the MDP that was packed for them."""

import numpy as np
import pytest

from rlsearch.envs.tabular.garnet import garnet
from rlsearch.envs.tabular.kernels import observe, pack, reset, step
from rlsearch.envs.tabular.layered import layered

GRID = np.zeros((1, 1, 1), np.uint8)
DRAWS = 4000


@pytest.mark.parametrize(
    "mdp",
    [
        garnet(np.random.default_rng(0), states=5, actions=3, branching=2),
        layered(np.random.default_rng(1), layers=2, width=3, actions=2, exits=0),
    ],
    ids=["garnet", "layered"],
)
def test_outcomes_are_as_frequent_as_their_probabilities(mdp):
    params, rng, state = pack(mdp), np.random.default_rng(2), np.zeros(1)
    states, actions, _ = mdp.reward.shape
    for source in range(states):
        for action in range(actions):
            expected = np.zeros(states)
            np.add.at(expected, mdp.successor[source, action], mdp.probability[source, action])
            counts = np.zeros(states)
            for _ in range(DRAWS):
                state[0] = source
                reward, terminated = step(params, state, GRID, action, rng)
                counts[int(state[0])] += 1
                assert (reward, terminated) == (mdp.reward[source, action, 0], mdp.terminal[source, action, 0])
            error = np.sqrt(expected * (1 - expected) / DRAWS)
            assert (abs(counts / DRAWS - expected) <= 5 * error + 1e-12).all()


def test_episodes_start_as_often_as_they_should():
    mdp = layered(np.random.default_rng(1), layers=2, width=4, actions=2, exits=0)
    params, rng, state, out = pack(mdp), np.random.default_rng(2), np.zeros(1), np.empty(9, np.float32)
    counts = np.zeros(9)
    for _ in range(DRAWS):
        reset(params, state, GRID, rng)
        observe(params, state, GRID, out)
        counts += out
    assert counts.sum() == DRAWS and counts[4:].sum() == 0
    assert (abs(counts[:4] / DRAWS - 0.25) < 0.04).all()


def test_each_outcome_has_its_own_reward_and_end():
    """Toy text needs it: the same action may pay or end by where it leads."""
    mdp = garnet(np.random.default_rng(3), states=3, actions=2, branching=3)
    mdp.terminal[:] = mdp.successor == 2
    rewarded = type(mdp)(mdp.start, mdp.probability, mdp.successor, 10.0 * mdp.successor, mdp.terminal)
    params, rng, state = pack(rewarded), np.random.default_rng(4), np.zeros(1)
    for _ in range(100):
        reset(params, state, GRID, rng)
        reward, terminated = step(params, state, GRID, int(rng.integers(2)), rng)
        assert reward == 10 * state[0] and terminated == (state[0] == 2)


def test_cumulative_probabilities_end_in_exactly_one():
    mdp = garnet(np.random.default_rng(5), states=64, actions=8, branching=3)
    outcomes = pack(mdp)[3 + 64 :].reshape(64, 8, 3, 4)
    assert (outcomes[..., -1, 0] == 1.0).all()
    np.testing.assert_allclose(np.diff(outcomes[..., 0], axis=-1, prepend=0.0), mdp.probability, atol=1e-9)
