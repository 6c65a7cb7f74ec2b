"""The verdict's word on a difference."""

from enum import StrEnum

from rlsearch.evaluation.statistics.interval import FEW


class Verdict(StrEnum):
    """The words that a difference can earn."""

    BETTER = "better"
    WORSE = "worse"
    TOO_FEW = "too few to tell"


def verdict(low: float | None, high: float | None, n: int) -> Verdict:
    """The word on a difference from its bounds: better above 0, worse below 0; none of both below six replicates.

    Args:
        low, high: of an interval or of simultaneous bounds; None where that side is unknown.
        n: replicates behind them: seeds, or families where the bounds are for new environments.
    """
    if n >= FEW and low is not None and low > 0.0:
        return Verdict.BETTER
    if n >= FEW and high is not None and high < 0.0:
        return Verdict.WORSE
    return Verdict.TOO_FEW
