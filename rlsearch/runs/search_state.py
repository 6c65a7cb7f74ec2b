"""The state of a search: a pure function of space, seed and rows so far, on whatever machine.

A search takes it on by training, a replay by what a journal holds.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from rlsearch.equivalence.reservoir import Recorded
from rlsearch.evaluation.confirmation import finalists
from rlsearch.evaluation.recording import batch_of, number
from rlsearch.evaluation.rungs import RungSchedule, rungs_for
from rlsearch.evaluation.scores import scores_by_rung
from rlsearch.evaluation.trial import TrialRow
from rlsearch.evolve.proposal import Proposal
from rlsearch.evolve.split import Split
from rlsearch.graph.genome import print_genome
from rlsearch.registry import regimes
from rlsearch.runs.run import Options, evolution_of
from rlsearch.space.load import Space
from rlsearch.store.journal import ProposalRow


class SearchState:
    """The proposals made and applied so far, in index order.

    Attributes:
        evolution: the algorithm, with everything that was applied.
        index: of the next proposal.
        applied: index of the last proposal that was applied; -1 before the first.
        pending: what was proposed and is not applied, the oldest first.
    """

    def __init__(self, space: Space, options: Options) -> None:
        self.space, self.options = space, options
        self.evolution = evolution_of(space, options)
        self.index, self.applied = 0, -1
        self.pending: deque[Proposal] = deque()

    @property
    def texts(self) -> Mapping[int, str]:
        """The text of each class's canonical form, by its index."""
        return self.evolution.texts

    @property
    def full(self) -> bool:
        """True if the oldest pending proposal must be applied first: proposal i is bred from what came up to i - in_flight."""
        return len(self.pending) >= self.space.evolution.in_flight

    def propose(self) -> Proposal | None:
        """Make one more proposal; None if an enumeration has none left."""
        proposal = self.evolution.propose(self.index)
        if proposal is None:
            return None
        self.pending.append(proposal)
        self.index += 1
        return proposal

    def schedule(self, proposal: Proposal) -> RungSchedule | None:
        """The training of the last proposal, by the bars that hold now; None if it earns none."""
        if not (rungs := rungs_for(self.space, self.evolution.class_scores, proposal)):
            return None
        text = self.texts[proposal.class_index]
        return RungSchedule(proposal.index, text, rungs, self.space, self.options.seed)

    def apply(self, trials: Sequence[TrialRow]) -> tuple[Split, ...]:
        """Apply the oldest pending proposal with its trials; returns the forms that are found to be of another class."""
        proposal = self.pending.popleft()
        self.applied = proposal.index
        recorded = self._recorded(proposal.index, trials)
        return self.evolution.apply(proposal, scores_by_rung(trials, self.space.score), recorded)

    def take_baselines(self, trials: Mapping[str, Sequence[TrialRow]]) -> None:
        """Take in what the known losses' trials recorded, before anything is applied."""
        for name, rows in trials.items():
            for recorded in self._recorded(name, rows):
                self.evolution.guard.reservoir.add(recorded)

    def _recorded(self, candidate: int | str, trials: Sequence[TrialRow]) -> Iterator[Recorded]:
        regime = regimes()[self.space.regime]
        for row in trials:
            for batch in row.result.recordings:
                trial = (candidate, row.rung, row.seed_index, row.env_index, batch.step)
                yield Recorded(row.env, batch.step / row.steps, number(self.options.seed, *trial), batch_of(batch, regime))

    def finalists(self) -> list[int]:
        """The classes that are to be confirmed."""
        return finalists(self.space, self.evolution.class_scores, self.evolution.size)

    def check_finalists(self) -> tuple[Split, ...]:
        """Compare all members of the classes that are to be confirmed, at the end of a search; returns the splits."""
        found: list[Split] = []
        while splits := self.evolution.guard.check_classes(self.applied, self.finalists()):
            found += splits  # sizes have changed, and with them maybe who is to be confirmed
        return tuple(found)


def row_of(proposal: Proposal) -> ProposalRow:
    """A proposal as a row of the journal."""
    return ProposalRow(
        index=proposal.index,
        genome=print_genome(proposal.genome),
        parents=str(list(proposal.parents)),
        origin=proposal.origin,
        status=proposal.status,
        reason=proposal.reason,
        key=proposal.key,
        class_index=proposal.class_index,
        size=proposal.size,
        population=proposal.population,
    )
