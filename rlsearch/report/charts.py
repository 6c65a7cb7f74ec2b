"""The charts of a report, as inline SVG. Colours are the page's classes `series-0` (the pick), `series-1`, ..."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from rlsearch.evaluation.statistics import Interval
from rlsearch.report.axes import Scale, line, polyline, score_scale, short_number, svg, text, tooltip
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.intervals import ends
from rlsearch.report.run_report import LossInEnvironment

WIDTH = 340.0
COLOURS = 6  # of series, as base.html.j2 has them; further losses take the last one
OUTCOME_COLOURS = 8  # likewise; further outcomes begin again
ROW_HEIGHT = 22.0
FONT = 12.0


def series(index: int) -> str:
    """The colour class of the pick (0) or of a known loss (from 1)."""
    return f"series-{min(index, COLOURS - 1)}"


def interval_chart(title: str, rows: Sequence[tuple[str, Interval]], width: float = WIDTH) -> Markup:
    """A chart with one row for each loss: its mean as a dot on its 95 % interval."""
    left = 14.0 + max(text_width(name, FONT) for name, _ in rows)
    bottom = ROW_HEIGHT * len(rows) + 4
    x = score_scale([value for _, interval in rows for value in (*ends(interval), interval.mean)], left, width - 12)
    parts = []
    for tick in x.ticks():
        parts += [line(x(tick), 0, x(tick), bottom, "grid"), text(x(tick), bottom + 14, short_number(tick), "middle dim")]
    for index, (name, interval) in enumerate(rows):
        y, (low, high) = ROW_HEIGHT * (index + 0.5) + 2, ends(interval)
        parts += [
            text(left - 10, y + 4, name, "end"),
            Markup('<g class="{}">{}{}<circle cx="{:.1f}" cy="{:.1f}" r="4.5"/></g>').format(
                series(index),
                tooltip(f"{name}: {interval}"),
                line(x(low), y, x(high), y, "interval"),
                x(interval.mean),
                y,
            ),
        ]
    return svg(width, bottom + 20, title, parts)


def learning_curves(title: str, losses: Sequence[LossInEnvironment], steps: int) -> Markup:
    """A chart of the mean over seeds in each equal share of so many environment steps."""
    left, right, top, bottom = 38.0, WIDTH - 12, 8.0, 132.0
    y = score_scale([value for loss in losses for value in loss.curve], bottom, top)
    x = Scale(0, max(steps, 1), left, right)
    parts = frame(x, y, left, right, bottom, "environment steps")
    for index, loss in reversed(list(enumerate(losses))):
        bins = len(loss.curve)
        points = [(x(steps * (k + 0.5) / bins), y(value)) for k, value in enumerate(loss.curve)]
        parts.append(Markup('<g class="{}">{}{}</g>').format(series(index), tooltip(loss.name), polyline(points, "curve")))
    return svg(WIDTH, bottom + 34, title, parts)


def progress_chart(title: str, progress: Sequence[tuple[int, float]], proposals: int, width: float = 2 * WIDTH) -> Markup:
    """A chart of the best score so far over proposals."""
    left, right, top, bottom = 38.0, width - 12, 8.0, 140.0
    y = score_scale([score for _, score in progress], bottom, top)
    x = Scale(0, max(proposals, 1), left, right)
    points = [(x(progress[0][0]), y(progress[0][1]))]
    for index, score in progress[1:]:
        points += [(x(index), points[-1][1]), (x(index), y(score))]
    points.append((x(proposals), points[-1][1]))
    marks = [
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3">{}</circle>').format(
            x(index), y(score), tooltip(f"{index:,}: {score:.3f}")
        )
        for index, score in progress
    ]
    drawn = Markup('<g class="series-0">{}{}</g>').format(polyline(points, "curve"), Markup("").join(marks))
    return svg(width, bottom + 34, title, [*frame(x, y, left, right, bottom, "proposals"), drawn])


def frame(x: Scale, y: Scale, left: float, right: float, bottom: float, below: str) -> list[Markup]:
    """The grid lines and numbers around a curve, and the name of the axis below."""
    parts = []
    for tick in y.ticks():
        parts += [line(left, y(tick), right, y(tick), "grid"), text(left - 6, y(tick) + 4, short_number(tick), "end dim")]
    parts += [text(x(tick), bottom + 15, short_number(tick), "middle dim") for tick in x.ticks()]
    return [*parts, text((left + right) / 2, bottom + 30, below, "middle dim")]


def outcome_bar(title: str, outcomes: Mapping[str, int], width: float = 2 * WIDTH) -> Markup:
    """A bar of all proposals, cut by their outcomes."""
    x = Scale(0, sum(outcomes.values()), 0, width)
    parts, before = [], 0
    for index, (name, count) in enumerate(outcomes.items()):
        start, end = x(before), x(before + count)
        before += count
        parts.append(
            Markup('<rect x="{:.1f}" y="0" width="{:.1f}" height="26" class="outcome-{}">{}</rect>').format(
                start, max(end - start - 1, 0.5), index % OUTCOME_COLOURS, tooltip(f"{name}: {count:,}")
            )
        )
    return svg(width, 26, title, parts)
