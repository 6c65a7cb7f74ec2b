"""A Ray cluster as executor: the same promises as the pool's, and what can happen to machines. Real Ray, on this machine."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from secrets import token_hex

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor import cluster as module
from rlsearch.executor.cluster import Cluster, check
from rlsearch.executor.protocol import RETRIES, Work, carry_out

from .machines import ROOT, Machines

pytest.importorskip("ray")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")


def nothing(given):
    """Begin a worker without loading what a trial needs; 3 s each."""


def doubled(number):
    return 2 * number


def slowly(seconds):
    time.sleep(seconds)
    return seconds


def began(_):
    begun = time.time()
    time.sleep(0.02)
    return begun


def node(_):
    import ray

    time.sleep(0.1)
    return ray.get_runtime_context().get_node_id()


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


def stay(place):
    """Say who this is, and go on for long."""
    place.with_suffix(".draft").write_text(str(os.getpid()))
    place.with_suffix(".draft").rename(place)
    time.sleep(60)


def until(met, seconds=60.0):
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def joined(cluster, slots):
    """A cluster that has noticed so many CPUs."""

    def met():
        cluster.collect(0)
        return cluster.slots == slots

    until(met)


def processes():
    return {int(place.name) for place in Path("/proc").iterdir() if place.name.isdecimal() and running(place.name)}


def session_of(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def running(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module", autouse=True)
def closed():
    """No other user of this machine gets into these clusters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", token_hex(32))
        yield


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


@pytest.mark.slow
def test_a_lost_machine_loses_no_work():
    with Machines(head_cpus=0) as few:
        first, second = few.join(), few.join()
        with Cluster(few.address, prepare=nothing) as started:
            joined(started, 2)
            started.warm()
            for number in range(8):
                started.submit(Work(number, slowly, 1 + number / 100))
            time.sleep(0.5)
            first.kill()
            assert dict(carry_out(started, ())) == {number: 1 + number / 100 for number in range(8)}
            joined(started, 1)
            third = few.join()
            joined(started, 2)
            second.kill()
            assert dict(carry_out(started, [Work("last", doubled, 1)])) == {"last": 2}
            third.kill()
            joined(started, 0)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["machine", "server"])
def test_a_lost_head_ends_the_run(what):
    """The driver is on the head's machine in one case, and speaks to another node in the other."""
    with Machines() as few:
        few.join()
        with Cluster(few.address, prepare=nothing) as started:
            joined(started, 2)
            started.warm()
            started.submit(Work(0, slowly, 100))
            time.sleep(0.5)
            if what == "machine":
                few.head.kill()
            else:
                os.kill(few.head.server(), signal.SIGKILL)
            start = time.monotonic()
            with pytest.raises(RunFailed, match=r"is gone.*rlsearch resume RUN --executor ray --address") as error:
                started.collect()
            assert time.monotonic() - start < 40
            assert error.value.exit_code == 1 and "\n" not in str(error.value)


OTHER_CPU = """
    import pathlib

    read = pathlib.Path.read_text

    def other(path, *args, **kwargs):
        text = read(path, *args, **kwargs)
        return "model name : Another One 9000\\n" if str(path) == "/proc/cpuinfo" else text

    pathlib.Path.read_text = other
"""


@pytest.fixture
def other_cpu(tmp_path):
    """A folder for PYTHONPATH, in which Python finds another CPU model."""
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(OTHER_CPU))
    return str(tmp_path)


@pytest.mark.slow
def test_machines_of_different_cpu_models_are_refused_unless_allowed(other_cpu):
    with Machines() as few:
        few.join(path=other_cpu)
        with Cluster(few.address, prepare=nothing) as started:
            joined(started, 2)
            with pytest.raises(RunError, match=r"different CPU models.*'Another One 9000'.*--mixed-cpus"):
                started.warm()
        with Cluster(few.address, mixed=True, prepare=nothing) as started:
            joined(started, 2)
            started.warm()
            found = dict(carry_out(started, (Work(number, node, None) for number in range(20))))
            assert len(set(found.values())) == 2


@pytest.mark.slow
def test_a_stranger_that_joins_later_is_refused(other_cpu):
    with Machines() as few, Cluster(few.address, prepare=nothing) as started:
        started.warm()
        few.join(path=other_cpu)
        joined(started, 2)
        with pytest.raises(RunFailed, match="joined the Ray cluster has CPU model Another One 9000, not"):
            for _ in carry_out(started, (Work(number, node, None) for number in range(50))):
                pass


@pytest.mark.slow
def test_other_sources_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # as Ray's workers look for modules in the driver's folder first
    for package in ("rlsearch", "primitives", "search_spaces"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "rlsearch" / "trial.py").open("a") as file:
        file.write("# another trial\n")
    with Machines(head_cpus=0) as few:
        few.join(path=str(tmp_path))
        with Cluster(few.address, prepare=nothing) as started:
            joined(started, 1)
            with pytest.raises(RunError, match=r"node .* has rlsearch .*sources \w+\), not .*sources \w+\); install"):
                started.warm()


@pytest.mark.slow
def test_a_machine_without_rlsearch_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # as Ray's workers look for modules in the driver's folder first
    (tmp_path / "rlsearch").mkdir()
    (tmp_path / "rlsearch" / "__init__.py").write_text("raise ImportError('nothing here')\n")
    with Machines(head_cpus=0) as few:
        few.join(path=str(tmp_path))
        with Cluster(few.address, prepare=nothing) as started:
            joined(started, 1)
            with pytest.raises(RunError, match=r"node .* cannot run rlsearch: .*; install it there"):
                started.warm()


DRIVER = """
    import sys, time
    from executor.test_cluster import nothing, stay
    from pathlib import Path
    from rlsearch.executor.cluster import Cluster
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
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    driver = subprocess.Popen(
        [sys.executable, str(script), machines.address, str(tmp_path / "pid")], env=os.environ | {"PYTHONPATH": path}
    )
    until((tmp_path / "pid").exists)
    driver.kill()
    driver.wait()
    until(lambda: not running(int((tmp_path / "pid").read_text())))
