"""The chart of what size buys: confirmed score against size, the front as stairs, the pick and the known losses by name."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from rlsearch.report.axes import Scale, line, polyline, score_scale, svg, text, tooltip
from rlsearch.report.charts import FONT, WIDTH, frame, series, words
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.view import Estimate, ReportView

TOP, BOTTOM, LEFT, RIGHT = 10.0, 240.0, 38.0, 2 * WIDTH - 12
BESIDE = 9.0  # between dots of one size
LINE = 13.0  # between labels


class _Dot(NamedTuple):
    name: str  # beside the dot; "" for none
    about: str
    kind: str
    size: int
    score: Estimate


def tradeoff(title: str, view: ReportView) -> Markup:
    """Score against size of everything that was confirmed."""
    dots = _dots(view)
    low, largest = max(min(dot.size for dot in dots) - 1, 0), max(dot.size for dot in dots)
    room = BESIDE * sum(dot.size == largest for dot in dots) + max(text_width(dot.name, FONT) for dot in dots)
    x = Scale(low, max(largest, low + 4), LEFT, RIGHT - room)
    y = score_scale([end for dot in dots for end in (dot.score.low, dot.score.high)], BOTTOM, TOP)
    parts = [*frame(x, y, LEFT, RIGHT, BOTTOM, "size, in ops"), polyline(_stairs(view, x, y), "stairs")]
    places = _places(dots, x)
    for dot, at in zip(dots, places, strict=True):
        parts.append(
            Markup('<g class="{}">{}{}<circle cx="{:.1f}" cy="{:.1f}" r="{}"/></g>').format(
                dot.kind,
                tooltip(f"{dot.about}: {dot.size} ops, {words(dot.score)}"),
                line(at, y(dot.score.low), at, y(dot.score.high), "interval"),
                at,
                y(dot.score.mean),
                4.5 if dot.name else 3.5,
            )
        )
    return svg(2 * WIDTH, BOTTOM + 34, title, [*parts, *_labels(dots, places, y)])


def _dots(view: ReportView) -> list[_Dot]:
    """Classes in the order of the front, which so stands on its stairs, then the pick, then what else there is."""
    best = view.pick.hash if view.pick else ""
    classes = sorted(view.top, key=lambda entry: (not entry.on_front, entry.hash != best))
    dots = [
        _Dot("pick", f"pick, {entry.hash[:10]}", series(0), entry.size, entry.confirmed)
        if entry.hash == best
        else _Dot("", entry.hash[:10], "other", entry.size, entry.confirmed)
        for entry in classes
        if entry.confirmed
    ]
    scored = [known for known in view.baselines if known.score]
    named = [
        _Dot(known.name, known.name, series(place + 1), known.size, known.score)
        for place, known in enumerate(scored)
        if known.score and known.text
    ]
    return dots + named


def _stairs(view: ReportView, x: Scale, y: Scale) -> list[tuple[float, float]]:
    """Corners of the best score that so many ops reach."""
    corners: list[tuple[float, float]] = []
    for entry in view.front:
        if entry.confirmed:
            at, up = x(entry.size), y(entry.confirmed.mean)
            corners += [(at, corners[-1][1]), (at, up)] if corners else [(at, up)]
    return [*corners, (RIGHT, corners[-1][1])]


def _places(dots: Sequence[_Dot], x: Scale) -> list[float]:
    """Where dots stand from left to right: those of one size side by side, the first at the size itself."""
    seen: dict[int, int] = {}
    crowd = max(sum(other.size == dot.size for other in dots) for dot in dots)
    step = min(BESIDE, 0.85 * (x(x.low + 1) - x(x.low)) / crowd)
    places = []
    for dot in dots:
        places.append(x(dot.size) + step * seen.get(dot.size, 0))
        seen[dot.size] = seen.get(dot.size, 0) + 1
    return places


def _labels(dots: Sequence[_Dot], places: Sequence[float], y: Scale) -> list[Markup]:
    """Names right of the dots of their size, from top to bottom, each moved down until it covers no other name."""
    beside: dict[int, float] = {}
    for dot, at in zip(dots, places, strict=True):
        beside[dot.size] = max(at + 8, beside.get(dot.size, 0.0))
    taken: list[tuple[float, float, float]] = []
    labels = []
    for dot in sorted(dots, key=lambda dot: -dot.score.mean):
        if not dot.name:
            continue
        start, end, height = beside[dot.size], beside[dot.size] + text_width(dot.name, FONT), y(dot.score.mean) + 4
        while any(start < right and left < end and abs(height - other) < LINE for left, right, other in taken):
            height += 1
        taken.append((start, end, height))
        labels.append(Markup('<g class="{}">{}</g>').format(dot.kind, text(start, height, dot.name, "name")))
    return labels
