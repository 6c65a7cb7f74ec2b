"""Boards of the grid worlds: what lies on them, where one can go, and the variants of the paper.

Oh et al. 2020, appendix A, with sizes, objects and steps as two independent reproductions have them. The walls are not given
in numbers there: `longer` has a wall down the centre with two gaps, `long_dense` four rooms, `small` two pillars.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# (rows, columns) of a move, by action. The first five are those of `moves: five`.
MOVES = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
MOVE_COUNTS = (9, 5)


@dataclass(frozen=True)
class Item:
    """An object: what collecting it pays, how likely that ends the episode, and how likely it is back, per step."""

    reward: float
    terminates: float
    respawns: float


@dataclass(frozen=True)
class Board:
    """A variant of a grid world.

    Attributes:
        plan: rows of text; `.` is a cell, `#` a wall.
        items: the objects, each in a cell of its own.
        steps: most steps of an episode.
    """

    plan: tuple[str, ...]
    items: tuple[Item, ...]
    steps: int

    @property
    def walls(self) -> NDArray[np.bool_]:
        """`[rows * columns]`, row by row: true where there is a wall."""
        return np.array([cell == "#" for cell in "".join(self.plan)])

    def reach(self, moves: int) -> NDArray[np.int64]:
        """`[cells, moves]`: the cell that each move leads to; one that a wall or an edge is in the way of leads nowhere."""
        walls = self.walls.reshape(len(self.plan), -1)
        rows, columns = walls.shape
        table = np.empty((rows, columns, moves), np.int64)
        for row, column, move in np.ndindex(table.shape):
            to_row, to_column = row + MOVES[move][0], column + MOVES[move][1]
            free = 0 <= to_row < rows and 0 <= to_column < columns and not walls[to_row, to_column]
            table[row, column, move] = to_row * columns + to_column if free else row * columns + column
        return table.reshape(-1, moves)


def drawn(reach: NDArray[np.float64], agent: int, items: Mapping[int, float]) -> str:
    """A board in characters: walls #, the agent x, and objects by the sign of what they pay.

    Args:
        reach: `[cells, moves]`, where each move leads.
        agent: its cell.
        items: reward by cell, of the objects that lie there.
    """
    cells = len(reach)
    columns = int(reach[0, 2])  # one row down from the first cell
    entered = {int(to) for cell in range(cells) for to in reach[cell] if to != cell}
    marks = ["." if cell in entered else "#" for cell in range(cells)]
    for cell, reward in items.items():
        marks[cell] = "+" if reward > 0 else "-"
    marks[agent] = "x"
    return "\n".join("".join(marks[start : start + columns]) for start in range(0, cells, columns))


def _open(rows: int, columns: int) -> tuple[str, ...]:
    return ("." * columns,) * rows


_DENSE = (Item(1, 0, 0.05), Item(1, 0, 0.05), Item(-1, 0.5, 0.1), Item(-1, 0, 0.5))
_LONG = (Item(1, 0, 0.01), Item(1, 0, 0.01), Item(-1, 0.5, 1), Item(-1, 0.5, 1))
_SMALL = (Item(1, 0, 0.05), Item(1, 0, 0.05), Item(-1, 0.5, 0.1), Item(-1, 0.5, 0.1))
_CENTRE_WALL = ("....#....", ".........", "....#....", "....#....", "....#....", ".........", "....#....")
_PILLARS = (".......", "..#....", ".......", "....#..", ".......")
_FOUR_ROOMS = (
    "...........",
    *(".....#.....",) * 3,
    "##.#####.##",
    *(".....#.....",) * 2,
    "...........",
    *(".....#.....",) * 3,
)

TABULAR = {
    "dense": Board(_open(11, 11), _DENSE, 500),
    "sparse": Board(_open(13, 13), (Item(1, 1, 0), Item(-1, 1, 0)), 50),
    "long": Board(_open(11, 11), _LONG, 1000),
    "longer": Board(_CENTRE_WALL, 2 * (Item(1, 0.1, 0.01),) + 5 * (Item(-1, 0.8, 1),), 2000),
    "long_dense": Board(_FOUR_ROOMS, 4 * (Item(1, 0, 0.005),), 2000),
}

RANDOM = {
    "small": Board(_PILLARS, _SMALL, 500),
    "small_sparse": Board(_open(5, 7), (Item(1, 1, 1), Item(-1, 1, 1), Item(-1, 1, 1)), 50),
    "dense": Board(_open(11, 11), _DENSE, 500),
    "long": Board(_open(11, 11), _LONG, 1000),
    "very_dense": Board(_open(11, 11), (Item(1, 0, 1),), 2000),
}
