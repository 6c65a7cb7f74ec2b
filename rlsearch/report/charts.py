"""The charts of a report, as inline SVG. Colours are the page's classes `series-0` (the pick), `series-1`, ..."""

from collections.abc import Sequence

from markupsafe import Markup

from rlsearch.report.axes import Scale, line, number, polyline, score_scale, svg, text, tooltip
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.view import Estimate, Fate, LossInEnvironment

WIDTH = 340.0
SERIES = 6  # colours there are; further losses take the last one
ROW = 22.0
FONT = 12.0


def series(place: int) -> str:
    """The colour class of the pick (0) or of the known loss of this place (from 1)."""
    return f"series-{min(place, SERIES - 1)}"


def words(estimate: Estimate) -> str:
    """`0.810 [0.760, 0.850], 10 seeds`; one seed has no interval."""
    if estimate.seeds < 2:
        return f"{estimate.mean:.3f}, one seed: no interval"
    return f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}], {estimate.seeds} seeds"


def dots(title: str, rows: Sequence[tuple[str, Estimate]], width: float = WIDTH) -> Markup:
    """One row for each loss: its mean as a dot on its 95 % interval."""
    left = 14.0 + max(text_width(name, FONT) for name, _ in rows)
    bottom = ROW * len(rows) + 4
    x = score_scale([value for _, e in rows for value in (e.low, e.mean, e.high)], left, width - 12)
    parts = []
    for tick in x.ticks():
        parts += [line(x(tick), 0, x(tick), bottom, "grid"), text(x(tick), bottom + 14, number(tick), "middle dim")]
    for place, (name, estimate) in enumerate(rows):
        y = ROW * (place + 0.5) + 2
        parts += [
            text(left - 10, y + 4, name, "end"),
            Markup('<g class="{}">{}{}<circle cx="{:.1f}" cy="{:.1f}" r="4.5"/></g>').format(
                series(place),
                tooltip(f"{name}: {words(estimate)}"),
                line(x(estimate.low), y, x(estimate.high), y, "interval"),
                x(estimate.mean),
                y,
            ),
        ]
    return svg(width, bottom + 20, title, parts)


def curves(title: str, losses: Sequence[LossInEnvironment], steps: int) -> Markup:
    """Learning curves: mean over seeds in each equal share of training."""
    left, right, top, bottom = 38.0, WIDTH - 12, 8.0, 132.0
    y = score_scale([value for loss in losses for value in loss.curve], bottom, top)
    x = Scale(0, max(steps, 1), left, right)
    parts = frame(x, y, left, right, bottom, "environment steps")
    for place, loss in reversed(list(enumerate(losses))):
        shares = len(loss.curve)
        points = [(x(steps * (k + 0.5) / shares), y(value)) for k, value in enumerate(loss.curve)]
        parts.append(Markup('<g class="{}">{}{}</g>').format(series(place), tooltip(loss.name), polyline(points, "curve")))
    return svg(WIDTH, bottom + 34, title, parts)


def steps(title: str, progress: Sequence[tuple[int, float]], proposals: int, width: float = 2 * WIDTH) -> Markup:
    """The best score so far over proposals."""
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
    """Grid lines and numbers around a curve, and what runs along the axis below."""
    parts = []
    for tick in y.ticks():
        parts += [line(left, y(tick), right, y(tick), "grid"), text(left - 6, y(tick) + 4, number(tick), "end dim")]
    parts += [text(x(tick), bottom + 15, number(tick), "middle dim") for tick in x.ticks()]
    return [*parts, text((left + right) / 2, bottom + 30, below, "middle dim")]


def shares(title: str, fates: Sequence[Fate], width: float = 2 * WIDTH) -> Markup:
    """One bar, cut by what became of the proposals."""
    total = sum(fate.count for fate in fates)
    x = Scale(0, total, 0, width)
    parts, before = [], 0
    for place, fate in enumerate(fates):
        start, end = x(before), x(before + fate.count)
        before += fate.count
        parts.append(
            Markup('<rect x="{:.1f}" y="0" width="{:.1f}" height="26" class="fate-{}">{}</rect>').format(
                start, max(end - start - 1, 0.5), place % 8, tooltip(f"{fate.name}: {fate.count:,}")
            )
        )
    return svg(width, 26, title, parts)
