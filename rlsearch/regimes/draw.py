"""Draws for a probe: generic numbers, and among them the coincidences that trainings are full of, such as a reward of 0.

Numbers have few digits, so that sums of several and products of two are exact: where two numbers coincide they do so in
every way of writing a loss, and no rounding decides a branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlsearch.regimes.inputs import Sizes

Array = NDArray[np.float64]

BITS = 12  # of a drawn number


@dataclass(frozen=True)
class Draw:
    """The arguments of a sampler, and what samplers are made of.

    Attributes:
        rng: the stream, in which every input has its turn.
        sizes: of the axes.
        scale: `[batches, B]`, which values and rewards have.
        shape: `[batches, B]`, of what is drawn.
        still: `[batches, B]`, samples in which all networks and all states are equal: where also nothing was paid and nothing
            is discounted, the estimate of a greedy action is exactly its target.
        drawn: what was drawn before, by name.
    """

    rng: np.random.Generator
    sizes: Sizes
    scale: Array
    shape: tuple[int, int]
    still: NDArray[np.bool_]
    drawn: Mapping[str, Array]

    @property
    def terminal(self) -> int:
        """The number of terminal transitions in each batch, an eighth; they come first."""
        return -(-self.shape[1] // 8)

    def normal(self, *width: int) -> Array:
        """Normal numbers of the samples' scale `[*width, batches, B]`."""
        return coarse(self.rng.normal(size=(*width, *self.shape)) * self.scale)

    def uniform(self, low: float, high: float) -> Array:
        """Uniform numbers `[batches, B]`."""
        return coarse(self.rng.uniform(low, high, self.shape))

    def sprinkle(self, values: Array, share: float, *special: ArrayLike) -> Array:
        """The values, but about this share of the samples has one of the special ones, each as often."""
        which = self.rng.integers(len(special), size=self.shape)
        chosen = self.rng.random(self.shape) < share
        choices = [np.broadcast_to(one, self.shape) for one in special]
        replaced: Array = np.where(chosen, np.choose(which, choices), values)
        return replaced

    def whole(self, values: Array, special: float) -> Array:
        """The values, but about one batch in eight has this value alone, as many a batch of a training has."""
        replaced: Array = np.where(self.rng.random(self.shape[0])[:, None] < 1 / 8, special, values)
        return replaced

    def spread(self, low: float) -> Array:
        """One number for each batch `[batches, B]`, evenly spread from `low` to 1, both included, in random order."""
        batches = self.shape[0]
        between = (np.arange(batches) + self.rng.uniform(-0.5, 0.5)) / max(batches - 1, 1)
        ends = np.arange(batches) % max(batches - 1, 1) == 0
        values = np.where(ends, np.round(between), between) * (1 - low) + low
        return coarse(self.rng.permutation(values)[:, None].repeat(self.shape[1], axis=1))


def coarse(values: ArrayLike) -> Array:
    """Numbers rounded to a few binary digits."""
    mantissa, exponent = np.frexp(values)
    rounded: Array = np.ldexp(np.round(np.ldexp(mantissa, BITS)), exponent - BITS)
    return rounded
