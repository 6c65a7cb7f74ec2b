"""Cards: the name of an environment and its options, as data alone, so that listing them compiles nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A number, or the two ends of a range from which each seed draws its own (both ends included).
Setting = float | tuple[float, float]

# A compiled function of `rlsearch.envs.signature`.
Kernel = Callable[..., Any]


@dataclass(frozen=True)
class Option:
    """A whole number that a family lets the user set, or one of a few named choices.

    Attributes:
        doc: one sentence.
        default: a number, or a range drawn anew for every seed.
        low, high: what is allowed.
        choices: names for the numbers from `low` on, by which users choose; () where the number itself is meant.
    """

    doc: str
    default: int | tuple[int, int]
    low: int
    high: int
    choices: tuple[str, ...] = ()

    @classmethod
    def among(cls, doc: str, *choices: str) -> "Option":
        """An option of named choices, of which the first is the default."""
        return cls(doc, 0, 0, len(choices) - 1, choices)


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """The world that a family draws for one seed: kernels, the numbers they read, and what is known of the result.

    Attributes:
        reset, step, observe: kernels of `rlsearch.envs.signature`.
        params: float64 `[P]`, read by the kernels.
        state_size: length of the float64 state.
        grid_shape: shape of the uint8 grid; (1, 1, 1) when unused.
        observation_size: length of the float32 observation.
        num_actions: actions are 0 .. num_actions - 1.
        observation_low, observation_high: the least and the greatest number of an observation, one for all or one for each
            `[O]`; without bounds where it is not said. Ends of episodes are observed too, and keep them.
        random_return, optimal_return: expected undiscounted sum of raw rewards over an episode of at most the
            horizon, of the uniform random policy and of the optimum.
    """

    reset: Kernel
    step: Kernel
    observe: Kernel
    params: NDArray[np.float64]
    state_size: int
    grid_shape: tuple[int, int, int] = (1, 1, 1)
    observation_size: int
    num_actions: int
    observation_low: float | NDArray[np.float32] = -np.inf
    observation_high: float | NDArray[np.float32] = np.inf
    random_return: float
    optimal_return: float


@dataclass(frozen=True, kw_only=True)
class Card:
    """One environment, declared once by its family.

    Attributes:
        id: the name to type; the oracle's own where there is one.
        module: where its kernels and `draw(rng, options, gamma) -> World` are; imported, so compiled, when first drawn.
        doc: one sentence.
        source: where its rules come from.
        skills: what it asks of a learner.
        actions, observation, reward: in words, with shapes and ranges.
        references: how the random and the optimal return were obtained.
        horizon: most steps of an episode, or the name of the option that sets it, or that of named choices and the steps
            for each.
        gamma: the default discount.
        gamma_limits: the least and greatest discount for which its references exist.
        options: what a search space may set.
        settings: what tells cards of one module apart; `draw` gets these numbers beside the options.
        oracle: id in Gymnasium's registry of the environment that this one equals, or "".
        fps: frames per second of its videos.
    """

    id: str
    module: str
    doc: str
    source: str
    skills: tuple[str, ...]
    actions: str
    observation: str
    reward: str
    references: str
    horizon: int | str | tuple[str, tuple[int, ...]]
    gamma: Setting
    gamma_limits: tuple[float, float] = (0.0, 1.0)
    options: Mapping[str, Option] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)
    oracle: str = ""
    fps: int = 4

    @property
    def family(self) -> str:
        """The package that declares the card; a module of a user's own is a family to itself."""
        return self.module.split(".")[-2 if "." in self.module else 0]

    @property
    def split(self) -> str:
        """The only use its family is meant for: `train`, `validation` or `test`; "" where a user's own does not say."""
        package, _, module = self.module.rpartition(".")
        side: str = getattr(import_module(package or module), "SPLIT", "")
        return side

    def horizon_with(self, options: Mapping[str, int]) -> int:
        """The most steps of an episode, given the numbers that a seed drew for the options."""
        if isinstance(self.horizon, tuple):
            option, steps = self.horizon
            return steps[options[option]]
        return options[self.horizon] if isinstance(self.horizon, str) else self.horizon

    def draw(self, rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
        """A task's world, drawn for a seed; the first call in a process compiles the kernels, or loads them."""
        world: World = import_module(self.module).draw(rng, {**self.settings, **options}, gamma)
        return world
