"""Samples that losses are evaluated on, drawn for every input that a loss may read.

Most numbers are generic. Among them stand the coincidences of real trainings, alone and together: networks that are equal (just
after a copy), states that are equal (a wall was hit), actions of equal value, values that are all near to each other, and
samples far smaller or larger than the others of their batch. Rewards that are 0 and the like are drawn by the inputs' samplers.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.draw import Draw, coarse
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime

Array = NDArray[np.float64]

# What the scale of a sample is multiplied by; in every other batch, as very large samples hide what the small ones do.
MAGNITUDES, SHARES = (1.0, 2.0**-7, 2.0**7), (0.8, 0.1, 0.1)
SAME = 0.15  # the share of samples in which a network equals the one named before it, and of states likewise
STILL = 0.08  # the share of samples in which all of them do; in half of these but for the rounding of float32
JITTER = 2.0**-23
NEAR, SPREAD = 0.5, 2.0**-4  # the share of samples whose values are all near to each other, and how near
# The shares of samples in which a view's best place is there twice, its worst one is, and all are equal. No place is 0: the
# outputs of a network never are.
TIES = (0.08, 0.04, 0.06)


def draw_batch(regime: Regime, rng: np.random.Generator, sizes: Sizes, scales: tuple[float, ...], size: int) -> Batch:
    """A batch of `size` samples for each scale, which values and rewards have: `[width, scales, B]`, `[scales, B]`."""
    shape = len(scales), size
    magnitude = rng.choice(MAGNITUDES, size=shape, p=SHARES)
    magnitude[::2] = 1.0
    scale, still, drawn = np.array(scales)[:, None] * magnitude, rng.random(shape) < STILL, dict[str, Array]()
    views = _draw_views(regime, Draw(rng, sizes, scale, shape, still, {}))
    for name in regime.draws:
        sampler = regime.inputs[name].sampler
        assert sampler is not None, f"'{name}' is drawn, but has no sampler"
        drawn[name] = sampler(Draw(rng, sizes, scale, shape, still, drawn))
    return Batch(regime, sizes, views, {name: drawn[name] for name in regime.columns})


def _draw_views(regime: Regime, draw: Draw) -> dict[View, Array]:
    """Values of each view `[width, batches, B]`."""
    level = np.where(draw.rng.random(draw.shape) < NEAR, draw.rng.normal(size=draw.shape), 0.0)
    near = replace(draw, scale=draw.scale * np.where(level != 0, SPREAD, 1.0))
    widths = {view: draw.sizes.width(regime.type_of(view)) for view in regime.views}
    views = {view: _tie(draw, coarse(near.normal(width) + draw.scale * level)) for view, width in widths.items()}
    jitter = 1.0 + JITTER * (draw.still & (draw.rng.random(draw.shape) < 0.5))
    for part, names in (("state", regime.states), ("network", regime.networks)):
        for before, name in pairwise(names):
            same = draw.still | (draw.rng.random(draw.shape) < SAME)
            for view in [view for view in regime.views if getattr(view, part) == name]:
                model = view._replace(**{part: before})
                if model in views:
                    views[view] = np.where(same, jitter * views[model], views[view])
    return views


def _tie(draw: Draw, values: Array) -> Array:
    """Values in which some places coincide."""
    how = np.digitize(draw.rng.random(draw.shape), np.cumsum(TIES))
    place = draw.rng.integers(len(values), size=draw.shape)
    here = np.arange(len(values))[:, None, None] == place
    kinds = [
        np.where(here, values.max(0), values),
        np.where(here, values.min(0), values),
        np.broadcast_to(values[0], values.shape),
        values,
    ]
    tied: Array = np.choose(how, kinds)
    return tied
