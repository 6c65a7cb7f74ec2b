"""Parts of every chart: scales, ticks, short numbers, and the SVG around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Scale:
    """A linear map from values to positions."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The position of a value, kept inside the chart."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, wanted: int = 4) -> list[float]:
        """About so many round values inside the scale."""
        rough = (self.high - self.low) / wanted
        unit = 10.0 ** floor(log10(rough))
        step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough * 0.999)
        first = -floor(-self.low / step * (1 - 1e-9))
        return [k * step for k in range(first, floor(self.high / step + 1e-9) + 1)]


def score_scale(values: Sequence[float], start: float, end: float) -> Scale:
    """A scale for scores, which shows at least 0 to 1."""
    finite = [value for value in values if isfinite(value)]
    return Scale(min([0.0, *finite]), max([1.0, *finite]), start, end)


def short_number(value: float) -> str:
    """A count or a tick in few characters: 0.5, 1.5k, 2M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def svg(width: float, height: float, title: str, parts: Sequence[Markup], kind: str = "chart") -> Markup:
    """A chart as SVG; its title is what a screen reader says, its kind the class that styles it."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{4}" role="img" aria-label="{0}" viewBox="0 0 {1:.0f} {2:.0f}" '
        'width="{1:.0f}" height="{2:.0f}"><title>{0}</title>{3}</svg>'
    ).format(title, width, height, Markup("").join(parts), kind)


def text(x: float, y: float, words: str, kind: str = "") -> Markup:
    """Words at a position; `kind` is a class: end, middle, dim."""
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}">{}</text>').format(x, y, kind, words)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, kind)


def polyline(points: Sequence[tuple[float, float]], kind: str) -> Markup:
    """Joined points; those that are not numbers are left out."""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points if isfinite(y))
    return Markup('<polyline points="{}" class="{}"/>').format(joined, kind)


def tooltip(words: str) -> Markup:
    """Words that a browser shows while the pointer rests on the element around them."""
    return Markup("<title>{}</title>").format(escape(words))
