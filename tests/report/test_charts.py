"""Charts keep inside their frames, whatever the numbers."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

from rlsearch.evaluation.statistics import Interval
from rlsearch.report.axes import Scale, short_number
from rlsearch.report.charts import interval_chart, learning_curves, outcome_bar, progress_chart
from rlsearch.report.run_report import LossInEnvironment


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(0, 1, [0, 0.5, 1]), (0, 10_000, [0, 5000, 10_000]), (-0.4, 1, [0, 0.5, 1])]
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert Scale(low, high, 0, 100).ticks(3) == pytest.approx(ticks)


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (0.5, "0.5"), (950, "950"), (1500, "1.5k"), (2e6, "2M")])
def test_numbers_are_short(value: float, shown: str) -> None:
    assert short_number(value) == shown


def test_dots_show_values_outside_zero_and_one() -> None:
    chart = ET.fromstring(interval_chart("t", [("a_long_name_of_a_loss", Interval(-0.2, -0.5, 1.3, 5))]))
    width = float(str(chart.get("width")))
    for circle in chart.iter("{http://www.w3.org/2000/svg}circle"):
        assert 100 < float(str(circle.get("cx"))) < width


def test_a_curve_with_a_missing_value_is_drawn_without_it() -> None:
    chart = learning_curves("t", [LossInEnvironment("dqn", Interval(0, 0, 0, 1), (0.1, math.nan, 0.3))], 300)
    (points,) = re.findall(r'<polyline points="([^"]*)"', chart)
    assert len(points.split()) == 2
    assert "nan" not in chart


def test_progress_ends_at_the_last_proposal() -> None:
    (points,) = re.findall(r'<polyline points="([^"]*)"', progress_chart("t", [(0, 0.2), (5, 0.4)], 10))
    ys = [float(point.split(",")[1]) for point in points.split()]
    assert len(ys) == 4 and ys[0] == ys[1] > ys[2] == ys[3]


def test_outcomes_fill_the_bar() -> None:
    chart = outcome_bar("t", {"trained": 1, "duplicate": 3}, 400)
    assert [float(w) for w in re.findall(r'<rect [^>]* width="([\d.]+)"', chart)] == [99, 299]


def test_a_mean_of_one_seed_is_a_dot_without_an_interval() -> None:
    chart = ET.fromstring(interval_chart("t", [("dqn", Interval(0.5, None, None, 1))]))
    (drawn,) = [line for line in chart.iter("{http://www.w3.org/2000/svg}line") if line.get("class") == "interval"]
    (dot,) = chart.iter("{http://www.w3.org/2000/svg}circle")
    assert drawn.get("x1") == drawn.get("x2") == dot.get("cx")
