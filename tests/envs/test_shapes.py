"""Shapes in pixels: their areas, and that painting stays within an image."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.envs.shapes import BLACK, blank, disc, paint, polygon, rectangle, rotated, stroke

ANY = st.floats(-60, 60)


def painted(shape, scale=1.0, smooth=True):
    """The share of black in an image of 40 x 50 pixels, in pixels."""
    image = blank(40, 50)
    paint(image, shape, BLACK, scale=scale, smooth=smooth)
    assert image.shape == (40, 50, 3) and (image == image[..., :1]).all()
    return (255.0 - image[..., 0]).sum() / 255.0


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (disc(25, 20, 12), math.pi * 144),
        (rectangle(5, 30, 10, 31), 25 * 21),
        (polygon((5, 5), (45, 5), (25, 35)), 600),
        (polygon((5, 5), (25, 35), (45, 5)), 600),  # the other way round
        (stroke((10, 10), (40, 10), 3), 30 * 6 + math.pi * 9),
        (polygon(*rotated(((-10, -5), (10, -5), (10, 5), (-10, 5)), 0.7, (25, 20))), 200),
    ],
)
def test_areas(shape, area):
    assert painted(shape) == pytest.approx(area, rel=0.02)
    assert painted(shape, smooth=False) == pytest.approx(area, rel=0.04)


def test_a_scale_is_pixels_in_a_unit():
    assert painted(rectangle(0.1, 0.6, 0.2, 0.8), scale=40, smooth=False) == 20 * 24


@settings(max_examples=60)
@given(ANY, ANY, st.floats(0.1, 40), st.floats(-7, 7))
def test_painting_stays_within_the_image(x, y, size, angle):
    for shape in (
        disc(x, y, size),
        polygon(*rotated(((0, 0), (size, 0), (0, size)), angle, (x, y))),
        stroke((x, y), (size, 3), 2),
    ):
        assert 0 <= painted(shape) <= 40 * 50


def test_what_is_far_away_is_not_painted():
    assert painted(disc(1e9, 20, 5)) == painted(disc(25, -1e9, 5)) == 0


def test_colours_are_blended_by_their_share():
    image = blank(2, 2, (0, 0, 100))
    paint(image, rectangle(0, 0.5, 0, 2), (200, 0, 100))
    np.testing.assert_array_equal(image[:, 0], [[100, 0, 100]] * 2)
    np.testing.assert_array_equal(image[:, 1], [[0, 0, 100]] * 2)
