"""A comparison as one SVG for other programs: the mean of each loss in each environment on its 95 % interval."""

from markupsafe import Markup

from rlsearch.evaluation.comparison import Comparison
from rlsearch.report.axes import svg, text
from rlsearch.report.charts import COLOURS, ROW_HEIGHT, WIDTH, interval_chart

HEAD_HEIGHT, GAP = 26.0, 18.0
CHART_WIDTH = 2 * WIDTH
INK, DIM, RULE = "#1a1d21", "#5a626c", "#dfe3e8"
SERIES = ("#0b62c9", "#b4540a", "#0f7b5f", "#9a3d8c", "#7a6a00", "#6b7280")

# Colours as they are: programs other than browsers know no variables.
STYLE = "".join(
    [
        f"text{{font:12px system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:{INK}}}",
        f".head{{font-size:14px;font-weight:600}}.dim{{fill:{DIM};font-size:11px}}",
        ".end{text-anchor:end}.middle{text-anchor:middle}",
        f".grid{{stroke:{RULE}}}.interval{{stroke-width:2}}",
        *(f".series-{k} .interval{{stroke:{SERIES[k]}}}.series-{k} circle{{fill:{SERIES[k]}}}" for k in range(COLOURS)),
    ]
)


def comparison_chart(found: Comparison) -> Markup:
    """The chart of a comparison: its mean score over training, in a row for each environment and one for all of them."""
    parts, y = [Markup("<style>{}</style>").format(Markup(STYLE))], 4.0
    for env in (*found.envs, *([None] if len(found.envs) > 1 else [])):
        rows = [(row.loss, row.score) for row in found.summaries if row.measure == "area" and row.env == env]
        chart = interval_chart(env or "all", rows, CHART_WIDTH)
        move = Markup('<g transform="translate(0 {:.0f})">{}{}</g>')
        moved = Markup('<g transform="translate(0 {:.0f})">{}</g>').format(HEAD_HEIGHT, chart)
        parts.append(move.format(y, text(4, 16, env or "all environments", "head"), moved))
        y += HEAD_HEIGHT + ROW_HEIGHT * len(rows) + 24 + GAP
    parts.append(
        text(4, y, "mean normalised return over training; 0: random policy, 1: best known; 95 % intervals over seeds", "dim")
    )
    return svg(CHART_WIDTH, y + 10, f"{', '.join(found.losses)} side by side", parts, "comparison")
