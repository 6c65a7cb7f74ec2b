"""A tape: a loss as data, for one number of actions. Nothing is compiled per candidate; the trainer interprets it.

Every value lives in rows of one register file `[rows, batch]`: a Real, an Action or a constant takes one row, a Vector or
Simplex takes one row per action. An instruction is one row of integers, with the columns below.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Columns of an instruction.
FAMILY, CODE, OUT, ROWS, ACTIONS = range(5)  # kernel module, op in it, first output row, output rows, number of actions
ARGS = 5  # then for each of up to four arguments:
FIRST, STEP, CARRIES = range(3)  # first row; 0 if one row serves all output rows; 1 if a gradient is wanted
MAX_ARGS = 4
WIDTH = ARGS + 3 * MAX_ARGS

# What a trainer loads into registers before the tape runs, in this order: network outputs [A rows each], then samples. Files
# that were exported once take their arguments in this order: what is new comes last.
Q_INPUTS = (
    ("online", "s"),
    ("online", "s_next"),
    ("target", "s"),
    ("target", "s_next"),
    ("online", "s_n"),
    ("target", "s_n"),
    ("target_old", "s"),
    ("target_old", "s_next"),
    ("target_old", "s_n"),
)
SAMPLE_INPUTS = (
    "a",
    "r",
    "discount",
    "r_n",
    "discount_n",
    "return_to_go",
    "has_return",
    "progress",
    "behaviour_prob",
)
# The parts of Q_INPUTS by number: which parameters, which observations.
NETWORKS, STATES = ("online", "target", "target_old"), ("s", "s_next", "s_n")
NETWORK_OF = tuple(NETWORKS.index(network) for network, _ in Q_INPUTS)
STATE_OF = tuple(STATES.index(state) for _, state in Q_INPUTS)
ONLINE = tuple(pair for pair, network in enumerate(NETWORK_OF) if network == 0)


@dataclass(frozen=True)
class Tape:
    """A compiled loss.

    Attributes:
        code: int64 `[instructions, WIDTH]`, in order of evaluation.
        rows: height of the register file.
        root: row of the loss, one value per sample.
        q_rows: int64 `[Q_INPUTS]`, first row of each, -1 where the loss does not read it.
        q_carries: int64 `[Q_INPUTS]`, 1 where gradient flows into that network output (only ever online).
        sample_rows: int64 `[SAMPLE_INPUTS]`, row of each, -1 where unread.
        constant_rows, constants: rows that hold one number throughout, and the numbers (float64).
        num_actions: for which the rows were laid out.
    """

    code: NDArray[np.int64]
    rows: int
    root: int
    q_rows: NDArray[np.int64]
    q_carries: NDArray[np.int64]
    sample_rows: NDArray[np.int64]
    constant_rows: NDArray[np.int64]
    constants: NDArray[np.float64]
    num_actions: int

    def reads(self, *names: str) -> bool:
        """Whether the loss reads any of these inputs: samples, networks or states."""
        pairs = [pair for pair, row in zip(Q_INPUTS, self.q_rows.tolist(), strict=True) if row >= 0]
        samples = [name for name, row in zip(SAMPLE_INPUTS, self.sample_rows.tolist(), strict=True) if row >= 0]
        return not {*samples, *(name for pair in pairs for name in pair)}.isdisjoint(names)
