"""The history of a training run: its episodes, its final network and its learning curve."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs.task import Task
from rlsearch.train.recording import Recording


class Layer(NamedTuple):
    """A linear layer: float32 `weight` `[out, in]`, `bias` `[out]`."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class History:
    """The history of one training run.

    Attributes:
        returns: float64 `[n]`, undiscounted sum of the environment's own rewards for each finished episode.
        lengths: int64 `[n]`, their steps.
        ends: int64 `[n]`, environment steps taken in the whole run when each ended, 1 to `steps`.
        diverged_at: step (from 0) at which a network output left the finite range and training stopped; -1 if none.
        steps: environment steps asked for.
        taken: of them, those that were taken.
        widths: of the trained network: observation, hidden layers, outputs.
        theta: float32 `[P]`, the trained network's parameters, in torch's order.
    culprit: what first left the finite numbers, as `rlsearch.train.divergence` names it: an op, the network, or what the
        environment gave; "" if training did not stop.
    recordings: batches, where some were to be recorded.
    """

    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    ends: NDArray[np.int64]
    diverged_at: int
    steps: int
    taken: int
    widths: tuple[int, ...]
    theta: NDArray[np.float32]
    culprit: str = ""
    recordings: tuple[Recording, ...] = ()

    def layers(self) -> tuple[Layer, ...]:
        """The trained network's weights and biases, layer by layer, as `torch.nn.Linear` has them; ReLU between layers."""
        found, start = list[Layer](), 0
        for n_in, n_out in pairwise(self.widths):
            weight = self.theta[start : start + n_in * n_out].reshape(n_out, n_in)
            start += n_in * n_out
            found.append(Layer(weight.copy(), self.theta[start : start + n_out].copy()))
            start += n_out
        return tuple(found)

    def curve(self, task: Task, bins: int = 20) -> NDArray[np.float64]:
        """The normalised return per bin of steps `[bins]`: the mean over the episodes that ended in it; not clipped.

        A bin without one repeats the last known value, or the first where none is known yet; with no finished episode at
        all, and from the bin of a divergence on, it is 0.
        """
        place = (self.ends - 1) * bins // self.steps
        finished = np.bincount(place, minlength=bins)
        means = np.bincount(place, task.normalise(self.returns), minlength=bins) / np.maximum(finished, 1)
        known = np.flatnonzero(finished)
        if known.size == 0:
            return np.zeros(bins)
        latest = np.searchsorted(known, np.arange(bins), side="right") - 1
        curve: NDArray[np.float64] = means[known[np.maximum(latest, 0)]]
        if self.diverged_at >= 0:
            curve[self.diverged_at * bins // self.steps :] = 0.0
        return curve
