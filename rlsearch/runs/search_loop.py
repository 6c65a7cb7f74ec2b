"""The search loop: propose, screen, train, journal; then confirm."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from rlsearch.evaluation.confirmation import confirm, losses_to_confirm
from rlsearch.evaluation.limits import NO_LIMITS, TrialLimits
from rlsearch.evaluation.rungs import RungSchedule, TrialKey, all_rungs
from rlsearch.evaluation.trial import Phase, TrialRow
from rlsearch.evolve.proposal import Proposal
from rlsearch.executor.protocol import POLL_S, Executor, Work
from rlsearch.runs.budget import Budget, Clock, Stop
from rlsearch.runs.finals import check_finalists
from rlsearch.runs.progress import OnMessage, OnProgress, Progress
from rlsearch.runs.replay import apply_stored, disagreement_error, replay
from rlsearch.runs.run import OpenRun
from rlsearch.runs.search_state import SearchState, row_of
from rlsearch.store.journal import Timing


def run_search(
    run: OpenRun,
    budget: Budget,
    executor: Executor,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
    limits: TrialLimits = NO_LIMITS,
    on_message: OnMessage | None = None,
) -> bool:
    """Start or continue a search until the budget is spent; then confirm. The executor is ready.

    Args:
        run: open to be written.
        limits: of each trial.
        on_message: told of each form that leaves its class.

    Returns:
        Whether it came to its end: not so if it was asked to stop.

    Raises:
        RunError: the run's rows are not what this version would propose.
        RunFailed: TorchScript and tape disagree about a loss, a trial killed its workers, or the journal cannot be written.
    """
    journal, space = run.journal, run.space
    clock = Clock(budget, float(journal.metadata()["search_seconds"]), stop or Stop())
    loop = _Loop(run, executor, clock, limits, on_progress, on_message or (lambda _: None))
    journal.set_metadata(finished=False)
    loop.replay()
    loop.train_baselines()
    loop.search(math.inf if budget.proposals is None else budget.proposals)
    journal.set_metadata(search_seconds=clock.seconds())
    if clock.stop.asked:
        return False
    journal.clear_confirmations()
    over = clock.stops_after(1.0)
    check_finalists(run, loop.state, executor, over, limits, loop.on_message)
    if clock.stop.asked:
        return False
    losses = loop.candidates()
    journal.set_metadata(confirmation={"seeds": space.confirm.seeds, "losses": list(losses)})
    confirm(journal.add_named, space, run.options.seed, losses, executor, over, loop.tell_confirmed, limits, clock.grace_s)
    if clock.stop.asked:
        return False
    journal.set_metadata(finished=True, total_seconds=clock.seconds())
    return True


class _Loop:
    """The loop of one session: the state of the search, and the trials that advance it."""

    def __init__(
        self,
        run: OpenRun,
        executor: Executor,
        clock: Clock,
        limits: TrialLimits,
        on_progress: OnProgress | None,
        on_message: OnMessage,
    ) -> None:
        self.run, self.executor, self.clock, self.limits = run, executor, clock, limits
        self.on_progress, self.on_message = on_progress, on_message
        self.state = SearchState(run.space, run.options)
        self.stored: dict[int, Sequence[TrialRow]] = {}  # of pending proposals, what the journal holds
        self.splits = run.journal.splits(Phase.RUNG)
        self.schedules: dict[int | str, RungSchedule] = {}
        self.screening_s: dict[int, float] = {}
        self.progress = Progress()

    def replay(self) -> None:
        """Advance to where the journal ends; that costs the budget nothing."""
        self.stored = replay(self.run, self.state, on_applied=self._report, should_stop=lambda: self.clock.stop.asked)
        self.clock.restart()

    def train_baselines(self) -> None:
        """Train known losses on every rung, with the seeds and steps that candidates get; they never reach evolution."""
        space, held, begun = self.run.space, self.run.journal.baselines(), []
        for name in [name for name in space.baselines if name not in held]:
            begun.append(RungSchedule(name, space.baselines[name], all_rungs(space), space, self.run.options.seed))
            self._start(begun[-1], checked=True)
        should_stop = self.clock.stops_after(1.0)
        for schedule in begun:
            if not self._wait(schedule, should_stop):
                self._close()
                return
            self.run.journal.add_named(str(schedule.candidate), schedule.rows)
            self.state.take_baselines({str(schedule.candidate): schedule.rows})
            del self.schedules[schedule.candidate]

    def search(self, limit: float) -> None:
        """Propose in index order until the budget for it is spent, or there are so many proposals."""
        should_stop = self.clock.stops_after(1 - self.run.space.confirm.share)
        while not should_stop() and self.state.index < limit and self._propose(should_stop):
            pass
        while self.state.pending and self._apply_next(should_stop):
            pass
        self._close()

    def _propose(self, should_stop: Callable[[], bool]) -> bool:
        """Make one more proposal and begin its trials; False if it is time to stop, or there is none left."""
        if self.state.full and not self._apply_next(should_stop):
            return False
        started = time.perf_counter()
        proposal = self.state.propose()
        if proposal is None:
            return False
        self.screening_s[proposal.index] = time.perf_counter() - started
        if (schedule := self.state.schedule(proposal)) is not None:
            self._start(schedule, checked=proposal.status != "trained")
        if self.schedules:
            self._collect_results(0.0)
        return True

    def _start(self, schedule: RungSchedule, checked: bool) -> None:
        self.schedules[schedule.candidate] = schedule
        self._submit(schedule.start(checked))

    def _submit(self, work: Sequence[Work]) -> None:
        for piece in work:
            self.executor.submit(self.limits.limited(piece))

    def _collect_results(self, timeout_s: float, further: bool = True) -> None:
        """Collect results; a candidate that climbs on gets its next trials, if there are to be further ones."""
        for key, value in self.executor.collect(timeout_s):
            assert isinstance(key, TrialKey)
            work = self.schedules[key.candidate].on_result(key, value)
            if further:
                self._submit(work)

    def _apply_next(self, should_stop: Callable[[], bool]) -> bool:
        """Apply the oldest pending proposal, as soon as its trials are done; False if it is time to stop before."""
        schedule = self.schedules.get(self.state.pending[0].index)
        if schedule is not None and not self._wait(schedule, should_stop):
            return False
        self._apply()
        return True

    def _wait(self, schedule: RungSchedule, should_stop: Callable[[], bool]) -> bool:
        """Wait until a schedule is done; False if it is time to stop before."""
        while not schedule.done:
            if should_stop():
                return False
            self._collect_results(POLL_S)
        return True

    def _close(self) -> None:
        """Finish the trials that run, within a grace, apply what can be, and forget the rest: a run of minutes is a prefix of
        a longer one.
        """
        if not self.schedules:
            return
        self.executor.cancel(self.clock.grace_s())
        while self.executor.pending():
            self._collect_results(POLL_S, further=False)
            self.executor.cancel(self.clock.grace_s())  # shorter now, if a stop was asked for meanwhile
        while self.state.pending and self._is_trained(self.state.pending[0]):
            self._apply()
        self.state.pending.clear()
        self.schedules.clear()

    def _is_trained(self, proposal: Proposal) -> bool:
        return proposal.index not in self.schedules or self.schedules[proposal.index].done

    def _apply(self) -> None:
        """Apply the oldest pending proposal, whose trials are done; what the journal does not hold is written."""
        proposal = self.state.pending[0]
        if proposal.index in self.stored:
            trials = self.stored.pop(proposal.index)
            apply_stored(self.run.journal, self.state, trials, self.splits)
        else:
            trials = self._journal(proposal)
        self._report(proposal, trials)

    def _journal(self, proposal: Proposal) -> Sequence[TrialRow]:
        """Apply the oldest pending proposal and write it; returns its trials."""
        row, schedule = row_of(proposal), self.schedules.pop(proposal.index, None)
        screening_s = self.screening_s.pop(proposal.index)
        if schedule is not None and schedule.disagreement:
            row = replace(row, status="disagree", reason=schedule.disagreement)
            self.run.journal.add(row, (), Timing(screening_s, self.clock.seconds()))
            raise disagreement_error(row)
        trials = schedule.rows if schedule is not None else ()
        splits = self.state.apply(trials)
        self.run.journal.add(row, trials, Timing(screening_s, self.clock.seconds()), splits)
        for split in splits:
            self.on_message(split.words)
        return trials

    def _report(self, proposal: Proposal, trials: Sequence[TrialRow]) -> None:
        state, clock = self.state, self.clock
        standing = state.evolution.class_scores[proposal.class_index] if trials else None
        text, share = state.texts.get(proposal.class_index, ""), clock.share_spent(proposal.index + 1)
        self.progress = self.progress.after(proposal, trials, standing, text, clock.seconds(), share)
        if self.on_progress is not None:
            self.on_progress(self.progress)

    def candidates(self) -> dict[str, str]:
        """The losses to confirm: the baselines by name, then the best classes by '#' and index; none if none has passed."""
        evolution = self.state.evolution
        return losses_to_confirm(self.run.space, evolution.class_scores, evolution.size, self.state.texts)

    def tell_confirmed(self, share: float) -> None:
        """Report the confirmation's progress."""
        if self.on_progress is not None:
            self.on_progress(replace(self.progress, phase="confirm", share=share, seconds=self.clock.seconds()))
