"""A reservoir of recorded batches: so many of each environment and each part of a training, whatever was recorded.

Of each stratum those with the lowest ranks are kept. Ranks are hashes, so these are a uniform sample of all that came, and the
same one in whatever order it came.
"""

from bisect import insort
from operator import attrgetter
from typing import NamedTuple

from rlsearch.regimes.batch import Batch

PARTS = 5  # of a training
PER_STRATUM = 8  # batches


class Recorded(NamedTuple):
    """A batch of a trial: its environment's name, the share of the training before it, and its rank, a hash."""

    env: str
    progress: float
    rank: int
    batch: Batch


class Reservoir:
    """The batches kept so far.

    Attributes:
        version: how often they changed.
    """

    def __init__(self) -> None:
        self.version = 0
        self._strata: dict[tuple[str, int], list[Recorded]] = {}

    def add(self, recorded: Recorded) -> None:
        """Keep a batch if its rank is among the lowest of its stratum; one that is held already changes nothing."""
        stratum = recorded.env, min(int(recorded.progress * PARTS), PARTS - 1)
        held = self._strata.setdefault(stratum, [])
        full = len(held) == PER_STRATUM
        if (full and recorded.rank > held[-1].rank) or any(one.rank == recorded.rank for one in held):
            return
        insort(held, recorded, key=attrgetter("rank"))
        del held[PER_STRATUM:]
        self.version += 1

    def batches(self, most: int) -> tuple[Batch, ...]:
        """So many batches, by stratum and rank: as many of each stratum, of too many strata those of the lowest ranks."""
        strata = [held for _, held in sorted(self._strata.items())]
        each = max(1, most // max(1, len(strata)))
        found = [recorded for held in strata for recorded in held[:each]]
        kept = {recorded.rank for recorded in sorted(found, key=attrgetter("rank"))[:most]}
        return tuple(recorded.batch for recorded in found if recorded.rank in kept)
