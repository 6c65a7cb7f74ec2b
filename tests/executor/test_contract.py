"""The contract finds what is wrong: for every promise an executor that breaks it, and the test that says so."""

import contextlib
import inspect
from itertools import count

import pytest

from rlsearch.errors import RunFailed
from rlsearch.executor import local_pool
from rlsearch.executor.contract import ExecutorContract
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import Resource, refuse_unoffered

BROKEN = []


def breaks(test, message):
    """An executor that a test of the contract refuses with a message."""

    def note(executor):
        BROKEN.append(pytest.param(executor, test, message, id=executor.__name__))
        return executor

    return note


@breaks("test_every_piece_comes_back_once_under_its_key", "doubles of 0 to 49 came back as")
class LosesWork(LocalPool):
    def collect(self, timeout=None):
        return [(key, value) for key, value in super().collect(timeout) if key != 17]


@breaks("test_every_piece_comes_back_once_under_its_key", "doubles of 0 to 49 came back as")
class GivesWorkTwice(LocalPool):
    def collect(self, timeout=None):
        return [done for done in super().collect(timeout) for _ in range(2)]


@breaks("test_pending_counts_what_was_neither_collected_nor_given_up", "pieces are pending, of 7 that were submitted")
class ForgetsWhatRuns(LocalPool):
    def pending(self):
        return super().pending() - sum(bool(worker.sent) for worker in self._workers)


@breaks("test_pending_counts_what_was_neither_collected_nor_given_up", r"pieces are pending, of \d not collected")
class ForgetsWhatIsDone(LocalPool):
    collected = 0

    def collect(self, timeout=None):
        done = super().collect(timeout)
        self.collected += len(done)
        return done

    def pending(self):
        return super().pending() - self.collected


@breaks("test_collecting_waits_for_one_and_no_longer_than_told", "of 0.05 s that it was told")
class WaitsTooLong(LocalPool):
    def collect(self, timeout=None):
        return super().collect(None if timeout is None else 40 * timeout)


@breaks("test_collecting_waits_for_one_and_no_longer_than_told", "though something was waited for")
class NeverWaits(LocalPool):
    def collect(self, timeout=None):
        return super().collect(0.0 if timeout is None else timeout)


@breaks("test_the_lowest_priority_begins_first_and_equals_in_order", "places away from its turn; allowed: 4")
class IgnoresPriority(LocalPool):
    def submit(self, work):
        super().submit(work._replace(priority=0))


@breaks("test_the_lowest_priority_begins_first_and_equals_in_order", "places away from its turn; allowed: 4")
class LastComesFirst(LocalPool):
    def __init__(self, slots, prepare):
        super().__init__(slots, prepare)
        self._serial = count(0, -1)


@breaks("test_so_many_run_at_once_as_there_are_slots", "2 pieces of work run at once in 1 slots")
class RunsTooMany(LocalPool):
    def __enter__(self):
        super().__enter__()
        self.slots = 1
        return self

    def wait_until_ready(self):
        while not all(worker.ready for worker in self._workers):
            self._poll(None)


@breaks("test_so_many_run_at_once_as_there_are_slots", "fewer than 3 pieces of work run at once")
class PromisesTooMany(LocalPool):
    def __enter__(self):
        super().__enter__()
        self.slots = 3
        return self


@breaks("test_what_was_not_handed_out_can_be_given_up", "allowed: 4, what is handed out ahead")
class GivesNothingUp(LocalPool):
    def cancel(self, _=0.0):
        pass


@breaks("test_what_was_not_handed_out_can_be_given_up", "were collected, and .* had begun")
class GivesUpWhatHasBegun(LocalPool):
    cancelled = False

    def cancel(self, grace_s=float("inf")):
        super().cancel(grace_s)
        self.cancelled = True

    def collect(self, timeout=None):
        done = super().collect(timeout)
        return [] if self.cancelled else done


@breaks("test_what_has_begun_can_be_given_up_after_a_grace", r"came back \[\], and 4 pieces are pending")
class WaitsForWhatWasGivenUp(LocalPool):
    def cancel(self, _=0.0):
        super().cancel()


