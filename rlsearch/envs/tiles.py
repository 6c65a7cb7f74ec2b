"""Boards in characters as images: a tile for each character."""

from functools import cache

from rlsearch.envs.shapes import Colour, Image, Shape, blank, disc, paint, rectangle

LARGEST, MOST = 64, 480  # pixels of a tile's side, and of the board's, where tiles are so many that they must be smaller

FLOOR: Colour = (244, 244, 240)
LINE: Colour = (214, 214, 208)
WALL: Colour = (84, 84, 92)
AGENT: Colour = (40, 96, 200)
GOOD: Colour = (40, 160, 80)
BAD: Colour = (204, 60, 50)

# What a character's tile is painted with.
GROUNDS: dict[str, Colour] = {
    "#": WALL,
    "|": WALL,
    "F": (214, 232, 244),  # ice
    "H": (30, 62, 112),  # a hole in it
    "C": (96, 70, 52),  # a cliff
    "S": (232, 226, 190),  # start
    "G": (150, 214, 160),  # goal
    "s": (222, 222, 196),  # a stand of taxis
}
ROUND, SMALL, SQUARE = disc(0.5, 0.5, 0.36), disc(0.5, 0.5, 0.24), rectangle(0.25, 0.75, 0.25, 0.75)
THINGS: dict[str, tuple[Shape, Colour]] = {
    "x": (ROUND, AGENT),
    "X": (ROUND, (232, 140, 30)),  # a taxi with its passenger
    "o": (SMALL, BAD),  # a ball
    "=": (rectangle(0.04, 0.96, 0.34, 0.66), AGENT),  # a paddle
    "+": (SMALL, GOOD),
    "-": (SMALL, BAD),
    "T": (SQUARE, (228, 178, 40)),  # a treasure
    "p": (SMALL, (150, 60, 160)),  # a passenger
    "d": (SQUARE, GOOD),  # where passengers want to go
}
PLAIN = {".", " "}


def side_of(rows: int, columns: int) -> int:
    """Pixels of the side of one of so many tiles; an even number."""
    return max(min(LARGEST, MOST // max(rows, columns)) // 2 * 2, 4)


def tiled(text: str) -> Image:
    """The image of a board; lines that are not as long as the first are words about it, and left out."""
    lines = text.splitlines()
    board = [line for line in lines if len(line) == len(lines[0])]
    side = side_of(len(board), len(board[0]))
    image = blank(side * len(board), side * len(board[0]))
    for row, line in enumerate(board):
        for column, mark in enumerate(line):
            image[row * side : (row + 1) * side, column * side : (column + 1) * side] = _tile(mark, side)
    return image


@cache
def _tile(mark: str, side: int) -> Image:
    """A character's tile; one without a meaning here is a square in a colour of its own."""
    image = blank(side, side, LINE)
    image[1:, 1:] = GROUNDS.get(mark, FLOOR)
    if mark not in GROUNDS and mark not in PLAIN:
        shape, colour = THINGS.get(mark, (SQUARE, _colour_of(mark)))
        paint(image, shape, colour, scale=side)
    return image


def _colour_of(mark: str) -> Colour:
    code = ord(mark)
    return 40 + 53 * code % 160, 40 + 97 * code % 160, 40 + 151 * code % 160
