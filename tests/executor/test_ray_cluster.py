"""A Ray cluster as executor: the contract, and beyond it how it starts and ends. Real Ray, on this machine."""

import os
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest

from rlsearch.errors import RunError
from rlsearch.executor.contract import ExecutorContract
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.protocol import Work, run_all
from rlsearch.executor.ray_cluster import RayCluster
from tests.support.machines import Machines
from tests.support.work import joined, node, processes, running, session_of, stay, until

pytest.importorskip("ray")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")


@pytest.fixture(scope="module")
def machines():
    """Two of one CPU each."""
    with Machines() as started:
        started.join()
        yield started


@pytest.fixture(scope="module")
def cluster(machines):
    """Both of them."""
    with RayCluster(machines.address, prepare=prepare_nothing) as started:
        joined(started, 2)
        started.wait_until_ready()
        yield started


@pytest.mark.usefixtures("op_pack")
class TestRayCluster(ExecutorContract):
    """Two machines."""

    @pytest.fixture(autouse=True)
    def lend(self, machines, cluster):
        """What all tests share."""
        self.address, self.cluster = machines.address, cluster

    def make_executor(self, prepare):
        return RayCluster(self.address, prepare=prepare)

    @contextmanager
    def ready_executor(self):
        assert self.cluster.pending() == 0, "an earlier test left something"
        yield self.cluster


def test_both_machines_work(cluster):
    assert len(set(dict(run_all(cluster, (Work(number, node, None) for number in range(20)))).values())) == 2


def test_a_value_too_large_for_a_message_arrives(cluster):
    assert dict(run_all(cluster, [Work(0, bytes, 3_000_000)])) == {0: bytes(3_000_000)}


@pytest.mark.slow
def test_without_an_address_ray_is_started_and_ended(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("RAY_AUTH_MODE")
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    with RayCluster(None, cpus=2, prepare=prepare_nothing) as started:
        started.wait_until_ready()
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
    stranger = RayCluster(machines.address, prepare=prepare_nothing)
    with pytest.raises(RunError, match=f"at --address {machines.address}.*token"), stranger:
        pass


DRIVER = """
    import sys, time
    from pathlib import Path
    from rlsearch.executor.contract_work import prepare_nothing
    from rlsearch.executor.protocol import Work
    from rlsearch.executor.ray_cluster import RayCluster
    from tests.support.work import stay

    if __name__ == "__main__":
        with RayCluster(sys.argv[1], prepare=prepare_nothing) as started:
            started.wait_until_ready()
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
