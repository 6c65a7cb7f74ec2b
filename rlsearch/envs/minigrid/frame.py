"""A grid in pixels, as MiniGrid draws it (`minigrid/core/world_object.py`, `core/grid.py`), without what the agent sees."""

import math
from functools import cache

import numpy as np

from rlsearch.envs.minigrid.layout import BALL, BOX, DIRECTION, DOOR, GOAL, KEY, LAVA, LOCKED, OPEN, WALL, X, Y
from rlsearch.envs.shapes import BLACK, Colour, Image, Shape, blank, disc, paint, polygon, rectangle, rotated, stroke
from rlsearch.envs.signature import Floats, Grid

TILE = 32  # pixels of a cell's side
FINER = 3  # a tile is painted so much larger, then averaged

COLOURS: tuple[Colour, ...] = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (112, 39, 195), (255, 255, 0), (100, 100, 100))
LINE: Colour = (100, 100, 100)
ORANGE: Colour = (255, 128, 0)
RED: Colour = (255, 0, 0)
ARROW = ((-0.38, -0.31), (0.37, 0.0), (-0.38, 0.31))
ALL = rectangle(0, 1, 0, 1)


def frame(_params: Floats, state: Floats, grid: Grid) -> Image:
    """The grid, 32 pixels a cell, and the agent as an arrow."""
    columns, rows, _ = grid.shape
    agent = int(state[X]), int(state[Y])
    image = blank(rows * TILE, columns * TILE)
    for x, y in np.ndindex(columns, rows):
        kind, colour, door = grid[x, y].tolist()
        arrow = int(state[DIRECTION]) if (x, y) == agent else -1
        image[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = _tile(kind, colour, door, arrow)
    return image


@cache
def _tile(kind: int, colour: int, door: int, arrow: int) -> Image:
    """One cell; `arrow`: where the agent in it looks, -1 without one."""
    own = COLOURS[colour]
    parts: list[tuple[Shape, Colour]] = [(rectangle(0, 0.031, 0, 1), LINE), (rectangle(0, 1, 0, 0.031), LINE)]
    if kind in (WALL, GOAL):
        parts += [(ALL, own)]
    elif kind == LAVA:
        parts += [(ALL, ORANGE), *((wave, BLACK) for wave in _waves())]
    elif kind == DOOR:
        parts += _door(own, door)
    elif kind == KEY:
        parts += [(rectangle(0.50, 0.63, 0.31, 0.88), own), (rectangle(0.38, 0.50, 0.59, 0.66), own)]
        parts += [(rectangle(0.38, 0.50, 0.81, 0.88), own), (disc(0.56, 0.28, 0.19), own), (disc(0.56, 0.28, 0.064), BLACK)]
    elif kind == BALL:
        parts += [(disc(0.5, 0.5, 0.31), own)]
    elif kind == BOX:
        parts += [(rectangle(0.12, 0.88, 0.12, 0.88), own), (rectangle(0.18, 0.82, 0.18, 0.82), BLACK)]
        parts += [(rectangle(0.16, 0.84, 0.47, 0.53), own)]
    if arrow >= 0:
        parts += [(polygon(*rotated(ARROW, 0.5 * math.pi * arrow, (0.5, 0.5))), RED)]
    large = blank(TILE * FINER, TILE * FINER, BLACK)
    for shape, paints in parts:
        paint(large, shape, paints, scale=TILE * FINER, smooth=False)
    small: Image = large.reshape(TILE, FINER, TILE, FINER, 3).mean(axis=3).mean(axis=1).astype(np.uint8)
    return small


def _waves() -> list[Shape]:
    """Three lines that go up and down twice."""
    points = [(0.1, 0.0), (0.3, 0.1), (0.5, 0.0), (0.7, 0.1), (0.9, 0.0)]
    return [
        stroke((x, top + y), (next_x, top + next_y), 0.03)
        for top in (0.3, 0.5, 0.7)
        for (x, y), (next_x, next_y) in zip(points[:-1], points[1:], strict=True)
    ]


def _door(own: Colour, door: int) -> list[tuple[Shape, Colour]]:
    """An open door at the cell's edge; a locked one with its keyhole, a closed one with its handle."""
    if door == OPEN:
        return [(rectangle(0.88, 1.00, 0.00, 1.00), own), (rectangle(0.92, 0.96, 0.04, 0.96), BLACK)]
    if door == LOCKED:
        red, green, blue = (int(0.45 * part) for part in own)
        inner, keyhole = rectangle(0.06, 0.94, 0.06, 0.94), rectangle(0.52, 0.75, 0.50, 0.56)
        return [(ALL, own), (inner, (red, green, blue)), (keyhole, own)]
    frames = [(rectangle(edge, 1 - edge, edge, 1 - edge), own if edge == 0.08 else BLACK) for edge in (0.04, 0.08, 0.12)]
    return [(ALL, own), *frames, (disc(0.75, 0.50, 0.08), own)]
