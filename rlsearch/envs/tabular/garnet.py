"""Garnet: every action leads to a few random states with random probabilities, and nothing ever ends."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.tabular.mdp import TabularMDP
from rlsearch.envs.tabular.world import References, draw_world

# Rewards have standard deviation 1. Below this gap per step the scale from random to optimal is mostly noise.
LEAST_GAP_PER_STEP = 0.3


def garnet(rng: np.random.Generator, states: int, actions: int, branching: int) -> TabularMDP:
    """An MDP with distinct random successors, probabilities uniform on the simplex, rewards N(0, 1), a uniform start."""
    shape = (states, actions, branching)
    successor = np.array([rng.choice(states, branching, replace=False) for _ in range(states * actions)])
    reward = np.broadcast_to(rng.normal(size=(states, actions, 1)), shape)
    return TabularMDP(
        start=np.full(states, 1.0 / states),
        probability=rng.dirichlet(np.ones(branching), size=(states, actions)),
        successor=successor.reshape(shape),
        reward=reward,
        terminal=np.zeros(shape, dtype=np.bool_),
    )


def draw(rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """A world of one Garnet in which the optimum is clearly better than chance."""
    horizon = options["horizon"]

    def accepts(references: References) -> bool:
        return references.optimal - references.random >= LEAST_GAP_PER_STEP * horizon

    return draw_world(lambda: garnet(rng, options["states"], options["actions"], options["branching"]), accepts, gamma, horizon)
