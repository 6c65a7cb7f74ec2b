"""Worker processes of this machine: the contract, and beyond it deaths, signals, and that nothing is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor.contract import ExecutorContract
from rlsearch.executor.contract_work import double, fail, prepare_nothing
from rlsearch.executor.local_pool import PIECES_PER_WORKER, LocalPool
from rlsearch.executor.protocol import Resource, Work, run_all
from tests.support.work import exit_at_once, noted, running, signalled


@pytest.mark.usefixtures("op_pack")
class TestLocalPool(ExecutorContract):
    """Two workers."""

    def make_executor(self, prepare):
        return LocalPool(2, prepare)


@pytest.fixture
def pool():
    with LocalPool(2, prepare_nothing) as workers:
        workers.wait_until_ready()
        yield workers


def values(pool, work):
    return dict(run_all(pool, work))


def test_one_worker_begins_in_exactly_the_order_of_priority(tmp_path):
    journal = tmp_path / "order"
    with LocalPool(1, prepare_nothing) as pool:  # nothing is handed out before the worker is ready
        for name, priority in (("e", 5), ("b", 1), ("f", 5), ("a", -1), ("c", 1), ("d", 2)):
            pool.submit(Work(name, noted, (journal, name), priority))
        assert [name for name, _ in run_all(pool, [])] == list("abcdef")
    assert journal.read_text() == "abcdef"


def test_what_waits_in_a_worker_can_be_given_up(pool, tmp_path):
    journal = tmp_path / "begun"
    for number in range(20):
        pool.submit(Work(number, noted, (journal, "x")))
    while not journal.exists():
        time.sleep(0.01)
    pool.cancel()
    done = values(pool, [])
    assert 1 <= len(done) == len(journal.read_text()) <= 2  # what ran
    assert PIECES_PER_WORKER == 2


def test_after_an_error_of_the_work_it_goes_on(pool):
    pool.submit(Work(0, fail, 7))
    with pytest.raises(ValueError, match="no 7"):
        pool.collect()
    assert values(pool, [Work(1, double, 1)]) == {1: 2}


def test_idle_workers_may_be_killed(pool):
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert values(pool, [Work(n, double, n) for n in range(4)]) == {0: 0, 1: 2, 2: 4, 3: 6}


def test_what_was_given_up_is_not_done_again_after_a_death(pool, tmp_path):
    for number in range(6):
        pool.submit(Work(number, noted, (tmp_path / "begun", "x")))
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    pool.cancel()
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert values(pool, []) == {}
    assert pool.pending() == 0


def test_workers_that_cannot_begin_are_said_to():
    with LocalPool(2, exit_at_once) as pool, pytest.raises(RunFailed, match="cannot start"):
        pool.wait_until_ready()


def test_a_gpu_is_refused_with_what_to_type():
    with pytest.raises(RunError, match=r"^this work needs a GPU; .* offers a core to each piece; type --executor ray, .*$"):
        LocalPool(1, prepare_nothing).submit(Work(0, double, 1, needs=Resource.GPU))


def test_a_pool_that_is_interrupted_while_it_starts_leaves_nothing(monkeypatch):
    started, start = [], LocalPool._start_worker

    def interrupted(self):
        if len(started) == 2:
            raise KeyboardInterrupt
        started.append(start(self))
        return started[-1]

    monkeypatch.setattr(LocalPool, "_start_worker", interrupted)
    with pytest.raises(KeyboardInterrupt), LocalPool(5, prepare_nothing):
        pass
    assert len(started) == 2 and not any(worker.process.is_alive() for worker in started)


def test_workers_do_not_hear_what_is_sent_to_their_group(pool):
    before = pool.pids()
    assert values(pool, [Work(0, signalled, 0.1)]) == {0: "alive"}
    assert pool.pids() == before


DRIVER = """
    import time
    from functools import partial
    from rlsearch.evaluation.trial import prepare_trials
    from rlsearch.executor.local_pool import LocalPool

    if __name__ == "__main__":
        with LocalPool(2, partial(prepare_trials, "replay")) as pool:
            pool.wait_until_ready()
            print(*pool.pids(), flush=True)
            time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see processes")
def test_workers_end_with_a_killed_driver(tmp_path):
    script = tmp_path / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    driver = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    workers = [int(pid) for pid in driver.stdout.readline().split()]
    assert len(workers) == 2 and all(running(pid) for pid in workers)
    driver.kill()
    driver.wait()
    driver.stdout.close()
    end = time.monotonic() + 20
    while any(running(pid) for pid in workers) and time.monotonic() < end:
        time.sleep(0.05)
    alive = [pid for pid in workers if running(pid)]
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    assert not alive
