"""The loop: propose, screen, try, journal; then confirm."""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.confirmation import confirm, hall_of_fame
from rlsearch.evaluation.rungs import Climb, Ticket, due, ladder
from rlsearch.evaluation.trial import TrialRow, climbed_scores, prepare_trials
from rlsearch.evolve.evolution import Proposal
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import POLL_S, Executor, Work
from rlsearch.graph.genome import print_genome
from rlsearch.graph.text import print_graph
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.progress import Progress, Watcher
from rlsearch.runs.run import Options, evolution_of, read_run
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal, ProposalRow, Timing


def run_search(folder: Path, budget: Budget, executor: Executor, watch: Watcher, stop: Stop | None = None) -> bool:
    """Search, or go on searching, until the budget is spent; then confirm. The workers are started and warm.

    Returns:
        Whether it came to its end: not so if it was asked to stop.

    Raises:
        RunError: the folder holds no run, or its rows are not what this version would propose.
        RunFailed: TorchScript and tape disagree about a loss, a trial killed its workers, or the journal cannot be written.
    """
    with Journal(folder, write=True) as journal:
        space, options = read_run(journal)
        loop = _Loop(journal, space, options, budget, executor, watch, stop or Stop())
        journal.note(finished=False)
        loop.replay()
        loop.train_baselines()
        loop.search()
        journal.note(search_seconds=loop.seconds())
        if loop.stop.asked:
            return False
        journal.clear_confirmations()
        confirm(journal.add_named, space, options.seed, loop.candidates(), executor, loop.ends_after(1.0), loop.tell_confirmed)
        if loop.stop.asked:
            return False
        journal.note(finished=True, total_seconds=loop.seconds())
        return True


def verify(journal: Journal, space: Space, options: Options, most: int) -> int:
    """Go through what a journal holds as a resume would, and through its trials as well; nothing is trained or written.

    Args:
        most: proposals that are gone through.

    Returns:
        How many were.

    Raises:
        RunError: some proposal is not what the space and the seed give, or its trials are not those that it was due.
    """
    # The pool is never entered, as there is no work for it.
    loop = _Loop(
        journal, space, options, Budget(proposals=most), LocalPool(1, prepare_trials), lambda _: None, Stop(), thorough=True
    )
    loop.stored = loop.stored[:most]
    loop.verify_baselines()
    loop.replay()
    while loop.pending:
        loop._apply_next(lambda: False)
    return loop.index


