"""The state of a search: a pure function of space, seed and rows so far, on whatever machine.

A search takes it on by training, a replay by what a journal holds.
"""

from collections import deque
from collections.abc import Sequence

from rlsearch.evaluation.rungs import RungSchedule, rungs_for
from rlsearch.evaluation.scores import scores_by_rung
from rlsearch.evaluation.trial import TrialRow
from rlsearch.evolve.evolution import Proposal
from rlsearch.graph.genome import print_genome
from rlsearch.graph.text import print_graph
from rlsearch.runs.run import Options, evolution_of
from rlsearch.space.load import Space
from rlsearch.store.journal import ProposalRow


class SearchState:
    """The proposals made and applied so far, in index order.

    Attributes:
        evolution: the algorithm, with everything that was applied.
        index: of the next proposal.
        pending: what was proposed and is not applied, the oldest first.
        texts: of each class's canonical form, by its index.
    """

    def __init__(self, space: Space, options: Options) -> None:
        self.space, self.options = space, options
        self.evolution = evolution_of(space, options)
        self.index = 0
        self.pending: deque[Proposal] = deque()
        self.texts: dict[int, str] = {}

    @property
    def full(self) -> bool:
        """True if the oldest pending proposal must be applied first: proposal i is bred from what came up to i - in_flight."""
        return len(self.pending) >= self.space.evolution.in_flight

    def propose(self) -> Proposal | None:
        """Make one more proposal; None if an enumeration has none left."""
        proposal = self.evolution.propose(self.index)
        if proposal is None:
            return None
        if proposal.form is not None:
            self.texts[self.index] = print_graph(proposal.form)
        self.pending.append(proposal)
        self.index += 1
        return proposal

    def schedule(self, proposal: Proposal) -> RungSchedule | None:
        """The training of the last proposal, by the bars that hold now; None if it earns none."""
        if not (rungs := rungs_for(self.space, self.evolution.class_scores, proposal)):
            return None
        text = self.texts[proposal.class_index]
        return RungSchedule(proposal.index, text, rungs, self.space, self.options.seed)

    def apply(self, trials: Sequence[TrialRow]) -> Proposal:
        """Apply the oldest pending proposal with its trials, and return it."""
        proposal = self.pending.popleft()
        self.evolution.apply(proposal, scores_by_rung(trials, self.space.score))
        return proposal


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
