"""Worlds of random MDPs: exact references, and another draw where they would not tell policies apart."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rlsearch.envs.card import World
from rlsearch.envs.tabular.kernels import observe, pack, reset, step
from rlsearch.envs.tabular.mdp import TabularMDP, expected_return, greedy, optimal_q, uniform
from rlsearch.errors import SpaceError

# About one LayeredMDP in three is taken with the default options, one in twelve with the worst: 1000 draws suffice.
_MOST_DRAWS = 1000


@dataclass(frozen=True)
class References:
    """Expected undiscounted returns within the horizon: of the uniform policy, of the policy that looks at the next
    reward alone, and of the policy that is greedy for the discounted Q*."""

    random: float
    myopic: float
    optimal: float

    @classmethod
    def of(cls, mdp: TabularMDP, gamma: float, horizon: int) -> "References":
        """The references of an MDP, all three exact."""
        policies = (uniform(mdp), greedy(optimal_q(mdp, 0.0)), greedy(optimal_q(mdp, gamma)))
        return cls(*(expected_return(mdp, policy, horizon) for policy in policies))


def draw_world(draw: Callable[[], TabularMDP], accepts: Callable[[References], bool], gamma: float, horizon: int) -> World:
    """The first drawn MDP whose references are accepted; a pure function of the stream that `draw` reads."""
    for _ in range(_MOST_DRAWS):
        mdp = draw()
        references = References.of(mdp, gamma, horizon)
        if accepts(references):
            return _world(mdp, references)
    raise SpaceError(
        f"none of {_MOST_DRAWS} random MDPs tells good policies from bad at gamma {gamma:g}; "
        "type a greater gamma, or other options"
    )


@lru_cache(maxsize=32)
def world_of(mdp: TabularMDP, gamma: float, horizon: int) -> World:
    """The world of an MDP that is always the same object, of which the references are computed once for each discount."""
    return _world(mdp, References.of(mdp, gamma, horizon))


def _world(mdp: TabularMDP, references: References) -> World:
    states, actions, _ = mdp.reward.shape
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=pack(mdp),
        state_size=1,
        observation_size=states,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=references.random,
        optimal_return=references.optimal,
    )