class _Loop:
    """One session's search loop over the deterministic state machine."""

    def __init__(
        self,
        journal: Journal,
        space: Space,
        options: Options,
        budget: Budget,
        executor: Executor,
        watch: Watcher,
        stop: Stop,
        thorough: bool = False,
    ) -> None:
        self.thorough = thorough  # whether what is replayed is looked at trial by trial
        self.journal, self.space, self.options, self.budget = journal, space, options, budget
        self.executor, self.watch, self.stop = executor, watch, stop
        self.evolution = evolution_of(space, options)
        self.stored, self.stored_trials = list(journal.proposals()), journal.trials()
        self.seconds_before = float(journal.facts()["search_seconds"])
        self.clock_start = time.monotonic()
        self.progress = Progress()
        self.index = 0  # of the next proposal
        self.pending: deque[Proposal] = deque()
        self.climbs: dict[int | str, Climb] = {}
        self._texts: dict[int, str] = {}
        self._screening: dict[int, float] = {}

    def seconds(self) -> float:
        """Seconds of searching, in this session and before."""
        return self.seconds_before + time.monotonic() - self.clock_start

    def replay(self) -> None:
        """Come to where the journal ends; that costs the budget nothing."""
        while self.index < len(self.stored) and not self.stop.asked:
            self._step(lambda: False)
        self.clock_start = time.monotonic()

    def train_baselines(self) -> None:
        """Known losses on every rung, with the seeds and steps that candidates get; they never reach evolution."""
        held, climbs = self.journal.baselines(), []
        for name in [name for name in self.space.baselines if name not in held]:
            climbs.append(Climb(name, self.space.baselines[name], ladder(self.space), self.space, self.options.seed))
            self._begin(climbs[-1], checked=True)
        over = self.ends_after(1.0)
        for climb in climbs:
            if not self._wait(climb, over):
                self._close()
                return
            self.journal.add_named(str(climb.of), climb.rows)
            del self.climbs[climb.of]

    def search(self) -> None:
        """Propose in index order until the budget for it is spent."""
        over = self.ends_after(1 - self.space.model.confirm.share)
        limit = math.inf if self.budget.proposals is None else self.budget.proposals
        while not over() and self.index < limit and self._step(over):
            pass
        while self.pending and self._apply_next(over):
            pass
        self._close()

    def ends_after(self, share: float) -> Callable[[], bool]:
        """Tells whether it is time to end: after a share of the budget's minutes, if it has any, or when asked to."""
        seconds = math.inf if self.budget.minutes is None else 60 * self.budget.minutes * share
        return lambda: self.stop.asked or self.seconds() >= seconds

    def _step(self, over: Callable[[], bool]) -> bool:
        """One more proposal; proposal i waits until i - in_flight is applied. False if it is over, or there is none left."""
        if len(self.pending) >= self.space.model.evolution.in_flight and not self._apply_next(over):
            return False
        started = time.perf_counter()
        proposal = self.evolution.propose(self.index)
        if proposal is None:
            return False
        self._screening[self.index] = time.perf_counter() - started
        if proposal.form is not None:
            self._texts[self.index] = print_graph(proposal.form)
        if rungs := due(self.space, self.evolution.class_scores, proposal):
            climb = Climb(self.index, self._texts[proposal.number], rungs, self.space, self.options.seed)
            if self.index >= len(self.stored):
                self._begin(climb, checked=proposal.fate != "trained")
            elif self.thorough:
                self._refuse_others_trials(climb, self.stored_trials.get(self.index, ()))
        if self.climbs:
            self._take_in(0.0)
        self.pending.append(proposal)
        self.index += 1
        return True

    def _begin(self, climb: Climb, checked: bool) -> None:
        self.climbs[climb.of] = climb
        self._submit(climb.begin(checked))

    def _submit(self, work: Sequence[Work]) -> None:
        for piece in work:
            self.executor.submit(piece)

    def _take_in(self, timeout: float, further: bool = True) -> None:
        """Take in what is done; a climb that goes on gets its next trials, if there are to be further ones."""
        for key, value in self.executor.collect(timeout):
            assert isinstance(key, Ticket)
            work = self.climbs[key.of].take(key, value)
            if further:
                self._submit(work)

    def _apply_next(self, over: Callable[[], bool]) -> bool:
        """Apply the oldest proposal that is not applied, as soon as its trials are done; False if it is over before."""
        climb = self.climbs.get(self.pending[0].index)
        if climb is not None and not self._wait(climb, over):
            return False
        self._apply(self.pending.popleft())
        return True

    def _wait(self, climb: Climb, over: Callable[[], bool]) -> bool:
        """Wait until a climb is done; False if it is over before."""
        while not climb.done:
            if over():
                return False
            self._take_in(POLL_S)
        return True

    def _close(self) -> None:
        """Finish the trials that run, apply what can be, and forget the rest: a run of minutes is a prefix of a longer one."""
        if not self.climbs:
            return
        self.executor.cancel()
        while self.executor.pending():
            self._take_in(POLL_S, further=False)
        while self.pending and (self.pending[0].index not in self.climbs or self.climbs[self.pending[0].index].done):
            self._apply(self.pending.popleft())
        self.pending.clear()
        self.climbs.clear()

    def _apply(self, proposal: Proposal) -> None:
        row = _row(proposal)
        screening = self._screening.pop(proposal.index)
        climb = self.climbs.pop(proposal.index, None)
        if proposal.index < len(self.stored):
            self._refuse_other(row, self.stored[proposal.index])
            trials: Sequence[TrialRow] = self.stored_trials.pop(proposal.index, ())
        else:
            if climb is not None and climb.disagreement:
                row = row._replace(fate="disagree", reason=climb.disagreement)
                self.journal.add(row, (), Timing(screening, self.seconds()))
                raise _disagreement(row)
            trials = climb.rows if climb is not None else ()
        self.evolution.apply(proposal, climbed_scores(trials, self.space.model.score))
        if proposal.index >= len(self.stored):
            self.journal.add(row, trials, Timing(screening, self.seconds()))
        self._tell(proposal, trials)

    def _refuse_other(self, row: ProposalRow, stored: ProposalRow) -> None:
        """What the journal holds must be what is proposed now."""
        if stored.fate == "disagree":
            raise _disagreement(stored)
        if stored.population is None:  # written by schema 1
            stored = stored._replace(population=row.population)
        if stored != row:
            raise RunError(
                f"the journal's proposal {row.number} is not what its space and seed give here: the journal was changed, or "
                f"written by another version ({self._writer()}); restore it from a copy, or resume with that version"
            )

    def verify_baselines(self) -> None:
        """The known losses' trials on the rungs, as far as there are any; a run that has come to its end has all."""
        held, finished = self.journal.baselines(), self.journal.facts()["finished"]
        for name, text in self.space.baselines.items():
            if name in held or (finished and self.stored):
                climb = Climb(name, text, ladder(self.space), self.space, self.options.seed)
                self._refuse_others_trials(climb, held.get(name, ()))

    def _refuse_others_trials(self, climb: Climb, rows: Sequence[TrialRow]) -> None:
        if not climb.consists_of(rows):
            whose = f"proposal {climb.of}" if isinstance(climb.of, int) else f"'{climb.of}'"
            raise RunError(
                f"the journal's trials of {whose} are not those that it was due: the journal was changed, or written by "
                f"another version ({self._writer()}); restore it from a copy"
            )

    def _writer(self) -> str:
        made_with = self.journal.facts()["stamp"]
        return f"rlsearch {made_with['versions']['rlsearch']}, commit {made_with['commit'] or 'unknown'}"

    def _tell(self, proposal: Proposal, trials: Sequence[TrialRow]) -> None:
        standing = self.evolution.class_scores[proposal.number] if trials else None
        text = self._texts.get(proposal.number, "")
        self.progress = self.progress.after(proposal, trials, standing, text, self.seconds(), self._share(proposal.index + 1))
        self.watch(self.progress)

    def _share(self, proposals: int) -> float:
        """Of the budget, how much is spent."""
        if self.budget.proposals is not None:
            return proposals / self.budget.proposals
        assert self.budget.minutes is not None
        return self.seconds() / (60 * self.budget.minutes)

    def candidates(self) -> dict[str, str]:
        """What is confirmed: the baselines by name, then the best classes by '#' and number."""
        best = hall_of_fame(self.evolution.class_scores, self.evolution.size, self.space.model.confirm.top)
        return self.space.baselines | {f"#{number}": self._texts[number] for number in best}

    def tell_confirmed(self, share: float) -> None:
        """Pass the confirmation's progress on."""
        self.watch(replace(self.progress, phase="confirm", share=share, seconds=self.seconds()))


def _disagreement(row: ProposalRow) -> RunFailed:
    what = f"about proposal {row.number}, {row.reason}"
    return RunFailed(f"TorchScript and tape disagree {what}; this is a bug of rlsearch. Loss:\n{row.genome}")


def _row(proposal: Proposal) -> ProposalRow:
    return ProposalRow(
        proposal.index,
        print_genome(proposal.genome),
        str(list(proposal.parents)),
        proposal.origin,
        proposal.fate,
        proposal.reason,
        proposal.key,
        proposal.number,
        proposal.size,
        proposal.population,
    )
