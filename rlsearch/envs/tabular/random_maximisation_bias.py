"""RandomMaximisationBias: for some seeds going left is wrong, and looks good; for the others it is right.

A loss that always doubts the greatest estimate scores in the first half only.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.tabular.maximisation_bias import world

# What B pays: a mean of either sign, and from almost no noise (nothing to be misled by) to much more than the mean.
MEANS = (0.1, 0.5)
SPREADS = (0.05, 2.0)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with uniform mean, sign and spread; half of the actions, rounded down, go left, whichever they are."""
    mean = rng.uniform(*MEANS) * (1.0 if rng.random() < 0.5 else -1.0)
    spread = rng.uniform(*SPREADS)
    actions = options["actions"]
    return world(mean, spread, (rng.permutation(actions) < actions // 2).astype(np.float64))
