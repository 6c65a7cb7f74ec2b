"""How long a search may take, and how it is told to end earlier."""

import math
from dataclasses import dataclass

from rlsearch.errors import SpaceError

MINUTES = 10.0  # of a search that was given no budget


@dataclass(frozen=True)
class Budget:
    """How long to search: minutes (confirmation included) or proposals, both counted from the run's beginning."""

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
    """A request to end soon: what is under way is finished and written, then the search stops, to be resumed.

    Set by whoever wants that, such as a signal's handler, while the search runs.
    """

    asked: bool = False
