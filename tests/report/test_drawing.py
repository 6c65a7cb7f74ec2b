"""The SVG: well-formed, labelled, and it says what the graph says."""

import xml.etree.ElementTree as ET

import pytest
from random_losses import random_losses
from views import DQN

from rlsearch.graph.text import parse
from rlsearch.report.drawing import box_size, draw
from rlsearch.report.picture import picture
from rlsearch.report.widths import text_width

NS = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ET.Element:
    return ET.fromstring(draw(parse(text)))


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{NS}text")]


def test_dqn_shows_what_it_is() -> None:
    svg = drawn(DQN)
    labels = texts(svg)
    assert sorted(labels) == sorted(
        ["Qonline(s, ·)", "x[a]", "Qtarget(s′, ·)", "max over a′", "γ", "×", "r", "+", "−", "1", "2", "½ x²", "loss"]
    )
    assert svg.get("role") == "img" and DQN in str(svg.get("aria-label"))


def test_every_box_has_a_tooltip() -> None:
    boxes = drawn(DQN).findall(f"{NS}g")
    assert len(boxes) == 11
    tips = [box.findtext(f"{NS}title") or "" for box in boxes]
    assert "sub: Difference.\nReal" in tips
    assert any("target: A periodically copied" in tip and tip.endswith("Vector") for tip in tips)


def test_dashed_where_no_gradient_flows() -> None:
    wires = [str(path.get("class")) for path in drawn(DQN).iter(f"{NS}path") if "wire" in str(path.get("class"))]
    # Solid: network to select to difference to half square to loss. Six edges belong to the target.
    assert sum("cut" not in kind for kind in wires) == 4
    assert sum("cut" in kind for kind in wires) == 6
    assert sum("many" in kind for kind in wires) == 2


def test_a_constant_used_twice_is_drawn_twice() -> None:
    assert texts(drawn("loss = 0.5 * (0.5 * q(online, s)[a] - r)**2")).count("0.5") == 2


def test_a_network_applied_once_is_drawn_once() -> None:
    labels = texts(drawn("loss = logsumexp(q(online, s)) - q(online, s)[a]"))
    assert labels.count("Qonline(s, ·)") == 1


@pytest.mark.parametrize("graph", random_losses(30), ids=range(30))
def test_random_losses_are_well_formed_and_labels_fit(graph) -> None:
    svg = ET.fromstring(draw(graph))
    assert not list(svg.iter(f"{NS}script"))
    boxes, wires = picture(graph)
    for index, box in enumerate(boxes):
        assert text_width(box.label.replace("_", ""), 15) <= box_size(box, wires, index).width + 20
        assert "\\" not in box.label
