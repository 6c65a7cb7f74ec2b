"""The SVG: well-formed, labelled, and it says what the graph says."""

import os
import re
import subprocess
import xml.etree.ElementTree as ET

import networkx as nx
import pytest

from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.report.boxes import boxes_and_wires
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.drawing import STYLE, box_size, draw
from tests.support.random_losses import random_losses
from tests.support.run_reports import DQN

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
    boxes, wires = boxes_and_wires(graph)
    for index, box in enumerate(boxes):
        assert text_width(box.label.replace("_", ""), 15) <= box_size(box, wires, index).width + 20
        assert "\\" not in box.label


def boxes_of(svg: ET.Element) -> list[tuple[str, float, float]]:
    """Kind, left and right of every box, in the order in which they are drawn."""
    found = []
    for group in svg.iter(f"{NS}g"):
        rect = group.find(f"{NS}rect")
        assert rect is not None
        left, width = float(str(rect.get("x"))), float(str(rect.get("width")))
        found.append((str(group.get("class")), left, left + width))
    return found


@pytest.mark.parametrize("name", known_losses())
def test_left_to_right_with_one_sink_as_late_as_possible(name: str) -> None:
    """A box stands as many columns from the loss as its longest way there is long, whatever it reads."""
    svg = drawn(known_losses()[name])
    _, wires = boxes_and_wires(parse(known_losses()[name]))
    drawn_boxes = boxes_of(svg)
    net = nx.DiGraph((wire.source, wire.target) for wire in wires)
    (sink,) = (box for box, out in net.out_degree() if out == 0)
    assert sink == len(drawn_boxes) - 1 and [kind for kind, *_ in drawn_boxes].count("loss") == 1
    late = {sink: 0}
    for box in reversed(list(nx.topological_sort(net))):
        late[box] = max([late[user] + 1 for user in net.successors(box)], default=0)
    columns: dict[int, set[float]] = {}
    for box, (_, left, right) in enumerate(drawn_boxes):
        columns.setdefault(late[box], set()).add(round((left + right) / 2))
    assert all(max(column) - min(column) <= 1 for column in columns.values())
    centres = [max(columns[rank]) for rank in sorted(columns)]
    assert centres == sorted(centres, reverse=True) and len(columns) == max(late.values()) + 1
    for path in svg.iter(f"{NS}path"):
        if "wire" in str(path.get("class")):
            numbers = [float(text) for text in re.findall(r"-?[\d.]+", re.sub(r"H(\S+?)(?=[A-Z]|$)", r"", str(path.get("d"))))]
            across = numbers[::2] + [float(x) for x in re.findall(r"H([\d.]+)", str(path.get("d")))]
            assert min(across) == numbers[0]
    for wire in wires:
        assert drawn_boxes[wire.source][2] < drawn_boxes[wire.target][1]


def test_inputs_and_the_loss_have_colours_of_their_own_on_light_and_dark() -> None:
    light, dark = (dict(re.findall(r"--([\w-]+):(#\w+)", part)) for part in STYLE.split("@media print")[0].split("@media"))
    assert light.keys() == dark.keys()
    for colours in (light, dark):
        assert len({colours[kind] for kind in ("input", "loss", "op", "constant")}) == 4
        for back in ("input", "loss", "op", "constant"):
            assert contrast(colours["ink"], colours[back]) > 7
    for kind in ("input", "loss", "op", "constant"):
        assert f".loss-graph .{kind} rect{{fill:var(--{kind})" in STYLE
    assert "prefers-color-scheme:dark" in STYLE and STYLE in draw(parse(DQN))
    kinds = {kind for kind, *_ in boxes_of(drawn(DQN))}
    assert kinds == {"input", "loss", "op"} and "constant" in {kind for kind, *_ in boxes_of(drawn("0.3 * max(q(online, s))"))}


def contrast(one: str, other: str) -> float:
    """Of WCAG 2."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_argument_order_is_marked_only_where_it_matters() -> None:
    assert [text for text in texts(drawn("q(online, s)[a] / r")) if text.isdigit()] == ["1", "2"]
    assert not [text for text in texts(drawn("max(q(online, s)[a], r) * r + r")) if text.isdigit()]
    assert sorted(text for text in texts(drawn("where(r > discount, q(online, s)[a], r)")) if text.isdigit()) == list("1234")


def test_no_program_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all not Graphviz."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "system", refuse)
    monkeypatch.setenv("PATH", "")
    assert draw(parse(DQN)).startswith("<svg")
