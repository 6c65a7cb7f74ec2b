"""A loss as an SVG drawing: no script, no Graphviz, readable on light and dark, with a tooltip on every box."""

from html import escape
from itertools import pairwise

from rlsearch.graph.graph import Graph
from rlsearch.graph.text import print_graph
from rlsearch.report.boxes import Box, Wire, boxes_and_wires
from rlsearch.report.dag_layout.layers import Edge
from rlsearch.report.dag_layout.layout import Layout, Point, Size, arrange
from rlsearch.report.dag_layout.widths import text_width

FONT = 15.0
SMALL = 10.0  # subscripts and argument numbers
WIRE_GAP = 15.0  # least distance between two wires that enter one box
ARROW = 6.0  # length of an arrow's head
LEAST_SCALE = 0.65  # a drawing shrinks to its page's width, down to this share of its own

STYLE = """
.loss-graph{font:15px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
--ink:#1a1d21;--op:#fff;--line:#59616b;--input:#dcebff;--input-line:#2f6fd0;--constant:#f1f2f4;--constant-line:#b8bec6;
--loss:#d8f5df;--loss-line:#1f8a46}
@media (prefers-color-scheme:dark){.loss-graph{--ink:#eceff3;--op:#22272e;--line:#98a2ae;--input:#14305a;
--input-line:#6ea8ff;--constant:#2c323a;--constant-line:#59616b;--loss:#123f22;--loss-line:#4cc774}}
@media print{.loss-graph{--ink:#000;--op:#fff;--line:#444;--input:#dcebff;--input-line:#2f6fd0;--constant:#f1f2f4;
--constant-line:#999;--loss:#d8f5df;--loss-line:#1f8a46}}
.loss-graph text{fill:var(--ink);text-anchor:middle}
.loss-graph .small{font-size:10px}
.loss-graph rect{stroke-width:1.3}
.loss-graph .op rect{fill:var(--op);stroke:var(--line)}
.loss-graph .input rect{fill:var(--input);stroke:var(--input-line)}
.loss-graph .constant rect{fill:var(--constant);stroke:var(--constant-line)}
.loss-graph .loss rect{fill:var(--loss);stroke:var(--loss-line);stroke-width:2}
.loss-graph .wire{fill:none;stroke:var(--line);stroke-width:1.3}
.loss-graph .many{stroke-width:3}
.loss-graph .cut{stroke-dasharray:5 4}
.loss-graph .head{fill:var(--line)}
""".replace("\n", "")
LEGEND = (
    "Solid: the gradient flows back along this edge; dashed: it does not. Thick: one number per action. "
    "Numbers: which argument of an op whose order matters."
)


def draw(graph: Graph) -> str:
    """A drawing of the loss as SVG, from its inputs on the left to the loss on the right."""
    boxes, wires = boxes_and_wires(graph)
    sizes = [box_size(box, wires, index) for index, box in enumerate(boxes)]
    layout = arrange(sizes, [Edge(wire.source, wire.target) for wire in wires])
    drawn = [_wire(wire, path) for wire, path in zip(wires, layout.paths, strict=True)]
    drawn += [_box(box, layout.centres[index], sizes[index]) for index, box in enumerate(boxes)]
    drawn += [_number(wire, path) for wire, path in zip(wires, layout.paths, strict=True) if boxes[wire.target].ordered]
    return _svg(graph, layout, drawn)


def _svg(graph: Graph, layout: Layout, drawn: list[str]) -> str:
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    text = escape(print_graph(graph))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="loss-graph" role="img" aria-label="Graph of a loss: {text}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;min-width:{LEAST_SCALE * layout.width:.0f}px;height:auto">'
        f"<title>{text}</title><desc>{LEGEND}</desc><style>{STYLE}</style>{''.join(drawn)}</svg>"
    )


def _parts(label: str) -> tuple[str, str, str]:
    """A label in three: what comes before its subscript, the subscript, and the rest: `Q_target_old(s′, ·)`."""
    head, underscore, tail = label.partition("_")
    end = next((k for k, char in enumerate(tail) if not (char.isalnum() or char == "_")), len(tail)) if underscore else 0
    return head, tail[:end].replace("_", " "), tail[end:]


def box_size(box: Box, wires: list[Wire], index: int) -> Size:
    """The size of a box that holds its label, and keeps the wires that enter it apart."""
    head, below, tail = _parts(box.label)
    width = text_width(head + tail, FONT) + text_width(below, SMALL)
    entries = sum(wire.target == index for wire in wires)
    small = box.kind == "constant" or (box.kind == "input" and not below)
    height = max(22.0 if small else 34.0, entries * WIRE_GAP + 4)
    return Size(max(width + 16 + (2 * SMALL if box.ordered else 0), height), height)


def _box(box: Box, centre: Point, size: Size) -> str:
    x, y = centre.x - size.width / 2, centre.y - size.height / 2
    round_ = size.height / 2 if box.kind in ("input", "constant", "loss") else 5
    head, below, tail = (escape(part) for part in _parts(box.label))
    if below:
        head += f'<tspan class="small" dy="4">{below}</tspan><tspan dy="-4">{tail}</tspan>'
    shift = SMALL / 2 if box.ordered else 0
    return (
        f'<g class="{box.kind}"><title>{escape(box.doc)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size.width:.1f}" height="{size.height:.1f}" rx="{round_:.0f}"/>'
        f'<text x="{centre.x + shift:.1f}" y="{centre.y + 0.34 * FONT:.1f}">{head}</text></g>'
    )


def _wire(wire: Wire, path: tuple[Point, ...]) -> str:
    """The path of a wire: straight across columns, an S between them."""
    steps = [f"M{path[0].x:.1f} {path[0].y:.1f}"]
    for k, (start, end) in enumerate(pairwise(path)):
        if k == len(path) - 2:
            end = Point(end.x - ARROW, end.y)
        if start.y == end.y:
            steps.append(f"H{end.x:.1f}")
        else:
            middle = (start.x + end.x) / 2
            steps.append(f"C{middle:.1f} {start.y:.1f} {middle:.1f} {end.y:.1f} {end.x:.1f} {end.y:.1f}")
    kinds = ["wire", *(["many"] if wire.many else []), *([] if wire.gradient else ["cut"])]
    tip = path[-1]
    return (
        f'<path class="{" ".join(kinds)}" d="{"".join(steps)}"/>'
        f'<path class="head" d="M{tip.x:.1f} {tip.y:.1f}l{-ARROW - 1:g} -4v8z"/>'
    )


def _number(wire: Wire, path: tuple[Point, ...]) -> str:
    x, y = path[-1].x + 0.8 * SMALL, path[-1].y + 0.36 * SMALL
    return f'<text class="small" x="{x:.1f}" y="{y:.1f}">{wire.position}</text>'
