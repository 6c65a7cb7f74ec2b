"""A task: one environment, drawn for one seed."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlsearch.envs.card import Card, World
from rlsearch.envs.catalogue import card_named
from rlsearch.envs.setting import ends
from rlsearch.envs.spec import EnvSpec
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
    """The task that `spec` means for `seed`: a pure function of the two, its references included.

    The environment's id is part of the entropy, so that neither another environment nor a trainer that spawns its own
    streams from the bare seed meets the same numbers. What one setting asks for never changes another setting's draw.
    """
    card, (layout, mdp, *others) = card_named(spec.env), _streams(spec, seed)
    options = _drawn_options(spec, card, layout)
    gamma, scale, offset = _drawn_training(spec, card, others)
    return Task(
        **vars(_draw_world(spec.env, card, mdp, options, gamma)),
        env=spec.env,
        horizon=card.horizon_with(options),
        gamma=gamma,
        reward_scale=scale,
        reward_offset=offset,
    )


def instance(spec: EnvSpec, seed: int) -> EnvSpec:
    """The member of a family that a seed meets: `spec` with the number that is drawn in place of every range.

    `make_task` gives the same task for it and the seed as for `spec`. Ranges are those of `spec`, and those that an
    environment has by default.
    """
    card, (layout, _, *others) = card_named(spec.env), _streams(spec, seed)
    asked, options = dict(spec.options), _drawn_options(spec, card, layout)
    gamma, scale, offset = _drawn_training(spec, card, others)
    named = [name for name, option in card.options.items() if name in asked or isinstance(option.default, tuple)]
    return EnvSpec(
        spec.env,
        tuple((name, options[name]) for name in named),
        gamma=None if spec.gamma is None and not isinstance(card.gamma, tuple) else gamma,
        reward_scale=None if spec.reward_scale is None else scale,
        reward_offset=None if spec.reward_offset is None else offset,
    )


def _streams(spec: EnvSpec, seed: int) -> list[np.random.Generator]:
    """The generators for options, for the world, for the discount, for the scale and for the offset of rewards."""
    entropy = np.random.SeedSequence([seed, zlib.crc32(card_named(spec.env).id.encode())])
    return [np.random.default_rng(stream) for stream in entropy.spawn(5)]


def _drawn_options(spec: EnvSpec, card: Card, rng: np.random.Generator) -> dict[str, int]:
    """Every option's number, uniform in its range; each takes one draw, so that no option moves another's."""
    asked, options = dict(spec.options), dict[str, int]()
    for name, option in card.options.items():
        low, high = ends(asked.get(name, option.default))
        options[name] = int(low + rng.random() * (high - low + 1))
    return options


def _drawn_training(spec: EnvSpec, card: Card, rngs: Sequence[np.random.Generator]) -> tuple[float, float, float]:
    """The discount, the reward's scale and its offset."""
    uniform_gamma, uniform_scale, uniform_offset = (rng.random() for rng in rngs)
    low, high = ends(card.gamma if spec.gamma is None else spec.gamma)
    gamma = min(low + (high - low) * uniform_gamma, high)  # rounding could exceed the range
    # A scale is drawn on the logarithm: of [0.1, 10], half the seeds are below 1.
    low, high = ends(1.0 if spec.reward_scale is None else spec.reward_scale)
    scale = min(max(low * (high / low) ** uniform_scale, low), high)
    low, high = ends(0.0 if spec.reward_offset is None else spec.reward_offset)
    return gamma, scale, min(low + (high - low) * uniform_offset, high)
