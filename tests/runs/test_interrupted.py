"""Killed or stopped at any moment, with its workers or without: a search goes on to the rows of one that was left alone."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rlsearch.executor.local_pool import LocalPool
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import PREPARE, Here, continue_run, go_on, proposed, rows, search, tiny

PROPOSALS = 60


@pytest.fixture(scope="module")
def pool():
    """Two worker processes."""
    with LocalPool(2, PREPARE) as two:
        yield two


DRIVER = """
    import sys
    from pathlib import Path
    from functools import partial
    from rlsearch.evaluation.trial import prepare_trials
    from rlsearch.executor.local_pool import LocalPool
    from rlsearch.runs.budget import Budget
    from rlsearch.runs.run import open_run
    from rlsearch.runs.search_loop import run_search

    if __name__ == "__main__":
        with open_run(Path(sys.argv[1]), write=True) as run, LocalPool(2, partial(prepare_trials, "replay")) as pool:
            run_search(run, Budget(proposals=int(sys.argv[2])), pool)
"""


def written(folder: Path) -> int:
    """Rows of all kinds."""
    with Journal(folder) as journal:
        kinds = (journal.trials(), journal.baselines(), journal.confirmations())
        return journal.count() + sum(len(trials) for kind in kinds for trials in kind.values())


def killed(folder: Path, proposals: int, at: int, delay: float) -> int:
    """Search in a process of its own; kill it and its workers a moment after so many rows are written; how many there are."""
    script = folder.parent / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    driver = subprocess.Popen([sys.executable, str(script), str(folder), str(proposals)], start_new_session=True)
    while written(folder) < at and driver.poll() is None:
        time.sleep(0.002)
    time.sleep(delay)
    if driver.poll() is None:
        os.killpg(driver.pid, signal.SIGKILL)
    else:
        assert driver.returncode == 0, "it ended before it was killed, and not well"
    driver.wait()
    return written(folder)


def check_killing(tmp_path, times, proposals, workers, seed):
    """From baselines and search to the confirmation, a kill may come at any time."""
    space, folder, drawn = tiny(start=["dqn"]), tmp_path / "killed", random.Random(seed)
    whole = search(tmp_path / "whole", space, proposals, workers)
    create_run(space, Options(seed=1), folder)
    moments = sorted(drawn.randrange(written(tmp_path / "whole")) for _ in range(times))
    held = [killed(folder, proposals, at, drawn.uniform(0, 0.05)) for at in moments]
    assert 0 < held[0] < written(tmp_path / "whole")
    assert go_on(folder, proposals, workers) == whole


def test_a_killed_run_goes_on_where_it_was(tmp_path, pool):
    check_killing(tmp_path, 2, 150, pool, seed=2)


@pytest.mark.slow
def test_a_run_killed_at_twenty_random_moments(tmp_path, pool):
    check_killing(tmp_path, 20, 300, pool, seed=5)


def children() -> set[int]:
    """Worker processes of this one."""
    own = Path(f"/proc/{os.getpid()}/task")
    if not own.exists():
        pytest.skip("needs /proc to find worker processes")
    pids = {int(pid) for task in own.iterdir() for pid in (task / "children").read_text().split()}
    return {pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_killed_workers_are_replaced(tmp_path, pool):
    """Now and then one of them is killed, in mid-trial or not, and once all."""
    space, folder, deaths, drawn = tiny(), tmp_path / "run", [], random.Random(3)
    create_run(space, Options(seed=1), folder)

    def kill(progress):
        if progress.phase == "search" and progress.proposals % 12 == 0:
            victims = pool.pids() if progress.proposals == 36 else [drawn.choice(pool.pids())]
            for pid in victims:
                deaths.append(pid)
                assert pid in children()
                os.kill(pid, signal.SIGKILL)

    continue_run(folder, Budget(proposals=PROPOSALS), pool, kill)
    assert len(set(deaths)) == 6
    assert rows(folder) == search(tmp_path / "calm", space, PROPOSALS)


class Slow(Here):
    """Every piece of work takes a moment; `asked` when so many are done."""

    def __init__(self, stop, after):
        super().__init__()
        self.stop, self.left, self.given_up = stop, after, 0

    def collect(self, timeout=None):
        done = super().collect(timeout)
        self.left -= len(done)
        self.stop.asked = self.stop.asked or self.left <= 0
        return done

    def cancel(self, grace_s=0.0):
        self.given_up += self.pending()
        super().cancel(grace_s)


@pytest.mark.parametrize("after", [1, 3, 40, 150])
def test_a_request_to_stop_is_obeyed_and_costs_nothing(after, tmp_path):
    """In the baselines, in the search, in the confirmation; what is under way is written, the rest is done again."""
    space, stop = tiny(start=["dqn"]), Stop()
    whole = search(tmp_path / "whole", space, PROPOSALS)
    create_run(space, Options(seed=1), tmp_path / "run")
    slow, told = Slow(stop, after), []
    assert continue_run(tmp_path / "run", Budget(proposals=PROPOSALS), slow, told.append, stop) is False
    assert slow.pending() == 0
    with Journal(tmp_path / "run") as journal:
        assert journal.metadata()["finished"] is False
    found = rows(tmp_path / "run")
    assert len(found) < len(whole) and found == whole[: len(proposed(found))] + found[len(proposed(found)) :]
    assert go_on(tmp_path / "run", PROPOSALS) == whole
