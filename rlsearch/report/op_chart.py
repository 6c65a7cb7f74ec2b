"""An op as an SVG: its value along each argument and the derivative beside it, every point computed from its facets."""

from markupsafe import Markup

from rlsearch.errors import RlsearchError
from rlsearch.op import Op
from rlsearch.report.axes import Scale, polyline, svg, text, tooltip
from rlsearch.report.charts import WIDTH, frame
from rlsearch.report.op_slices import Curve, Slice, pieces, slices

POINTS = 241
LEFT, TOP, BOTTOM, BELOW = 46.0, 40.0, 172.0, 40.0  # of a chart within its row
HEAD_HEIGHT = 44.0

STYLE = """
.op-chart{--ink:#1a1d21;--dim:#5a626c;--rule:#dfe3e8;--value:#0b62c9;--slope:#b4540a}
@media (prefers-color-scheme:dark){.op-chart{--ink:#e8ebef;--dim:#9aa4b0;--rule:#333a43;--value:#6aaaff;--slope:#f2a25c}}
.op-chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
.op-chart .head{font-size:14px;font-weight:600}
.op-chart .dim{fill:var(--dim);font-size:11px}
.op-chart .end{text-anchor:end}
.op-chart .middle{text-anchor:middle}
.op-chart .grid{stroke:var(--rule)}
.op-chart .curve{fill:none;stroke:var(--c);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.op-chart circle{fill:var(--c)}
.op-chart .value{--c:var(--value)}
.op-chart .slope{--c:var(--slope)}
""".replace("\n", "")


def op_chart(op: Op) -> Markup:
    """The chart of an op, one row for each argument that can move.

    Raises:
        RlsearchError: the op is no function of numbers.
    """
    cuts = slices(op)
    if not cuts:
        raise RlsearchError(f"'{op.name}' has no picture: a network computes it before the loss runs; draw another op")
    row = BOTTOM + BELOW
    parts = [Markup("<style>{}</style>").format(Markup(STYLE)), text(4, 18, f"{op.name}({', '.join(op.args)})", "head")]
    parts.append(text(4, 36, op.doc, "dim"))
    for index, cut in enumerate(cuts):
        charts = [
            text(4, 16, cut.result + (f", {cut.held}" if cut.held else ""), "dim"),
            _chart(cut, cut.value, "value", "value"),
        ]
        slope = f"d/d{cut.arg}"
        if cut.derivative is None:
            charts.append(text(WIDTH + LEFT, (TOP + BOTTOM) / 2, f"{slope}: no gradient", "dim"))
        else:
            moved = Markup('<g transform="translate({:.0f} 0)">{}</g>')
            charts.append(moved.format(WIDTH, _chart(cut, cut.derivative, slope, "slope")))
        parts.append(
            Markup('<g transform="translate(0 {:.0f})">{}</g>').format(HEAD_HEIGHT + index * row, Markup("").join(charts))
        )
    return svg(2 * WIDTH, HEAD_HEIGHT + len(cuts) * row, f"{op.name}: value and derivative", parts, "op-chart")


def _chart(cut: Slice, curve: Curve, name: str, kind: str) -> Markup:
    """One curve in its frame; a lone point between two jumps is a dot."""
    runs = pieces(curve, cut.grid(POINTS))
    values = [value for run in runs for _, value in run]
    low, high = min(values), max(values)
    room = 0.06 * (high - low) if high - low > 1e-9 * max(abs(low), abs(high), 1.0) else 1.0
    x, y = Scale(cut.low, cut.high, LEFT, WIDTH - 14), Scale(low - room, high + room, BOTTOM, TOP)
    drawn = [
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="2.6"/>').format(x(run[0][0]), y(run[0][1]))
        if len(run) == 1
        else polyline([(x(at), y(value)) for at, value in run], "curve")
        for run in runs
    ]
    inside = Markup('<g class="{}">{}{}</g>').format(kind, tooltip(f"{name}; {cut.result}"), Markup("").join(drawn))
    return Markup("").join([*frame(x, y, LEFT, WIDTH - 14, BOTTOM, cut.arg), text(LEFT, TOP - 8, name), inside])
