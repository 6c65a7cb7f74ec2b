"""Frames of states, in pixels: as the environment's own module or its family's draws it, else from what is known of it.

Its own is a function `frame(params, state, grid)` in the module that a card names, or in a module `frame` beside it. Without
one, a board in characters (`rlsearch.envs.picture`) becomes tiles, and an observation becomes cells.
"""

import numpy as np

from rlsearch.envs.picture import drawing_of
from rlsearch.envs.shapes import WHITE, Image, blank
from rlsearch.envs.signature import Floats, Grid, Observation
from rlsearch.envs.task import Task
from rlsearch.envs.tiles import side_of, tiled

POSITIVE, NEGATIVE = np.array([20.0, 80.0, 180.0]), np.array([200.0, 60.0, 30.0])
LINES = (128, 128, 128)


def frame(task: Task, state: Floats, grid: Grid) -> Image:
    """A frame of a state: uint8 `[H, W, 3]`, of one size for a task; both sides are even, as video formats ask."""
    if own := drawing_of(task, "frame"):
        image: Image = own(task.params, state, grid)
        return image
    if own := drawing_of(task, "picture"):
        return tiled(own(task.params, state, grid))
    out = np.empty(task.observation_size, np.float32)
    task.observe(task.params, state, grid, out)
    return _cells(out)


def _cells(numbers: Observation) -> Image:
    """Numbers as cells, row by row from the top: white for 0, the bluer the greater, the redder the further below 0."""
    columns = int(np.ceil(np.sqrt(len(numbers))))
    rows = -(-len(numbers) // columns)
    side = side_of(rows, columns)
    image = blank(rows * side, columns * side, LINES)
    for place, number in enumerate(numbers.tolist()):
        row, column = side * (place // columns), side * (place % columns)
        full, share = POSITIVE if number > 0 else NEGATIVE, 1.0 - 1.0 / (1.0 + abs(number))
        image[row + 1 : row + side, column + 1 : column + side] = WHITE + share * (full - WHITE)
    return image
