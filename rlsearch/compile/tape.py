"""A tape: a loss as data, for one size of each axis. Nothing is compiled per candidate; the trainer interprets it.

Every value lives in rows of one register file `[rows, batch]`: a Real, an Action or a constant takes one row, a Vector or
Simplex takes one row for each place of its axis. An instruction is one row of integers, with the columns below.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime

# Columns of an instruction.
FAMILY, CODE, OUT, ROWS, AXIS_SIZE = range(5)  # kernel module, op in it, first output row, output rows, size of the axis
ARGS = 5  # then for each of up to four arguments:
FIRST, STEP, CARRIES = range(3)  # first row; 0 if one row serves all output rows; 1 if a gradient is wanted
MAX_ARGS = 4
WIDTH = ARGS + 3 * MAX_ARGS


@dataclass(frozen=True)
class Tape:
    """A compiled loss, or one of the parts that its regime cuts losses into.

    What a trainer loads into registers before a tape runs: network outputs, then numbers of the samples, then what an earlier
    tape has computed.

    Attributes:
        regime: whose views and inputs it reads.
        sizes: for which the rows were laid out.
        code: int64 `[instructions, WIDTH]`, in order of evaluation.
        rows: height of the register file.
        root: row of the loss, one value per sample; -1 in a part that computes no loss.
        view_rows: int64 `[views]`, first row of each of the regime's views, -1 where the tape does not read it.
        view_carries: int64 `[views]`, 1 where gradient flows into that output (only ever of the network that learns).
        input_rows: int64 `[columns]`, first row of each of the regime's columns, -1 where unread.
        constant_rows, constants: rows that hold one number throughout, and the numbers (float64).
        carried: int64 `[values, 4]`, what is read of an earlier tape: its index, its first row there, the first row here, rows.
    """

    regime: Regime
    sizes: Sizes
    code: NDArray[np.int64]
    rows: int
    root: int
    view_rows: NDArray[np.int64]
    view_carries: NDArray[np.int64]
    input_rows: NDArray[np.int64]
    constant_rows: NDArray[np.int64]
    constants: NDArray[np.float64]
    carried: NDArray[np.int64]

    @property
    def view_slices(self) -> list[slice]:
        """The rows of each view, as slices, read or not."""
        widths = [self.sizes.width(self.regime.type_of(view)) for view in self.regime.views]
        return [slice(row, row + width) for row, width in zip(self.view_rows.tolist(), widths, strict=True)]

    @property
    def input_slices(self) -> list[slice]:
        """The rows of each column, as slices, read or not."""
        widths = [self.sizes.width(self.regime.inputs[name].type) for name in self.regime.columns]
        return [slice(row, row + width) for row, width in zip(self.input_rows.tolist(), widths, strict=True)]

    def reads(self, *names: str) -> bool:
        """True if the loss reads any of these inputs: columns, networks or states."""
        views = [view for view, row in zip(self.regime.views, self.view_rows.tolist(), strict=True) if row >= 0]
        columns = [name for name, row in zip(self.regime.columns, self.input_rows.tolist(), strict=True) if row >= 0]
        return not {*columns, *(part for view in views for part in (view.network, view.state))}.isdisjoint(names)
