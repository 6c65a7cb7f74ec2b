"""A grid in characters: walls #, goal G, lava ~, doors + (open \', locked L), keys k, balls o, boxes b, the agent >v<^."""

from rlsearch.envs.minigrid.layout import (
    BALL,
    BOX,
    CARRIED,
    DIRECTION,
    DOOR,
    GOAL,
    KEY,
    LAVA,
    LOCKED,
    MISSION,
    OPEN,
    TELLS_MISSION,
    WALL,
    X,
    Y,
)
from rlsearch.envs.signature import Floats, Grid

MARKS = {WALL: "#", GOAL: "G", LAVA: "~", KEY: "k", BALL: "o", BOX: "b"}
DOORS = {OPEN: "'", LOCKED: "L"}
NAMES = {KEY: "key", BALL: "ball", BOX: "box"}
COLOURS = ("red", "green", "blue", "purple", "yellow", "grey")


def picture(params: Floats, state: Floats, grid: Grid) -> str:
    """The grid by rows, from the top; below them what is carried, and the colour that the mission names."""
    columns, rows, _ = grid.shape
    board = [[_mark(grid[x, y]) for x in range(columns)] for y in range(rows)]
    board[int(state[Y])][int(state[X])] = ">v<^"[int(state[DIRECTION])]
    words = ["carries a " + NAMES[int(state[CARRIED])]] if int(state[CARRIED]) in NAMES else []
    words += ["is to go to the " + COLOURS[int(state[MISSION])] + " door"] if params[TELLS_MISSION] else []
    return "\n".join(["".join(row) for row in board] + words)


def _mark(cell: Grid) -> str:
    kind, _, state = (int(number) for number in cell)
    return DOORS.get(state, "+") if kind == DOOR else MARKS.get(kind, ".")
