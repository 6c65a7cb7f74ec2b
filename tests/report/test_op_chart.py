"""An op's SVG: well-formed, without a script, readable on light and dark, and its curves are the computed values."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.registry import operations
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.op_chart import POINTS, op_chart
from rlsearch.report.op_slices import slices

NS = "{http://www.w3.org/2000/svg}"
DRAWN = [name for name in operations() if name != "q"]


def curves(svg: ET.Element, kind: str) -> list[list[tuple[float, float]]]:
    """Places of the points of each curve of a kind, its pieces and lone points joined."""
    found = []
    for group in svg.iter(f"{NS}g"):
        if group.get("class") == kind:
            points = [
                (float(x), float(y))
                for line in group.iter(f"{NS}polyline")
                for x, y in (point.split(",") for point in str(line.get("points")).split())
            ]
            points += [(float(str(dot.get("cx"))), float(str(dot.get("cy")))) for dot in group.iter(f"{NS}circle")]
            found.append(sorted(points))
    return found


@pytest.mark.parametrize("name", DRAWN)
def test_every_op_is_drawn(name: str) -> None:
    op, svg = operations()[name], ET.fromstring(op_chart(operations()[name]))
    cuts = slices(op)
    assert len(curves(svg, "value")) == len(cuts)
    assert len(curves(svg, "slope")) == sum(cut.derivative is not None for cut in cuts)
    assert all(len(points) == POINTS for points in (*curves(svg, "value"), *curves(svg, "slope")))
    assert not list(svg.iter(f"{NS}script")) and "prefers-color-scheme:dark" in str(svg.findtext(f"{NS}style"))
    width, height = float(str(svg.get("width"))), float(str(svg.get("height")))
    words = ["".join(text.itertext()) for text in svg.iter(f"{NS}text")]
    assert op.doc in words and text_width(op.doc, 11) * 0.85 < width and height < 1000
    for cut in cuts:
        assert any(cut.held in text for text in words) and f"d/d{cut.arg}" in " ".join(words)


@pytest.mark.parametrize("name", DRAWN)
def test_the_points_are_the_computed_values(name: str) -> None:
    """Up to scale: places are an affine function of values."""
    svg = ET.fromstring(op_chart(operations()[name]))
    for cut, points in zip(slices(operations()[name]), curves(svg, "value"), strict=True):
        values, heights = cut.value(cut.grid(POINTS)), np.array([y for _, y in points])
        span = np.ptp(values)
        share = (values - values.min()) / span if span > 1e-9 else 0 * values
        drawn = (heights.max() - heights) / max(np.ptp(heights), 1e-9)
        np.testing.assert_allclose(drawn, share, atol=0.002)


def test_a_network_has_no_picture() -> None:
    with pytest.raises(RlsearchError, match="'q' has no picture"):
        op_chart(operations()["q"])
