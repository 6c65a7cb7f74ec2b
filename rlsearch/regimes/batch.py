"""Batches: values of everything that losses of a regime may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime

if TYPE_CHECKING:  # listing what there is shall not wait for NumPy
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Batch:
    """The values of everything that losses of a regime may read, for some samples.

    Attributes:
        regime: whose views and inputs these are.
        sizes: of the axes.
        views: float64 `[width, ..., B]` for each view.
        inputs: float64 `[..., B]` for each column, `[width, ..., B]` for one that stands along an axis.
    """

    regime: Regime
    sizes: Sizes
    views: "Mapping[View, Array]"
    inputs: "Mapping[str, Array]"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a number of each sample, `(..., B)`."""
        return next(iter(self.views.values())).shape[1:]

    def only(self, index: int) -> "Batch":
        """One of several batches: views `[width, B]`, inputs `[B]` or `[width, B]`."""
        views = {view: values[:, index] for view, values in self.views.items()}
        inputs = {name: values[..., index, :] for name, values in self.inputs.items()}
        return Batch(self.regime, self.sizes, views, inputs)
