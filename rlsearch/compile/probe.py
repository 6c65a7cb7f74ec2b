"""Transitions that losses are evaluated on, drawn for every input that a loss may read."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS

Array = NDArray[np.float64]


class Points(NamedTuple):
    """Batches of transitions with one number of actions A, float64.

    `q`: `[Q_INPUTS, A, batches, B]`; `samples`: `[SAMPLE_INPUTS, batches, B]`.
    """

    q: Array
    samples: Array

    def sample(self, name: str) -> Array:
        """One of SAMPLE_INPUTS, `[batches, B]`."""
        values: Array = self.samples[SAMPLE_INPUTS.index(name)]
        return values


def draw(rng: np.random.Generator, num_actions: int, scales: tuple[float, ...], size: int) -> Points:
    """A batch of `size` for each scale, which values and rewards have; an eighth of the transitions are terminal.

    All are generic, without ties, and independent of one another; `progress` is one number for each batch.
    """
    shape, scale = (len(scales), size), np.array(scales)[:, None]
    q = rng.normal(size=(len(Q_INPUTS), num_actions, *shape)) * scale
    terminal = -(-size // 8)
    discount, discount_n = rng.uniform(0.05, 1.0, (2, *shape))
    discount[:, :terminal] = 0.0
    discount_n[:, terminal // 2 : 2 * terminal] = 0.0
    has_return = (rng.uniform(size=shape) < 0.5).astype(float)
    values = {
        "a": rng.integers(0, num_actions, shape).astype(float),
        "r": rng.normal(size=shape) * scale,
        "discount": discount,
        "r_n": rng.normal(size=shape) * scale,
        "discount_n": discount_n,
        "return_to_go": has_return * rng.normal(size=shape) * scale,
        "has_return": has_return,
        "progress": np.broadcast_to(rng.uniform(size=(len(scales), 1)), shape),
        "behaviour_prob": rng.uniform(0.02, 1.0, shape),
    }
    return Points(q, np.stack([values[name] for name in SAMPLE_INPUTS]))
