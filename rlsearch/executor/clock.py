"""A clock that stands still while its process does."""

import time

LOOK_S = 0.5  # between looks at work whose time is limited
MOST_S = 2.0  # that count of the time between two looks


class RunningClock:
    """A clock of the seconds in which this process has run.

    Whoever was stopped (Ctrl-Z), or is on a machine that slept, must not find that work took all that time: it slept as well.
    """

    def __init__(self) -> None:
        self._looked = time.monotonic()

    def passed_s(self) -> float:
        """The seconds since the last look, MOST_S at most."""
        before, self._looked = self._looked, time.monotonic()
        return min(self._looked - before, MOST_S)
