"""Where a search may be begun: Python on standard input, child processes of whoever calls, pools that allow no children."""

import subprocess
import sys

import pytest

from rlsearch.store.journal import Journal
from tests.support.tiny_runs import TEXT, rows

SCRIPT = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
import rlsearch

def search(out, **how):
    return str(rlsearch.search("tiny.yaml", proposals=2, out=out, **how).folder)

search("standard_input", workers=1)  # without `if __name__ == "__main__":`
search("this_process", workers=0)
child = multiprocessing.get_context("fork").Process(target=search, args=("process",), kwargs={"workers": 1})
child.start()
child.join()
with multiprocessing.get_context("fork").Pool(1) as pool:
    pool.apply(search, ("pool",))
    try:
        pool.apply(search, ("refused",), {"workers": 2})
    except rlsearch.errors.RunError as error:
        print(error)
with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
    pool.submit(search, "executor", workers=1).result()
"""
SPACE = TEXT.replace("confirm: {seeds: 4", "confirm: {seeds: 2")


@pytest.mark.slow
def test_everywhere_it_gives_the_same_rows(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SPACE)
    done = subprocess.run([sys.executable, "-"], cwd=tmp_path, input=SCRIPT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "this process is a daemon, as a worker of multiprocessing.Pool is, and may start no processes"
    )
    assert done.stdout.count("\n") == 1 and "type workers=0" in done.stdout
    places = ("standard_input", "this_process", "process", "pool", "executor")
    found = [rows(tmp_path / place) for place in places]
    assert all(each == found[0] for each in found) and len(found[0]) > 2
    workers = []
    for place in places:
        with Journal(tmp_path / place) as journal:
            workers.append(journal.metadata()["workers"])
    assert workers == [1, 0, 1, 0, 1]


NOTHING = """
import rlsearch
from rlsearch.executor.contract_work import double, prepare_nothing
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.protocol import Work, run_all

print("begun")
with LocalPool(1, prepare_nothing) as pool:
    print(*run_all(pool, [Work(0, double, 4)]))
"""


@pytest.mark.parametrize("how", ["standard input", "a script without its guard"])
def test_workers_do_not_run_the_script_again(how, tmp_path):
    """Nor look for it: `<stdin>` is no file."""
    (tmp_path / "script.py").write_text(NOTHING)
    words, given = (["-"], NOTHING) if how == "standard input" else (["script.py"], None)
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, input=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n(0, 8)\n", "")