@breaks("test_what_has_begun_can_be_given_up_after_a_grace", "of work that was given up came back")
class GivesBackWhatWasGivenUp(LocalPool):
    def cancel(self, grace_s=0.0):
        super().cancel(grace_s)
        self._done.append((0, None))


@breaks("test_work_that_exceeds_its_limit_is_ended_and_nothing_else", "came back {")
class KeepsNoLimit(LocalPool):
    def submit(self, work):
        super().submit(work._replace(limit_s=float("inf")))


@breaks("test_work_that_exceeds_its_limit_is_ended_and_nothing_else", "came back {")
class EndsWhatWaitsBehind(LocalPool):
    def _restart(self, dead):
        dead.given_up = len(dead.sent)
        return super()._restart(dead)


@breaks("test_an_error_of_the_work_is_raised", r"work that raised ValueError\('no 7'\) gave None")
class SwallowsErrors(LocalPool):
    def collect(self, timeout=None):
        try:
            return super().collect(timeout)
        except ValueError:
            return []


@breaks("test_a_death_costs_nothing_but_time", "after a worker's death came back")
class LosesWorkOfTheDead(LocalPool):
    def _replace(self, dead):
        dead.sent.clear()
        return super()._replace(dead)


@breaks("test_work_that_always_kills_is_named_and_nobody_else", "each time gave None")
class TriesForEver(LocalPool):
    def _replace(self, dead):
        self._deaths.clear()
        return super()._replace(dead)


@breaks("test_work_that_always_kills_is_named_and_nobody_else", "is not named in")
class NamesNobody(LocalPool):
    def _replace(self, dead):
        try:
            return super()._replace(dead)
        except RunFailed:
            raise RunFailed("a worker died") from None


@breaks("test_leaving_ends_what_runs", "work goes on after its executor has ended")
class LeavesWorkRunning(LocalPool):
    def __exit__(self, *_):
        pass


@breaks("test_each_worker_is_prepared_once_before_its_work", r"`prepare` ran \[0\] times")
class ForgetsToPrepare(LocalPool):
    def __init__(self, slots, _):
        super().__init__(slots, prepare_nothing)


@breaks("test_ready_is_what_has_been_prepared", "ready before any worker was prepared")
class ReadyTooSoon(LocalPool):
    def wait_until_ready(self):
        pass


@breaks("test_a_preparation_that_fails_is_an_error", "that cannot be prepared gave None")
class HidesFailedPreparations(LocalPool):
    def wait_until_ready(self):
        with contextlib.suppress(RunFailed):
            super().wait_until_ready()


@breaks("test_workers_use_the_op_packs_of_the_driver", r"a worker gave \[\(0, \[\]\)\]")
class ForgetsPacks(LocalPool):
    def _start_worker(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local_pool, "pack_sources", lambda: ())
            return super()._start_worker()


@breaks("test_work_is_done_or_refused_by_what_it_needs", "a GPU is not offered, and submitting gave None")
class RunsWhatItDoesNotOffer(LocalPool):
    def submit(self, work):
        super().submit(work._replace(needs=next(iter(self.offers))))


@breaks("test_work_is_done_or_refused_by_what_it_needs", "a GPU is offered, and gave RunError")
class RefusesWhatItOffers(LocalPool):
    offers = frozenset(Resource)

    def submit(self, work):
        refuse_unoffered(work, LocalPool.offers, "this pool", "type nothing")
        super().submit(work)


@pytest.mark.usefixtures("op_pack")
@pytest.mark.parametrize(("executor", "test", "message"), BROKEN)
def test_a_broken_promise_is_found(executor, test, message, tmp_path):
    made = []

    class Contract(ExecutorContract):
        patience_s = 5.0

        def make_executor(self, prepare):
            made.append(executor(2, prepare))
            return made[-1]

    play = getattr(Contract(), test)
    given = {"tmp_path": tmp_path} if "tmp_path" in inspect.signature(play).parameters else {}
    try:
        with pytest.raises(AssertionError, match=message):
            play(**given)
    finally:
        for pool in made:
            LocalPool.__exit__(pool)


def test_every_promise_is_broken_by_somebody():
    assert {param.values[1] for param in BROKEN} == {name for name in vars(ExecutorContract) if name.startswith("test_")}
