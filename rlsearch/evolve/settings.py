"""The settings of a search, apart from its grammar."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Settings of a search.

    Attributes:
        population, tournament, fresh, extend, in_flight, mutations, restart_after: see the space's `evolution` section.
        strategy: one of `strategies.STRATEGIES`.
        equivalence: when two losses count as the same: `gradient` or `direction`.
        enumerate_ops: every loss of up to so many ops is proposed before evolution begins; 0 for none.
    """

    population: int
    tournament: int
    fresh: float
    extend: float
    in_flight: int
    mutations: Mapping[str, float]
    restart_after: float
    strategy: str
    equivalence: str
    enumerate_ops: int
