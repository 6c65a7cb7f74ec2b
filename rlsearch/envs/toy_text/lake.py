"""A frozen lake as an MDP, from its map, by the rules of Gymnasium 1.4 (`gymnasium/envs/toy_text/frozen_lake.py`)."""

from functools import cache

import numpy as np

from rlsearch.envs.tabular.mdp import TabularMDP

# Left, down, right, up, as (row, column); the neighbours of a move in this order are the two sides it may slip to.
MOVES = ((0, -1), (1, 0), (0, 1), (-1, 0))
FORWARD = 1.0 / 3.0
ASIDE = (1.0 - FORWARD) / 2.0


@cache
def lake(lines: tuple[str, ...], slippery: bool) -> TabularMDP:
    """The MDP of a map: S start, F ice, H hole, G goal. States are squares, row by row; outcomes one side, ahead, the other.

    Nothing moves in a hole or at the goal. On a lake that is not slippery only `ahead` ever happens.
    """
    cells = np.array([list(line) for line in lines])
    rows, columns = cells.shape
    here = np.array(np.unravel_index(np.arange(cells.size), cells.shape)).T
    ends = np.isin(cells.ravel(), ("H", "G"))
    successor = np.empty((cells.size, len(MOVES), 3), np.int64)
    for action in range(len(MOVES)):
        for outcome, turn in enumerate((-1, 0, 1)):
            row, column = np.clip(here + MOVES[(action + turn) % len(MOVES)], 0, (rows - 1, columns - 1)).T
            successor[:, action, outcome] = np.where(ends, np.arange(cells.size), row * columns + column)
    start = (cells.ravel() == "S").astype(np.float64)
    pays = (cells.ravel() == "G")[successor] & ~ends[:, None, None]
    return TabularMDP(
        start=start / start.sum(),
        probability=np.broadcast_to((ASIDE, FORWARD, ASIDE) if slippery else (0.0, 1.0, 0.0), successor.shape),
        successor=successor,
        reward=pays.astype(np.float64),
        terminal=ends[successor],
    )


def with_agent(lines: tuple[str, ...], square: int) -> str:
    """The map, and `x` where one stands."""
    flat = "".join(lines)
    flat = flat[:square] + "x" + flat[square + 1 :]
    columns = len(lines[0])
    return "\n".join(flat[row * columns : (row + 1) * columns] for row in range(len(lines)))
