"""Intervals in reports: a single seed has none, so its mean is drawn alone and said to be alone."""

from rlsearch.evaluation.statistics import Interval


def ends(interval: Interval) -> tuple[float, float]:
    """The ends of an interval to draw; its mean as both if it has none."""
    mean, low, high = interval.mean, interval.low, interval.high
    return mean if low is None else low, mean if high is None else high
