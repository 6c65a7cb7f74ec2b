"""LayeredMDP: an action leads to some state of the next layer, and rewards hang on states more than on actions.

With independent rewards for every action, the policy that looks at the next reward alone reaches 0.95 of the optimum,
so bandit losses would pass for temporal differences. Here it must stay below HIGHEST_MYOPIC_SHARE.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.tabular.mdp import TabularMDP
from rlsearch.envs.tabular.world import References, draw_world

LEAST_GAP_PER_STEP = 0.2
HIGHEST_MYOPIC_SHARE = 0.6

# What an action adds to its state's own reward, both in standard deviations.
ACTION_REWARD = 0.5
# Below 1, most of an action's probability goes to one successor, so that an action is a choice of where to go.
DIRICHLET = 0.2


def layered(rng: np.random.Generator, layers: int, width: int, actions: int, exits: int) -> TabularMDP:
    """An MDP whose states are numbered layer by layer, then the end; an episode starts anywhere in the first layer.

    `exits` percent of the outcomes lead to the end at once.
    """
    inner = layers * width
    end = inner
    shape = (inner + 1, actions, width)
    next_layer = (np.arange(inner) // width + 1) * width
    successor = np.minimum(next_layer[:, None] + np.arange(width), end)
    reward = rng.normal(size=(inner, 1, 1)) + ACTION_REWARD * rng.normal(size=(inner, actions, 1))
    mdp = TabularMDP(
        start=np.zeros(inner + 1),
        probability=rng.dirichlet(np.full(width, DIRICHLET), size=(inner + 1, actions)),
        successor=np.full(shape, end),
        reward=np.zeros(shape),
        terminal=np.ones(shape, dtype=np.bool_),
    )
    mdp.start[:width] = 1.0 / width
    successor = np.where(rng.random((inner, actions, width)) < exits / 100, end, successor[:, None])
    mdp.successor[:inner] = successor
    mdp.reward[:inner] = reward
    mdp.terminal[:inner] = successor == end
    return mdp


def draw(rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """A world of one LayeredMDP in which foresight pays."""
    horizon = options["layers"]

    def accepts(references: References) -> bool:
        gap = references.optimal - references.random
        share = references.myopic - references.random
        return gap >= LEAST_GAP_PER_STEP * horizon and share <= HIGHEST_MYOPIC_SHARE * gap

    def draw_one() -> TabularMDP:
        return layered(rng, options["layers"], options["width"], options["actions"], options["exits"])

    return draw_world(draw_one, accepts, gamma, horizon)
