"""Budgets of a search, the clock that counts them, and the request to end earlier."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from rlsearch.errors import SpaceError

MINUTES = 10.0  # of a search that was given no budget
# What trials under way get, once it is time to stop.
STOP_GRACE_S = 2.0  # when somebody waits
LEAST_GRACE_S, GRACE_SHARE = 5.0, 0.05  # when minutes are over: seconds at least, or a share of the minutes


@dataclass(frozen=True)
class Budget:
    """The budget of a search: minutes (confirmation included) or proposals, both counted from the run's beginning."""

    minutes: float | None = None
    proposals: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("minutes", self.minutes), ("proposals", self.proposals)):
            if value is None:
                continue
            if not isinstance(value, int | float) or not (math.isfinite(value) and value > 0):
                raise SpaceError(f"--{name} is {value}; allowed: a finite number above 0")
        if (self.minutes is None) == (self.proposals is None):
            raise SpaceError("a budget is either --minutes or --proposals; type one of them")


@dataclass
class Stop:
    """A request to end soon: what is under way gets a moment to finish and is written, then the search stops, to be resumed.

    Attributes:
        asked: set by whoever wants that, such as a signal's handler, while the search runs.
        heeded: set by the search, from when on it looks at `asked`; before that there is nothing to finish.
    """

    asked: bool = False
    heeded: bool = False


class Clock:
    """A stopwatch of a budget: the time spent, in this session and before, and when to stop."""

    def __init__(self, budget: Budget, seconds_before: float, stop: Stop) -> None:
        self.stop, self._budget, self._before = stop, budget, seconds_before
        self._started = time.monotonic()

    def restart(self) -> None:
        """Forget what this session has taken so far."""
        self._started = time.monotonic()

    def seconds(self) -> float:
        """The seconds of searching, in this session and before."""
        return self._before + time.monotonic() - self._started

    def share_spent(self, proposals: int) -> float:
        """The share of the budget that is spent when so many proposals are applied."""
        if self._budget.proposals is not None:
            return proposals / self._budget.proposals
        assert self._budget.minutes is not None
        return self.seconds() / (60 * self._budget.minutes)

    def stops_after(self, share: float) -> Callable[[], bool]:
        """A function that is true when it is time to stop: after a share of the minutes, if any, or when asked to."""
        seconds = math.inf if self._budget.minutes is None else 60 * self._budget.minutes * share
        return lambda: self.stop.asked or self.seconds() >= seconds

    def grace_s(self) -> float:
        """The seconds that trials under way get, once it is time to stop."""
        if self.stop.asked:
            return STOP_GRACE_S
        return max(LEAST_GRACE_S, GRACE_SHARE * 60 * self._budget.minutes) if self._budget.minutes is not None else math.inf
