"""The state of a confirmation, read off a journal: the fresh seeds that were planned, and those that every loss has met."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.trial import TrialRow
from rlsearch.space.load import Space

LEAST_SEEDS = 2  # of a confirmed score: one chooses, one reports


@dataclass(frozen=True)
class ConfirmationState:
    """The state of a confirmation.

    Attributes:
        planned: fresh seeds of each loss and environment; 0 if no confirmation is asked for.
        losses: names of what is to meet them; none if no class passed the first rung.
        seeds: numbers of those that every one of the losses has met in every environment.
        begun: whether the search has come to it; not known of a run of an earlier version, and then False.
    """

    planned: int
    losses: tuple[str, ...]
    seeds: tuple[int, ...]
    begun: bool

    @property
    def met(self) -> int:
        """The number of seeds that all losses have met."""
        return len(self.seeds)

    @property
    def choosing(self) -> int:
        """The number of seeds that choose the pick: half of them, rounded down."""
        return self.met // 2 if self.met >= LEAST_SEEDS else 0

    @property
    def reporting(self) -> int:
        """The number of seeds that give the reported scores."""
        return self.met - self.choosing if self.met >= LEAST_SEEDS else 0

    @property
    def is_empty(self) -> bool:
        """True if there was nothing to confirm."""
        return self.begun and self.planned > 0 and not self.losses

    @property
    def is_short(self) -> bool:
        """True if it has met fewer seeds than were planned, for whatever it had to confirm."""
        return self.met < self.planned and not self.is_empty


def confirmation_state(metadata: Mapping[str, Any], found: Mapping[str, Sequence[TrialRow]], space: Space) -> ConfirmationState:
    """The state of a run's confirmation.

    Args:
        metadata: the journal's; its `confirmation` says what was planned when the search came to it.
        found: the journal's confirmation trials by loss.
        space: as the run has it.
    """
    plan = metadata.get("confirmation")
    names = plan["losses"] if plan else [*space.baselines, *(name for name in found if name.startswith("#"))]
    envs = len(environments_of(space))
    complete = [
        {seed for seed, trials in Counter(row.seed_index for row in found.get(name, ())).items() if trials == envs}
        for name in names
    ]
    common = sorted(set.intersection(*complete)) if complete else []
    return ConfirmationState(plan["seeds"] if plan else space.confirm.seeds, tuple(names), tuple(common), bool(plan))
