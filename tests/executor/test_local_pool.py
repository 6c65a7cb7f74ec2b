"""Worker processes: work comes back by its ticket, deaths are survived, the guilty named, nothing left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rlsearch.errors import RunFailed
from rlsearch.executor.local_pool import AHEAD, Pool
from rlsearch.executor.protocol import RETRIES, Work, carry_out
from tests.support.work import die, die_once, doubled, fall, group, noted, nothing, refuse, running, slowly


@pytest.fixture
def pool():
    with Pool(2, nothing) as workers:
        workers.warm()
        yield workers


def values(pool, work):
    return dict(carry_out(pool, work))


def test_every_work_comes_back_once(pool):
    assert values(pool, [Work(number, doubled, number) for number in range(50)]) == {n: 2 * n for n in range(50)}
    assert pool.under_way() == 0 and pool.collect() == []


def test_waiting_ends_in_time(pool):
    pool.submit(Work("a", slowly, 0.3))
    started = time.monotonic()
    assert pool.collect(0.05) == [] and pool.under_way() == 1
    assert time.monotonic() - started < 0.25
    assert pool.collect() == [("a", 0.3)]


def test_the_lowest_rank_begins_first_and_equals_in_order(tmp_path):
    journal = tmp_path / "order"
    with Pool(1, nothing) as pool:  # nothing is handed out before the worker is ready
        for name, rank in (("e", 5), ("b", 1), ("f", 5), ("a", -1), ("c", 1), ("d", 2)):
            pool.submit(Work(name, noted, (journal, name), rank))
        assert [name for name, _ in carry_out(pool, [])] == list("abcdef")
    assert journal.read_text() == "abcdef"


def test_what_has_not_begun_can_be_given_up(pool, tmp_path):
    journal = tmp_path / "begun"
    for number in range(20):
        pool.submit(Work(number, noted, (journal, "x")))
    while not journal.exists():
        time.sleep(0.01)
    pool.cancel()
    done = values(pool, [])
    assert 1 <= len(done) == len(journal.read_text()) <= 2  # what ran; not what waited in a worker (AHEAD)
    assert AHEAD == 2
    assert values(pool, [Work("more", doubled, 4)]) == {"more": 8}


def test_an_error_of_the_work_is_the_callers(pool):
    pool.submit(Work(0, refuse, 7))
    with pytest.raises(ValueError, match="no 7"):
        pool.collect()
    assert values(pool, [Work(1, doubled, 1)]) == {1: 2}


def test_a_death_costs_nothing_but_time(pool, tmp_path):
    work = [Work(0, slowly, 0.2), Work(1, die_once, tmp_path / "marker"), *(Work(n, doubled, n) for n in range(2, 6))]
    assert values(pool, work) == {0: 0.2, 1: "alive", 2: 4, 3: 6, 4: 8, 5: 10}


def test_idle_workers_may_be_killed(pool):
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert values(pool, [Work(n, doubled, n) for n in range(4)]) == {0: 0, 1: 2, 2: 4, 3: 6}


def test_what_was_given_up_is_not_done_again_after_a_death(pool, tmp_path):
    for number in range(6):
        pool.submit(Work(number, noted, (tmp_path / "begun", "x")))
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    pool.cancel()
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert values(pool, []) == {}
    assert pool.under_way() == 0


def test_work_that_always_kills_is_named_and_nobody_else(pool, tmp_path):
    deaths = tmp_path / "deaths"
    work = [Work(0, slowly, 0.3), Work(1, die, deaths), Work(2, doubled, 1), Work(3, slowly, 0.4)]
    found = {}
    with pytest.raises(RunFailed, match="deaths") as error:
        for ticket, value in carry_out(pool, work):
            found[ticket] = value
    assert error.value.exit_code == 1
    assert f"died {RETRIES + 1} times" in str(error.value)
    assert len(deaths.read_text()) == RETRIES + 1
    assert found.items() <= {0: 0.3, 2: 2, 3: 0.4}.items()


def test_workers_that_cannot_begin_are_said_to():
    with Pool(2, fall) as pool, pytest.raises(RunFailed, match="cannot start"):
        pool.warm()


def test_a_pool_that_is_interrupted_while_it_starts_leaves_nothing(monkeypatch):
    started, start = [], Pool._started

    def interrupted(self):
        if len(started) == 2:
            raise KeyboardInterrupt
        started.append(start(self))
        return started[-1]

    monkeypatch.setattr(Pool, "_started", interrupted)
    with pytest.raises(KeyboardInterrupt), Pool(5, nothing):
        pass
    assert len(started) == 2 and not any(worker.process.is_alive() for worker in started)


def test_workers_are_deaf_to_what_is_sent_to_their_group(pool):
    before = pool.pids()
    assert values(pool, [Work(0, group, 0.1)]) == {0: "deaf"}
    assert pool.pids() == before


DRIVER = """
    import time
    from rlsearch.executor.local_pool import Pool

    if __name__ == "__main__":
        with Pool(2) as pool:
            pool.warm()
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
