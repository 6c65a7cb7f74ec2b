"""Shapes on images, by NumPy alone: a shape says of any point how far inside it is, and is blended in by that."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs.signature import Floats

Image = NDArray[np.uint8]  # [H, W, 3]
Colour = tuple[int, int, int]
Point = tuple[float, float]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape in the plane.

    Attributes:
        depth: `depth(x, y)`, how far inside points are, below 0 outside; arrays that broadcast.
        box: left, right, least y and greatest y of what it may cover.
    """

    depth: Callable[[Floats, Floats], Floats]
    box: tuple[float, float, float, float]


def disc(x: float, y: float, radius: float) -> Shape:
    """A disc round (x, y)."""
    return Shape(lambda xs, ys: radius - np.hypot(xs - x, ys - y), (x - radius, x + radius, y - radius, y + radius))


def polygon(*corners: Point) -> Shape:
    """A convex polygon, its corners in either direction."""
    points = np.array(corners, np.float64)
    edges = np.roll(points, -1, axis=0) - points
    ahead = np.roll(edges, -1, axis=0)
    turn = np.sign((edges[:, 0] * ahead[:, 1] - edges[:, 1] * ahead[:, 0]).sum())
    inward = turn * np.stack([-edges[:, 1], edges[:, 0]], axis=1) / np.hypot(*edges.T)[:, None]

    def depth(xs: Floats, ys: Floats) -> Floats:
        sides = ((xs - x) * across + (ys - y) * up for (x, y), (across, up) in zip(points, inward, strict=True))
        least: Floats = next(sides)
        for side in sides:
            least = np.minimum(least, side)
        return least

    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    return Shape(depth, (left, right, low, high))


def rectangle(left: float, right: float, low: float, high: float) -> Shape:
    """A rectangle along the axes."""
    return polygon((left, low), (right, low), (right, high), (left, high))


def stroke(start: Point, end: Point, half_width: float) -> Shape:
    """A line with round ends."""
    (x, y), (across, up) = start, (end[0] - start[0], end[1] - start[1])
    squared = across * across + up * up or 1.0  # a point has no direction

    def depth(xs: Floats, ys: Floats) -> Floats:
        along = np.clip(((xs - x) * across + (ys - y) * up) / squared, 0.0, 1.0)
        return half_width - np.hypot(xs - x - along * across, ys - y - along * up)

    columns, rows = sorted((x, end[0])), sorted((y, end[1]))
    return Shape(depth, (columns[0] - half_width, columns[1] + half_width, rows[0] - half_width, rows[1] + half_width))


def rotated(points: tuple[Point, ...], angle: float, centre: Point) -> tuple[Point, ...]:
    """Points turned about the origin by an angle in radians, from the x axis to the y axis, then moved to `centre`."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return tuple((centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine) for x, y in points)


def blank(height: int, width: int, colour: Colour = WHITE) -> Image:
    """An image of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def paint(image: Image, shape: Shape, colour: Colour, *, scale: float = 1.0, smooth: bool = True) -> None:
    """Paint a shape onto an image; pixel (row, column) has its centre at ((column + 0.5) / scale, (row + 0.5) / scale).

    Args:
        image: painted on.
        shape: in units of `scale` pixels.
        colour: red, green, blue, each 0 to 255.
        scale: pixels in a unit.
        smooth: whether pixels on the edge are blended by their share; else a pixel is painted if its centre is inside.
    """
    height, width, _ = image.shape
    left, right, low, high = (scale * end for end in shape.box)
    first_column, first_row = max(int(left) - 1, 0), max(int(low) - 1, 0)
    last_column, last_row = min(int(right) + 2, width), min(int(high) + 2, height)
    if first_column >= last_column or first_row >= last_row:
        return
    xs = (np.arange(first_column, last_column) + 0.5) / scale
    ys = (np.arange(first_row, last_row)[:, None] + 0.5) / scale
    depth = scale * shape.depth(xs, ys)
    share = np.clip(depth + 0.5, 0.0, 1.0) if smooth else (depth >= 0.0).astype(np.float64)
    part = image[first_row:last_row, first_column:last_column]
    part[:] = np.rint(part + share[..., None] * (np.array(colour, np.float64) - part))
