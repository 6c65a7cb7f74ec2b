"""A curve in a terminal: one braille dot for each computed point, two across and four down in a character."""

from collections.abc import Sequence
from itertools import zip_longest

# Bits of a braille character, by column and row of its dots.
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
BLANK = 0x2800
HEIGHT = 6  # characters
LABEL = 8  # characters to the left of a curve
LEAST = 32  # width below which plots stand under each other


def plot(title: str, below: str, xs: Sequence[float], ys: Sequence[float], width: int) -> list[str]:
    """Lines of `width` characters: the title, the curve with its least and greatest value, the ends of the axis.

    Args:
        title: stands above.
        below: name of the axis.
        xs: from the left to the right end.
        ys: one for each x.
        width: of every line; give `dots(width)` points to fill it.
    """
    low, high = min(ys), max(ys)
    columns, rows = (width - LABEL - 2), 4 * HEIGHT
    bits = [[0] * columns for _ in range(HEIGHT)]
    for x, y in zip(xs, ys, strict=True):
        column = round((x - xs[0]) / (xs[-1] - xs[0]) * (2 * columns - 1))
        row = round((high - y) / (high - low) * (rows - 1)) if high > low else rows // 2
        bits[row // 4][column // 2] |= DOTS[column % 2][row % 4]
    labels = {0: high, HEIGHT - 1: low} if high > low else {HEIGHT // 2: low}
    lines = [title]
    for row, line in enumerate(bits):
        label = number(labels[row]) if row in labels else ""
        lines.append(f"{label:>{LABEL}} {'┤' if label else '│'}" + "".join(chr(BLANK + dots) for dots in line))
    left, right = number(xs[0]), number(xs[-1])
    axis = left + below.center(columns - len(left) - len(right)) + right
    return [line.ljust(width) for line in (*lines, " " * (LABEL + 2) + axis)]


def dots(width: int) -> int:
    """The number of points side by side in a plot of that width."""
    return 2 * (width - LABEL - 2)


def beside(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """Two plots of one height side by side."""
    return [f"{one}  {other}".rstrip() for one, other in zip_longest(left, right, fillvalue="")]


def number(value: float) -> str:
    """A number with three digits and a minus sign."""
    return f"{value:.3g}".replace("-", "−")
