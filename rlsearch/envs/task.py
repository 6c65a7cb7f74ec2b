"""A task: one environment, drawn for one seed."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlsearch.envs.card import Card, World
from rlsearch.envs.catalogue import card_named
from rlsearch.envs.spec import EnvSpec, ends
from rlsearch.errors import SpaceError


@dataclass(frozen=True, kw_only=True, eq=False)
class Task(World):
    """A world and the settings of a training in it.

    Attributes:
        env: name of the environment, by which `card_named` finds it.
        horizon: the trainer truncates an episode after this many steps.
        gamma: discount.
        reward_scale, reward_offset: training reward = scale * reward + offset; scores use the raw reward.
    """

    env: str
    horizon: int
    gamma: float
    reward_scale: float
    reward_offset: float

    def normalise(self, returns: ArrayLike) -> NDArray[np.float64]:
        """The raw undiscounted returns on the scale where 0 is the random policy and 1 the optimum; not clipped."""
        raw = np.asarray(returns, dtype=np.float64)
        return np.asarray((raw - self.random_return) / (self.optimal_return - self.random_return))


def _draw_world(name: str, card: Card, rng: np.random.Generator, options: dict[str, int], gamma: float) -> World:
    """The world that a card draws; a user's own may be wrong in any way.

    Raises:
        SpaceError: it cannot be drawn.
    """
    if ":" not in name:
        return card.draw(rng, options, gamma)
    try:
        world = card.draw(rng, options, gamma)
    except Exception as error:
        raise SpaceError(f"environment '{name}': drawing it fails with {type(error).__name__}: {error}") from error
    if not isinstance(world, World):
        raise SpaceError(f"environment '{name}': draw gives a {type(world).__name__}; wanted: a World of rlsearch.envs")
    return world


def make_task(spec: EnvSpec, seed: int) -> Task:
    """The task that `spec` means for `seed`: a pure function of the two.

    The environment's id is part of the entropy, so that neither another environment nor a trainer that spawns its own
    streams from the bare seed meets the same numbers. What one setting asks for never changes another setting's draw.
    """
    card = card_named(spec.env)
    entropy = np.random.SeedSequence([seed, zlib.crc32(card.id.encode())])
    layout, mdp, *others = (np.random.default_rng(stream) for stream in entropy.spawn(5))
    uniform_gamma, uniform_scale, uniform_offset = (rng.random() for rng in others)

    asked = dict(spec.options)
    options = {}
    for name, option in card.options.items():
        low, high = ends(asked.get(name, option.default))
        options[name] = int(low + layout.random() * (high - low + 1))
    low, high = ends(card.gamma if spec.gamma is None else spec.gamma)
    gamma = low + (high - low) * uniform_gamma
    # A scale is drawn on the logarithm: of [0.1, 10], half the seeds are below 1.
    low, high = ends(1.0 if spec.reward_scale is None else spec.reward_scale)
    scale = low * (high / low) ** uniform_scale
    low, high = ends(0.0 if spec.reward_offset is None else spec.reward_offset)
    offset = low + (high - low) * uniform_offset

    return Task(
        **vars(_draw_world(spec.env, card, mdp, options, gamma)),
        env=spec.env,
        horizon=card.horizon_with(options),
        gamma=gamma,
        reward_scale=scale,
        reward_offset=offset,
    )
