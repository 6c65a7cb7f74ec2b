"""The executor contract: every promise of `Executor`, played against an implementation by a class of tests.

from rlsearch.executor.contract import ExecutorContract

class TestMine(ExecutorContract):
    def make_executor(self, prepare):
        return Mine(slots=2, prepare=prepare)
"""

import os
import time
from functools import partial
from pathlib import Path

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor.contract_driver import Done, Driver, error_of, submit
from rlsearch.executor.contract_work import (
    PREPARATIONS,
    Gate,
    beat,
    begin_time,
    die,
    die_once,
    double,
    fail,
    fail_to_prepare,
    hang,
    pass_gate,
    preparations,
    prepare_and_count,
    prepare_nothing,
    prepare_slowly,
    sleep,
    used_packs,
)
from rlsearch.executor.protocol import RETRIES, Resource, TimedOut, Work
from rlsearch.registry import packs


class ExecutorContract(Driver):
    """A test class to inherit: every promise is a test. Define `make_executor`.

    An executor without worker processes is played against what it can promise: nothing runs there but what is waited for.
    """

    def test_every_piece_comes_back_once_under_its_key(self) -> None:
        """Neither lost nor done twice."""
        with self.ready_executor() as executor:
            submit(executor, (Work(number, double, number) for number in range(50)))
            found = sorted(self.collect_all(executor))
            assert found == [(number, 2 * number) for number in range(50)], f"doubles of 0 to 49 came back as {found}"
            assert executor.collect() == [], "something came back that was never submitted"

    def test_pending_counts_what_was_neither_collected_nor_given_up(self, tmp_path: Path) -> None:
        """In each state: waiting, running or done."""
        with self.ready_executor() as executor:
            gate, total = Gate(tmp_path), 3 * executor.slots + 1
            assert executor.pending() == 0, "something is pending before anything was submitted"
            submit(executor, (Work(str(number), pass_gate, (gate, str(number))) for number in range(total)))
            self.wait_for_arrivals(1, gate, executor)
            assert executor.pending() == total, f"{executor.pending()} pieces are pending, of {total} that were submitted"
            gate.open()
            found: Done = []
            while self.collect(executor, found):
                left = total - len(found)
                assert executor.pending() == left, f"{executor.pending()} pieces are pending, of {left} not collected"
            assert len(found) == total, f"{len(found)} pieces of work came back, of {total} that were submitted"

    def test_collecting_waits_for_one_and_no_longer_than_told(self, tmp_path: Path) -> None:
        """With a time, without one, and for nothing at all."""
        with self.ready_executor() as executor:
            assert executor.collect() == [], "nothing is pending, and something came back"
            gate = Gate(tmp_path)
            executor.submit(Work("gated", pass_gate, (gate, "gated")))
            start = time.monotonic()
            found = executor.collect(0.05 if executor.isolated else 0.0)
            assert found == [], f"{found} came back before it was done"
            took = time.monotonic() - start
            assert took < 1, f"collecting took {took:.2f} s, of 0.05 s that it was told"
            gate.open()
            found = executor.collect()
            assert found == [("gated", "gated")], f"{found} came back, though something was waited for"

    def test_the_lowest_priority_begins_first_and_equals_in_order(self, tmp_path: Path) -> None:
        """But for what is handed out ahead."""
        with self.ready_executor() as executor:
            gate, ahead = Gate(tmp_path), 2 * executor.slots
            submit(executor, (Work(("ahead", number), pass_gate, (gate, "ahead"), priority=-1) for number in range(ahead)))
            work = [Work(number, begin_time, None, priority=-number % 3) for number in range(60)]
            submit(executor, work)
            gate.open()
            times = dict(self.collect_all(executor))
            begun = sorted(range(60), key=lambda number: times.get(number, 0.0))
            due = [piece.key for piece in sorted(work, key=lambda piece: piece.priority)]
            late = max(abs(begun.index(number) - due.index(number)) for number in range(60))
            assert late <= ahead, f"work began {late} places away from its turn; allowed: {ahead}, what is handed out ahead"

    def test_so_many_run_at_once_as_there_are_slots(self, tmp_path: Path) -> None:
        """No more, and no fewer."""
        with self.ready_executor() as executor:
            gate, slots = Gate(tmp_path), executor.slots
            submit(executor, (Work(number, pass_gate, (gate, "one")) for number in range(2 * slots + 2)))
            self.wait_for_arrivals(slots, gate, executor)
            if executor.isolated:
                time.sleep(0.3)  # for one too many
                assert len(gate.arrived) == slots, f"{len(gate.arrived)} pieces of work run at once in {slots} slots"
            gate.open()
            self.collect_all(executor)

    def test_what_was_not_handed_out_can_be_given_up(self, tmp_path: Path) -> None:
        """Work that has begun is collected, and more may be submitted."""
        with self.ready_executor() as executor:
            gate, ahead = Gate(tmp_path), 2 * executor.slots
            submit(executor, (Work(str(number), pass_gate, (gate, str(number))) for number in range(4 * ahead)))
            self.wait_for_arrivals(1, gate, executor)
            begun = {*gate.arrived}
            executor.cancel()
            gate.open()
            done = self.collect_all(executor)
            keys = sorted(str(key) for key, _ in done)
            assert executor.pending() == 0, f"{executor.pending()} pieces are pending that were given up"
            assert keys == sorted(gate.arrived), f"{keys} were collected, and {sorted(gate.arrived)} had begun"
            assert begun <= {*keys}, f"{begun} had begun, and {keys} were collected"
            assert len(done) <= ahead, f"{len(done)} pieces of work were done; allowed: {ahead}, what is handed out ahead"
            executor.submit(Work("more", double, 4))
            found = self.collect_all(executor)
            assert found == [("more", 8)], f"{found} came back of work that was submitted later"

    def test_what_has_begun_can_be_given_up_after_a_grace(self, tmp_path: Path) -> None:
        """It is ended, and so is what waits behind it; more may be submitted."""
        with self.ready_executor() as executor:
            journal, total = tmp_path / "begun", 3 * executor.slots
            submit(executor, (Work(number, hang, journal) for number in range(total)))
            if executor.isolated:
                self.wait_until(journal.exists, executor, "no work has begun")
            executor.cancel(60.0)
            executor.cancel(0.3)
            found = self.collect_all(executor)
            left = executor.pending()
            assert (found, left) == ([], 0), f"of work that was given up came back {found}, and {left} pieces are pending"
            executor.submit(Work("more", double, 4, limit_s=60.0))
            found = self.collect_all(executor)
            assert found == [("more", 8)], f"{found} came back of work that was submitted later"

    def test_work_that_exceeds_its_limit_is_ended_and_nothing_else(self, tmp_path: Path) -> None:
        """It comes back as that; what waits behind it is done."""
        with self.ready_executor() as executor:
            if not executor.isolated:
                return
            hanging = {f"hangs {number}": TimedOut(1.0) for number in range(executor.slots)}
            submit(executor, (Work(key, hang, tmp_path / "begun", limit_s=1.0) for key in hanging))
            submit(executor, (Work(number, double, number, limit_s=60.0) for number in range(4 * executor.slots)))
            found = dict(self.collect_all(executor))
            due = {number: 2 * number for number in range(4 * executor.slots)} | hanging
            assert found == due, f"with limits of 1 s for what hangs came back {found}"

    def test_an_error_of_the_work_is_raised(self) -> None:
        """As it is, to whoever collects."""
        with self.start(prepare_nothing) as executor:
            executor.submit(Work(0, fail, 7))
            error = error_of(lambda: self.collect_all(executor))
            assert type(error) is ValueError and str(error) == "no 7", f"work that raised ValueError('no 7') gave {error!r}"

    def test_a_death_costs_nothing_but_time(self, tmp_path: Path) -> None:
        """The work whose worker died is run again."""
        with self.ready_executor() as executor:
            if not executor.isolated:
                return
            executor.submit(Work(0, sleep, 0.3))
            executor.submit(Work(1, die_once, tmp_path / "marker"))
            submit(executor, (Work(number, double, number) for number in range(2, 6)))
            found = dict(self.collect_all(executor))
            assert found == {0: 0.3, 1: "alive", 2: 4, 3: 6, 4: 8, 5: 10}, f"after a worker's death came back {found}"

    def test_work_that_always_kills_is_named_and_nobody_else(self, tmp_path: Path) -> None:
        """After RETRIES + 1 deaths."""
        with self.start(prepare_nothing) as executor:
            if not executor.isolated:
                return
            found: Done = []
            executor.submit(Work("guilty", die, tmp_path / "deaths"))
            executor.submit(Work("beside", sleep, 0.2))
            error = error_of(lambda: self.collect_all(executor, found))
            assert isinstance(error, RunFailed), f"work that kills its worker each time gave {error!r}"
            assert str(tmp_path / "deaths") in str(error), f"the work that killed its worker is not named in: {error}"
            deaths = len((tmp_path / "deaths").read_text())
            assert deaths == RETRIES + 1, f"work that kills its worker was run {deaths} times; promised: {RETRIES + 1}"
            assert found in ([], [("beside", 0.2)]), f"{found} came back"

    def test_leaving_ends_what_runs(self, tmp_path: Path) -> None:
        """At once."""
        journal = tmp_path / "beats"
        with self.start(prepare_nothing) as executor:
            if not executor.isolated:
                return
            executor.submit(Work(0, beat, journal))
            self.wait_until(journal.exists, executor, "no work has begun")
        end, before, size = time.monotonic() + self.patience_s, -1, journal.stat().st_size
        while size != before:
            assert time.monotonic() < end, "work goes on after its executor has ended"
            time.sleep(0.5)
            before, size = size, journal.stat().st_size

    def test_each_worker_is_prepared_once_before_its_work(self) -> None:
        """However much work it does."""
        os.environ.pop(PREPARATIONS, None)
        with self.start(prepare_and_count) as executor:
            submit(executor, (Work(number, preparations, None) for number in range(20)))
            found = {count for _, count in self.collect_all(executor)}
            assert found == {1}, f"`prepare` ran {sorted(found)} times in a worker before its work"

    def test_ready_is_what_has_been_prepared(self, tmp_path: Path) -> None:
        """Not what has only started."""
        with self.start(partial(prepare_slowly, tmp_path / "prepared")):
            assert (tmp_path / "prepared").exists(), "the executor was ready before any worker was prepared"

    def test_a_preparation_that_fails_is_an_error(self) -> None:
        """Of whoever waits for it."""
        with self.make_executor(fail_to_prepare) as executor:
            error = error_of(executor.wait_until_ready)
            assert isinstance(error, RunError | RunFailed), f"waiting for workers that cannot be prepared gave {error!r}"

    def test_workers_use_the_op_packs_of_the_driver(self) -> None:
        """Run it with a pack in use."""
        with self.start(prepare_nothing) as executor:
            executor.submit(Work(0, used_packs, None))
            found = self.collect_all(executor)
            mine = [(pack.name, pack.digest) for pack in packs()]
            assert found == [(0, mine)], f"the driver uses the op packs {mine}, a worker gave {found}"

    def test_work_is_done_or_refused_by_what_it_needs(self) -> None:
        """In one line, at once."""
        with self.ready_executor() as executor:
            for needs in Resource:
                error = error_of(partial(executor.submit, Work(needs, double, 4, needs=needs)))
                found = self.collect_all(executor)
                if needs in executor.offers:
                    assert error is None and found == [(needs, 8)], f"a {needs.value} is offered, and gave {error!r}, {found}"
                else:
                    assert isinstance(error, RunError), f"a {needs.value} is not offered, and submitting gave {error!r}"
                    assert needs.value in str(error) and "\n" not in str(error), f"no line that names what is needed: {error}"
                    assert not found, f"a {needs.value} is not offered, and {found} came back"
