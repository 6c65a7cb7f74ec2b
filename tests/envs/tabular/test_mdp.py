"""Dynamic programming against enumeration of all policies, of all trajectories, and closed forms."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs.tabular.garnet import garnet
from rlsearch.envs.tabular.layered import layered
from rlsearch.envs.tabular.mdp import TabularMDP, backup, expected_return, greedy, optimal_q, uniform

SEEDS = st.integers(0, 10_000)


def discounted_value(mdp, actions, gamma):
    """Value `[S]` of a deterministic policy by plain iteration."""
    value = np.zeros(len(actions))
    for _ in range(400):
        value = backup(mdp, value, gamma)[np.arange(len(actions)), list(actions)]
    return value


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_q_star_is_the_best_of_all_policies(seed):
    mdp = garnet(np.random.default_rng(seed), states=4, actions=2, branching=2)
    values = [discounted_value(mdp, actions, 0.9) for actions in itertools.product(range(2), repeat=4)]
    np.testing.assert_allclose(optimal_q(mdp, 0.9).max(axis=1), np.max(values, axis=0), rtol=1e-9, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, gamma=st.floats(0.0, 0.999))
def test_q_star_is_a_fixed_point(seed, gamma):
    mdp = garnet(np.random.default_rng(seed), states=8, actions=3, branching=3)
    q = optimal_q(mdp, gamma)
    np.testing.assert_allclose(backup(mdp, q.max(axis=1), gamma), q, rtol=1e-7, atol=1e-7)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_without_discount_the_greedy_policy_of_layers_is_the_finite_horizon_optimum(seed):
    mdp = layered(np.random.default_rng(seed), layers=4, width=3, actions=2, exits=0)
    value = np.zeros(len(mdp.start))
    for _ in range(4):
        value = backup(mdp, value, 1.0).max(axis=1)
    best = float(mdp.start @ value)
    assert expected_return(mdp, greedy(optimal_q(mdp, 1.0)), 4) == pytest.approx(best, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, horizon=st.integers(0, 3))
def test_expected_return_sums_over_all_trajectories(seed, horizon):
    mdp = layered(np.random.default_rng(seed), layers=2, width=2, actions=2, exits=0)

    def total(state, left):
        if left == 0:
            return 0.0
        outcomes = itertools.product(*map(range, mdp.probability[state].shape))
        return sum(
            0.5
            * mdp.probability[state, action, outcome]
            * (
                mdp.reward[state, action, outcome]
                + (1 - mdp.terminal[state, action, outcome]) * total(mdp.successor[state, action, outcome], left - 1)
            )
            for action, outcome in outcomes
        )

    expected = sum(p * total(state, horizon) for state, p in enumerate(mdp.start))
    assert expected_return(mdp, uniform(mdp), horizon) == pytest.approx(expected, abs=1e-12)


def test_one_state_has_a_closed_form():
    """Two actions that stay for reward 1 or end for reward 5: q = 1 / (1 - gamma) against 5."""
    mdp = TabularMDP(
        start=np.ones(1),
        probability=np.ones((1, 2, 1)),
        successor=np.zeros((1, 2, 1), np.int64),
        reward=np.array([[[1.0], [5.0]]]),
        terminal=np.array([[[False], [True]]]),
    )
    np.testing.assert_allclose(optimal_q(mdp, 0.9), [[10.0, 5.0]])
    np.testing.assert_allclose(optimal_q(mdp, 0.5), [[3.5, 5.0]])
    assert expected_return(mdp, greedy(optimal_q(mdp, 0.9)), 7) == 7.0
    assert expected_return(mdp, uniform(mdp), 2) == pytest.approx(0.5 * (1 + 3) + 0.5 * 5)
