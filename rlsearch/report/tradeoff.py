"""The chart of confirmed score against size: the front as stairs, the pick and the known losses by name."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from rlsearch.analysis.result import Ranking
from rlsearch.evaluation.statistics import Interval
from rlsearch.report.axes import Scale, line, polyline, score_scale, svg, text, tooltip
from rlsearch.report.charts import FONT, WIDTH, frame, series
from rlsearch.report.dag_layout.widths import text_width
from rlsearch.report.intervals import ends

TOP, BOTTOM, LEFT, RIGHT = 10.0, 240.0, 38.0, 2 * WIDTH - 12
DOT_GAP = 9.0  # between dots of one size
LABEL_GAP = 13.0  # between names


class _Dot(NamedTuple):
    name: str  # beside the dot; "" for none
    about: str
    kind: str
    size: int
    score: Interval


def tradeoff(title: str, ranking: Ranking) -> Markup:
    """The chart of score against size, of everything that was confirmed."""
    dots = _dots(ranking)
    low, largest = max(min(dot.size for dot in dots) - 1, 0), max(dot.size for dot in dots)
    room = DOT_GAP * sum(dot.size == largest for dot in dots) + max(text_width(dot.name, FONT) for dot in dots)
    x = Scale(low, max(largest, low + 4), LEFT, RIGHT - room)
    y = score_scale([end for dot in dots for end in ends(dot.score)], BOTTOM, TOP)
    parts = [*frame(x, y, LEFT, RIGHT, BOTTOM, "size, in ops"), polyline(_stairs(ranking, x, y), "stairs")]
    columns = _columns(dots, x)
    for dot, at in zip(dots, columns, strict=True):
        low_end, high_end = ends(dot.score)
        parts.append(
            Markup('<g class="{}">{}{}<circle cx="{:.1f}" cy="{:.1f}" r="{}"/></g>').format(
                dot.kind,
                tooltip(f"{dot.about}: {dot.size} ops, {dot.score}"),
                line(at, y(low_end), at, y(high_end), "interval"),
                at,
                y(dot.score.mean),
                4.5 if dot.name else 3.5,
            )
        )
    return svg(2 * WIDTH, BOTTOM + 34, title, [*parts, *_labels(dots, columns, y)])


def _dots(ranking: Ranking) -> list[_Dot]:
    """The classes in the order of the front, which so stands on its stairs, then the pick, then the rest."""
    classes = sorted(ranking.top, key=lambda entry: (not entry.on_front, not entry.is_pick))
    dots = [
        _Dot("pick", f"pick, {entry.key[:10]}", series(0), entry.size, entry.confirmed.score)
        if entry.is_pick
        else _Dot("", entry.key[:10], "other", entry.size, entry.confirmed.score)
        for entry in classes
        if entry.confirmed
    ]
    scored = [(name, known, known.confirmed.score) for name, known in ranking.baselines.items() if known.confirmed]
    named = [
        _Dot(name, name, series(index), known.size, score) for index, (name, known, score) in enumerate(scored, 1) if known.text
    ]
    return dots + named


def _stairs(ranking: Ranking, x: Scale, y: Scale) -> list[tuple[float, float]]:
    """The corners of the best score that so many ops reach."""
    corners: list[tuple[float, float]] = []
    for entry in ranking.front:
        if entry.confirmed:
            at, up = x(entry.size), y(entry.confirmed.score.mean)
            corners += [(at, corners[-1][1]), (at, up)] if corners else [(at, up)]
    return [*corners, (RIGHT, corners[-1][1])]


def _columns(dots: Sequence[_Dot], x: Scale) -> list[float]:
    """The x of each dot: those of one size side by side, the first at the size itself."""
    seen: dict[int, int] = {}
    crowd = max(sum(other.size == dot.size for other in dots) for dot in dots)
    step = min(DOT_GAP, 0.85 * (x(x.low + 1) - x(x.low)) / crowd)
    columns = []
    for dot in dots:
        columns.append(x(dot.size) + step * seen.get(dot.size, 0))
        seen[dot.size] = seen.get(dot.size, 0) + 1
    return columns


def _labels(dots: Sequence[_Dot], columns: Sequence[float], y: Scale) -> list[Markup]:
    """The names right of the dots of their size, from top to bottom, each moved down until it covers no other name."""
    beside: dict[int, float] = {}
    for dot, at in zip(dots, columns, strict=True):
        beside[dot.size] = max(at + 8, beside.get(dot.size, 0.0))
    taken: list[tuple[float, float, float]] = []
    labels = []
    for dot in sorted(dots, key=lambda dot: -dot.score.mean):
        if not dot.name:
            continue
        start, end, height = beside[dot.size], beside[dot.size] + text_width(dot.name, FONT), y(dot.score.mean) + 4
        while any(start < right and left < end and abs(height - other) < LABEL_GAP for left, right, other in taken):
            height += 1
        taken.append((start, end, height))
        labels.append(Markup('<g class="{}">{}</g>').format(dot.kind, text(start, height, dot.name, "name")))
    return labels
