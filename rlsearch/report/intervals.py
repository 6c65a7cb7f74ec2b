"""Intervals in reports: a single seed has none, so its mean is drawn alone and said to be alone."""

from rlsearch.evaluation.statistics import Interval


def ends(interval: Interval) -> tuple[float, float]:
    """The ends of an interval to draw; its mean as both if it has none."""
    mean, low, high = interval.mean, interval.low, interval.high
    return mean if low is None else low, mean if high is None else high


def interval_text(interval: Interval) -> str:
    """An interval in words: `0.810 [0.760, 0.850], 10 seeds`; one seed has none."""
    if interval.n < 2:
        return f"{interval.mean:.3f}, one seed: no interval"
    low, high = ends(interval)
    return f"{interval.mean:.3f} [{low:.3f}, {high:.3f}], {interval.n} seeds"
