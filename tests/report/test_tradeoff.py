"""The chart of score against size: stairs that are the front, dots at their positions, names that cover no other."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from rlsearch.analysis.result import Baseline, Ranking
from rlsearch.report.tradeoff import tradeoff
from tests.support.run_reports import DQN, confirmed, full_ranking

SVG = "{http://www.w3.org/2000/svg}"


def chart(ranking: Ranking) -> ET.Element:
    return ET.fromstring(tradeoff("t", ranking))


def dots(drawn: ET.Element) -> dict[str, tuple[float, float]]:
    """Position of each dot, by the beginning of its tooltip."""
    return {
        str(group.findtext(f"{SVG}title")).split(":")[0]: (float(str(dot.get("cx"))), float(str(dot.get("cy"))))
        for group in drawn.iter(f"{SVG}g")
        for dot in group.iter(f"{SVG}circle")
    }


def test_what_is_confirmed_has_a_dot_and_no_more() -> None:
    ranking = full_ranking()
    found = dots(chart(ranking))
    best = ranking.top[0].key[:10]
    others = {entry.key[:10] for entry in ranking.top[1:] if entry.confirmed}
    assert set(found) == {f"pick, {best}", "dqn", "double_dqn"} | others
    assert found["dqn"][1] < found["double_dqn"][1]  # 0.82 stands above 0.80
    assert found["dqn"][0] < found["double_dqn"][0]  # 9 ops left of 11


def test_the_stairs_are_the_front() -> None:
    """From one member's dot to the next: right, then up; the last step reaches the edge."""
    ranking = full_ranking()
    drawn = chart(ranking)
    (stairs,) = [line.get("points") for line in drawn.iter(f"{SVG}polyline")]
    corners = [tuple(map(float, point.split(","))) for point in str(stairs).split()]
    found = dots(drawn)
    members = [found["pick, " * (entry.key == ranking.top[0].key) + entry.key[:10]] for entry in ranking.front]
    assert set(members) <= set(corners)
    assert all(x <= x2 and y >= y2 and (x == x2 or y == y2) for (x, y), (x2, y2) in zip(corners, corners[1:], strict=False))
    assert len(corners) == 2 * len(members) and corners[-1][1] == corners[-2][1]


@pytest.mark.parametrize("count", [1, 3, 12])
def test_names_cover_no_other_and_stay_inside(count: int) -> None:
    """Known losses of one size and nearly one score."""
    known = {f"a_long_name_{k}": Baseline(DQN, 12, None, confirmed(0.8 + k / 1e3, 0.7, 0.9, 5)) for k in range(count)}
    drawn = chart(replace(full_ranking(), baselines=known))
    width = float(str(drawn.get("width")))
    names = [text for text in drawn.iter(f"{SVG}text") if text.get("class") == "name"]
    assert len(names) == count + 1
    heights = sorted(float(str(text.get("y"))) for text in names)
    assert all(below - above >= 12.9 for above, below in zip(heights, heights[1:], strict=False))
    assert all(float(str(text.get("x"))) + 7 * len(str(text.text)) < width for text in names)
    positions = list(dots(drawn).values())
    assert len(set(positions)) == len(positions)


def test_a_control_without_a_formula_has_no_size_and_no_dot() -> None:
    ranking = replace(full_ranking(), baselines={"random search": Baseline("", 0, None, confirmed(0.5, 0.4, 0.6, 5))})
    assert "random search" not in dots(chart(ranking))
