"""Samples that losses are evaluated on, drawn for every input that a loss may read."""

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Draw, Sizes
from rlsearch.regimes.regime import Regime


def draw_batch(regime: Regime, rng: np.random.Generator, sizes: Sizes, scales: tuple[float, ...], size: int) -> Batch:
    """A batch of `size` samples for each scale, which values and rewards have: `[width, scales, B]`, `[scales, B]`.

    All are generic, without ties, and independent of one another but where a sampler says otherwise.
    """
    shape, scale = (len(scales), size), np.array(scales)[:, None]
    views = {view: rng.normal(size=(sizes.width(regime.type_of(view)), *shape)) * scale for view in regime.views}
    drawn: dict[str, NDArray[np.float64]] = {}
    for name in regime.draws:
        sampler = regime.inputs[name].sampler
        assert sampler is not None, f"'{name}' is drawn, but has no sampler"
        drawn[name] = sampler(Draw(rng, sizes, scale, shape, drawn))
    return Batch(regime, sizes, views, {name: drawn[name] for name in regime.columns})
