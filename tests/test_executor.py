"""Workers: results by number, deaths survived, the guilty named, nothing left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rlsearch import executor
from rlsearch.errors import RunFailed
from rlsearch.executor import RETRIES, Workers


def nothing(packs):
    """Begin a worker without loading what a trial needs; 3 s each."""


def doubled(number):
    return 2 * number


def slowly(number):
    time.sleep(0.3)
    return number


def refuse(number):
    raise ValueError(f"no {number}")


def die_once(marker):
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(journal):
    with journal.open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def pool(monkeypatch):
    monkeypatch.setattr(executor, "_begin", nothing)
    with Workers(2) as workers:
        workers.warm()
        yield workers


def test_results_come_by_number_in_any_order(pool):
    for number in range(5):
        pool.submit(number, doubled, number)
    assert [pool.result(number) for number in (3, 0, 4, 1, 2)] == [6, 0, 8, 2, 4]


def test_waiting_can_be_given_up(pool):
    pool.submit(0, slowly, 7)
    assert not pool.ready(0)
    with pytest.raises(TimeoutError):
        pool.result(0, timeout=0.01)
    assert pool.result(0) == 7


def test_an_error_of_the_work_is_the_callers(pool):
    pool.submit(0, refuse, 7)
    with pytest.raises(ValueError, match="no 7"):
        pool.result(0)
    pool.submit(1, doubled, 1)
    assert pool.result(1) == 2


def test_a_death_costs_nothing_but_time(pool, tmp_path):
    pool.submit(0, slowly, 0)
    pool.submit(1, die_once, tmp_path / "marker")
    for number in range(2, 6):
        pool.submit(number, doubled, number)
    assert [pool.result(number) for number in range(6)] == [0, "alive", 4, 6, 8, 10]


def test_work_is_taken_by_a_pool_that_broke_unnoticed(pool, tmp_path):
    pool.submit(0, die_once, tmp_path / "marker")
    while not pool.ready(0):
        time.sleep(0.01)
    pool.submit(1, doubled, 1)
    assert pool.result(1) == 2
    assert pool.result(0) == "alive"


def test_work_that_always_kills_is_named_and_its_neighbours_are_not(pool, tmp_path):
    """The neighbour is waited for first and dies of the killer beside it."""
    deaths = tmp_path / "deaths"
    pool.submit(0, slowly, 7)
    pool.submit(1, die, deaths)
    pool.submit(2, doubled, 1)
    assert pool.result(0) == 7
    deaths.unlink()
    with pytest.raises(RunFailed, match="deaths") as error:
        pool.result(1)
    assert error.value.exit_code == 1
    assert f"died {RETRIES + 1} times" in str(error.value)
    assert RETRIES <= len(deaths.read_text()) <= RETRIES + 1


DRIVER = """
    import time
    from rlsearch.executor import Workers

    if __name__ == "__main__":
        with Workers(2) as pool:
            pool.warm()
            print(*(process.pid for process in pool._pool._processes.values()), flush=True)
            time.sleep(60)
"""


def running(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


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
