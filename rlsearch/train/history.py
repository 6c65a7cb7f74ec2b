"""What a training run leaves behind, and its learning curve."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Scale(Protocol):
    """What a return is measured against: 0 is the random policy, 1 the optimum."""

    @property
    def random_return(self) -> float: ...

    @property
    def optimal_return(self) -> float: ...


@dataclass(frozen=True)
class History:
    """One training run.

    Attributes:
        returns: float64 `[n]`, undiscounted sum of the environment's own rewards for each finished episode.
        lengths: int64 `[n]`, their steps.
        ends: int64 `[n]`, environment steps taken in the whole run when each ended, 1 to `steps`.
        diverged_at: step (from 0) at which a network output left the finite range and training stopped; -1 if none.
        steps: environment steps asked for.
        theta: float32 `[P]`, the online network's parameters at the end.
    """

    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    ends: NDArray[np.int64]
    diverged_at: int
    steps: int
    theta: NDArray[np.float32]

    def curve(self, scale: Scale, bins: int = 20) -> NDArray[np.float64]:
        """Normalised return per bin of steps `[bins]`: the mean over the episodes that ended in it.

        A bin without one repeats the last known value, or the first where none is known yet; with no finished episode at
        all, and from the bin of a divergence on, it is 0.
        """
        normalised = (self.returns - scale.random_return) / (scale.optimal_return - scale.random_return)
        place = (self.ends - 1) * bins // self.steps
        known = np.bincount(place, minlength=bins)
        values = np.bincount(place, normalised, minlength=bins) / np.maximum(known, 1)
        full = np.flatnonzero(known)
        if full.size == 0:
            return np.zeros(bins)
        source = full[np.maximum(np.searchsorted(full, np.arange(bins), side="right") - 1, 0)]
        curve: NDArray[np.float64] = values[source]
        if self.diverged_at >= 0:
            curve[self.diverged_at * bins // self.steps :] = 0.0
        return curve
