"""A Ray cluster as executor: the same promises as the pool's, and what can happen to machines. Real Ray, on this machine."""

import os
import random
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from secrets import token_hex

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor import ray_cluster as module
from rlsearch.executor.protocol import RETRIES, Work, carry_out
from rlsearch.executor.ray_cluster import Cluster, check
from tests.support.machines import Machines
from tests.support.work import (
    began,
    die,
    die_once,
    doubled,
    joined,
    node,
    nothing,
    processes,
    refuse,
    running,
    session_of,
    slowly,
    stay,
    until,
)

pytest.importorskip("ray")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")


@pytest.fixture(scope="module")
def machines():
    with Machines() as started:
        started.join()
        yield started


@pytest.fixture
def cluster(machines):
    with Cluster(machines.address, prepare=nothing) as started:
        joined(started, 2)
        started.warm()
        yield started


def test_all_values_come_and_both_machines_work(cluster):
    assert dict(carry_out(cluster, (Work(number, doubled, number) for number in range(100)))) == {k: 2 * k for k in range(100)}
    assert len(set(dict(carry_out(cluster, (Work(number, node, None) for number in range(20)))).values())) == 2


def test_the_lowest_rank_begins_first(cluster):
    ranks = random.Random(1).sample(range(60), 60)
    for place in range(4):  # all that Ray is given at once
        cluster.submit(Work(("busy", place), slowly, 0.5))
    times = dict(carry_out(cluster, (Work(rank, began, None, rank) for rank in ranks)))
    order = sorted(ranks, key=times.__getitem__)
    assert order != ranks
    assert all(abs(place - rank) <= 4 for place, rank in enumerate(order))


def test_nothing_under_way_is_nothing_to_wait_for(cluster):
    assert cluster.collect() == []
    cluster.submit(Work(0, slowly, 0.5))
    assert cluster.collect(0.01) == []
    assert cluster.under_way() == 1
    assert cluster.collect() == [(0, 0.5)]
    assert cluster.under_way() == 0


def test_an_error_of_the_work_is_the_callers(cluster):
    cluster.submit(Work(0, refuse, 7))
    with pytest.raises(ValueError, match="no 7"):
        cluster.collect()


def test_a_death_costs_nothing_but_time(cluster, tmp_path):
    work = [Work(0, slowly, 0.3), Work(1, die_once, tmp_path / "marker"), *(Work(k, doubled, k) for k in range(2, 6))]
    assert dict(carry_out(cluster, work)) == {0: 0.3, 1: "alive", 2: 4, 3: 6, 4: 8, 5: 10}


def test_work_that_always_kills_is_named_and_its_neighbours_are_not(cluster, tmp_path):
    found = []
    with pytest.raises(RunFailed, match="deaths") as error:
        for done in carry_out(cluster, [Work("guilty", die, tmp_path / "deaths"), Work("idle", slowly, 0.2)]):
            found.append(done)
    assert f"died {RETRIES + 1} times" in str(error.value) and error.value.exit_code == 1
    assert (tmp_path / "deaths").read_text() == "x" * (RETRIES + 1)
    assert found == [("idle", 0.2)]


def test_cancelling_finishes_what_has_begun_and_forgets_the_rest(cluster):
    for number in range(50):
        cluster.submit(Work(number, slowly, 0.2))
    first = cluster.collect()
    cluster.cancel()
    done = [*first]
    while cluster.under_way():
        done += cluster.collect()
    assert 2 <= len(done) <= 10
    assert dict(carry_out(cluster, [Work("new", doubled, 1)])) == {"new": 2}


def test_leaving_ends_what_runs(machines, tmp_path):
    with Cluster(machines.address, prepare=nothing) as started:
        started.warm()
        started.submit(Work(0, stay, tmp_path / "pid"))
        until((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not running(pid))


def test_a_value_too_large_for_a_message_arrives(cluster):
    assert dict(carry_out(cluster, [Work(0, bytes, 3_000_000)])) == {0: bytes(3_000_000)}


def test_nobody_there_is_said_soon():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        start = time.monotonic()
        with pytest.raises(RunError, match="nobody answers"):
            check(f"127.0.0.1:{taken.getsockname()[1]}")
        assert time.monotonic() - start < 10


@pytest.mark.parametrize("address", ["", "there", "ray://here:10001", "here:", ":6379", "here:99999"])
def test_an_address_is_a_host_and_a_port(address):
    with pytest.raises(RunError, match="HOST:PORT"):
        check(address)


def test_without_ray_it_says_what_to_type(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(RunError, match=r"pip install 'rlsearch\[ray\]'"):
        check(None)


@pytest.mark.slow
def test_without_an_address_ray_is_started_and_ended(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("RAY_AUTH_MODE")
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    with Cluster(None, cpus=2, prepare=nothing) as started:
        started.warm()
        folder, bridge = Path(started._folder.name), started._bridge.pid
        assert started.slots == 2 and folder.exists()
        started.submit(Work(0, stay, tmp_path / "pid"))
        until((tmp_path / "pid").exists)
        session = {pid for pid in processes() if session_of(pid) == bridge}
        assert len(session) > 4
    assert not session & processes()
    assert not folder.exists()
    assert not (tmp_path / ".ray").exists()


def test_a_cluster_that_wants_another_token_says_so(machines, monkeypatch):
    monkeypatch.setenv("RAY_AUTH_TOKEN", token_hex(32))
    with pytest.raises(RunError, match=f"at --address {machines.address}.*token"), Cluster(machines.address):
        pass


DRIVER = """
    import sys, time
    from executor.work import nothing, stay
    from pathlib import Path
    from rlsearch.executor.ray_cluster import Cluster
    from rlsearch.executor.protocol import Work

    if __name__ == "__main__":
        with Cluster(sys.argv[1], prepare=nothing) as started:
            started.warm()
            started.submit(Work(0, stay, Path(sys.argv[2])))
            started.collect()
"""


def test_work_ends_with_a_killed_driver(machines, tmp_path):
    script = tmp_path / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[2])])
    driver = subprocess.Popen(
        [sys.executable, str(script), machines.address, str(tmp_path / "pid")], env=os.environ | {"PYTHONPATH": path}
    )
    until((tmp_path / "pid").exists)
    driver.kill()
    driver.wait()
    until(lambda: not running(int((tmp_path / "pid").read_text())))
