"""A finite Markov decision process, and exact computations on it.

Policies are `[S, A]` arrays of probabilities. Puterman 1994, chapters 4 (finite horizon) and 6 (policy iteration).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Policy iteration stops when no action is better by more than this share of the greatest value: rounding is below it.
_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class TabularMDP:
    """S states, A actions, and for each pair up to B outcomes.

    Attributes:
        start: `[S]`, probability that an episode starts there.
        probability: `[S, A, B]`, of each outcome; sums to 1 over B.
        successor: int `[S, A, B]`, the state an outcome leads to.
        reward: `[S, A, B]`.
        terminal: bool `[S, A, B]`, whether the outcome ends the episode.
    """

    start: Floats
    probability: Floats
    successor: NDArray[np.int64]
    reward: Floats
    terminal: NDArray[np.bool_]


def backup(mdp: TabularMDP, value: Floats, gamma: float) -> Floats:
    """The Bellman backup q(s, a) = sum over outcomes of p * (r + gamma * (1 - terminal) * v(s')), as `[S, A]`."""
    ahead = np.where(mdp.terminal, 0.0, gamma * value[mdp.successor])
    return np.asarray((mdp.probability * (mdp.reward + ahead)).sum(axis=-1))


def optimal_q(mdp: TabularMDP, gamma: float) -> Floats:
    """The discounted Q* as `[S, A]`, by policy iteration; gamma = 1 needs episodes that end by themselves."""
    states = np.arange(len(mdp.start))
    policy = backup(mdp, np.zeros(len(states)), gamma).argmax(axis=1)
    while True:
        # v = r + gamma * P v under the policy: one linear system.
        weight = np.where(mdp.terminal, 0.0, mdp.probability)[states, policy]
        transition = np.zeros((len(states), len(states)))
        np.add.at(transition, (states[:, None], mdp.successor[states, policy]), weight)
        reward = (mdp.probability * mdp.reward).sum(axis=-1)[states, policy]
        value = np.linalg.solve(np.eye(len(states)) - gamma * transition, reward)
        q = backup(mdp, value, gamma)
        best = q.argmax(axis=1)
        better = q[states, best] - value > _TOLERANCE * (1.0 + np.abs(value).max())
        if not better.any():
            return q
        policy = np.where(better, best, policy)


def greedy(q: Floats) -> Floats:
    """The deterministic policy that takes the first best action."""
    return np.asarray(np.eye(q.shape[1])[q.argmax(axis=1)])


def uniform(mdp: TabularMDP) -> Floats:
    """The policy that takes every action with the same probability."""
    return np.full(mdp.reward.shape[:2], 1.0 / mdp.reward.shape[1])


def expected_return(mdp: TabularMDP, policy: Floats, horizon: int) -> float:
    """The expected undiscounted sum of rewards of an episode cut off after `horizon` steps, by backward induction."""
    value = np.zeros(len(mdp.start))
    for _ in range(horizon):
        value = (policy * backup(mdp, value, 1.0)).sum(axis=1)
    return float(mdp.start @ value)
