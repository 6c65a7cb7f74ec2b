"""Progress of a search, the record that callbacks are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rlsearch.evaluation.trial import TrialRow
from rlsearch.evolve.class_scores import ClassScore
from rlsearch.evolve.proposal import Proposal


@dataclass(frozen=True)
class Progress:
    """The progress of a search, reported after every applied proposal and every confirmation trial.

    Attributes:
        phase: `search` or `confirm`.
        proposals: applied so far; statuses: how many of each.
        trials, steps: training runs and environment steps.
        seconds: of search.
        share: of the budget, or of the confirmation, 0 to 1.
        best_text, best_score, best_rung: the class that got furthest; improved_at: the proposal that brought it.
    """

    phase: str = "search"
    proposals: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    trials: int = 0
    steps: int = 0
    seconds: float = 0.0
    share: float = 0.0
    best_text: str = ""
    best_score: float = 0.0
    best_rung: int = 0
    improved_at: int = 0

    def after(
        self,
        proposal: Proposal,
        trials: Sequence[TrialRow],
        standing: ClassScore | None,
        text: str,
        seconds: float,
        share: float,
    ) -> "Progress":
        """The progress with one more proposal applied: its trials, where its class stands after them, and the class's text."""
        told = replace(
            self,
            proposals=proposal.index + 1,
            statuses={**self.statuses, proposal.status: self.statuses.get(proposal.status, 0) + 1},
            trials=self.trials + len(trials),
            steps=self.steps + sum(trial.steps for trial in trials),
            seconds=seconds,
            share=share,
        )
        if standing is None or (standing.rung, standing.mean) <= (self.best_rung, self.best_score):
            return told
        return replace(told, best_text=text, best_score=standing.mean, best_rung=standing.rung, improved_at=proposal.index)


OnProgress = Callable[[Progress], None]
OnMessage = Callable[[str], None]  # told what takes a while, and what must be known
