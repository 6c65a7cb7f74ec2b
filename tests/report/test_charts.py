"""Charts keep inside their frames, whatever the numbers."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

from rlsearch.report.axes import Scale, number
from rlsearch.report.charts import curves, dots, shares, steps, words
from rlsearch.report.view import Estimate, Fate, LossInEnvironment


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(0, 1, [0, 0.5, 1]), (0, 10_000, [0, 5000, 10_000]), (-0.4, 1, [0, 0.5, 1])]
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert Scale(low, high, 0, 100).ticks(3) == pytest.approx(ticks)


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (0.5, "0.5"), (950, "950"), (1500, "1.5k"), (2e6, "2M")])
def test_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


def test_dots_show_values_outside_zero_and_one() -> None:
    chart = ET.fromstring(dots("t", [("a_long_name_of_a_loss", Estimate(-0.2, -0.5, 1.3, 5))]))
    width = float(str(chart.get("width")))
    for circle in chart.iter("{http://www.w3.org/2000/svg}circle"):
        assert 100 < float(str(circle.get("cx"))) < width


def test_a_curve_with_a_missing_value_is_drawn_without_it() -> None:
    chart = curves("t", [LossInEnvironment("dqn", Estimate(0, 0, 0, 1), (0.1, math.nan, 0.3))], 300)
    (points,) = re.findall(r'<polyline points="([^"]*)"', chart)
    assert len(points.split()) == 2
    assert "nan" not in chart


def test_steps_end_at_the_last_proposal() -> None:
    (points,) = re.findall(r'<polyline points="([^"]*)"', steps("t", [(0, 0.2), (5, 0.4)], 10))
    ys = [float(point.split(",")[1]) for point in points.split()]
    assert len(ys) == 4 and ys[0] == ys[1] > ys[2] == ys[3]


def test_shares_fill_the_bar() -> None:
    chart = shares("t", [Fate("trained", 1), Fate("duplicate", 3)], 400)
    assert [float(w) for w in re.findall(r'<rect [^>]* width="([\d.]+)"', chart)] == [99, 299]


def test_words_name_the_seeds() -> None:
    assert words(Estimate(0.5, 0.4, 0.6, 10)) == "0.500 [0.400, 0.600], 10 seeds"
    assert words(Estimate(0.5, 0.5, 0.5, 1)) == "0.500, one seed: no interval"
