"""What can happen to the machines of a Ray cluster: lost, strange, or without their head. Real Ray, on this machine."""

import os
import shutil
import signal
import sys
import textwrap
import time

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor.contract_work import Gate, double, pass_gate, prepare_nothing, sleep
from rlsearch.executor.protocol import Resource, Work, run_all
from rlsearch.executor.ray_cluster import RayCluster
from tests.support.machines import ROOT, Machines
from tests.support.work import joined, node, until, visible_gpus

pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")]


def test_a_lost_machine_loses_no_work():
    with Machines(head_cpus=0) as few:
        first, second = few.join(), few.join()
        with RayCluster(few.address, prepare=prepare_nothing) as started:
            joined(started, 2)
            started.wait_until_ready()
            for number in range(8):
                started.submit(Work(number, sleep, 1 + number / 100))
            time.sleep(0.5)
            first.kill()
            assert dict(run_all(started, ())) == {number: 1 + number / 100 for number in range(8)}
            joined(started, 1)
            third = few.join()
            joined(started, 2)
            second.kill()
            assert dict(run_all(started, [Work("last", double, 1)])) == {"last": 2}
            third.kill()
            joined(started, 0)


@pytest.mark.parametrize("what", ["machine", "server"])
def test_a_lost_head_ends_the_run(what):
    """The driver is on the head's machine in one case, and speaks to another node in the other."""
    with Machines() as few:
        few.join()
        with RayCluster(few.address, prepare=prepare_nothing) as started:
            joined(started, 2)
            started.wait_until_ready()
            started.submit(Work(0, sleep, 100))
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


def test_work_that_needs_a_gpu_has_one_for_itself(tmp_path):
    with Machines() as few, RayCluster(few.address, prepare=prepare_nothing) as started:
        started.wait_until_ready()
        with pytest.raises(
            RunError, match=r"needs a GPU; the Ray cluster at .* offers a core to .*; type `ray start --num-gpus"
        ):
            started.submit(Work("early", visible_gpus, None, needs=Resource.GPU))
        assert started.pending() == 0
        few.join(cpus=3, gpus=1)
        joined(started, 4)
        assert started.offers == {*Resource}
        seen = dict(run_all(started, (Work(number, visible_gpus, None, needs=Resource.GPU) for number in range(3))))
        assert seen == {0: "0", 1: "0", 2: "0"}
        gate = Gate(tmp_path)
        for number in range(2):
            started.submit(Work(number, pass_gate, (gate, "gpu"), needs=Resource.GPU))
        for number in range(2, 5):
            started.submit(Work(number, pass_gate, (gate, "core")))
        until(lambda: len(gate.arrived) == 4)
        time.sleep(0.5)
        assert sorted(gate.arrived) == ["core", "core", "core", "gpu"]
        gate.open()
        assert len(dict(run_all(started, ()))) == 5


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


def test_machines_of_different_cpu_models_are_refused_unless_allowed(other_cpu):
    with Machines() as few:
        few.join(path=other_cpu)
        with RayCluster(few.address, prepare=prepare_nothing) as started:
            joined(started, 2)
            with pytest.raises(RunError, match=r"different CPU models.*'Another One 9000'.*--mixed-cpus"):
                started.wait_until_ready()
        with RayCluster(few.address, mixed=True, prepare=prepare_nothing) as started:
            joined(started, 2)
            started.wait_until_ready()
            found = dict(run_all(started, (Work(number, node, None) for number in range(20))))
            assert len(set(found.values())) == 2


def test_a_stranger_that_joins_later_is_refused(other_cpu):
    with Machines() as few, RayCluster(few.address, prepare=prepare_nothing) as started:
        started.wait_until_ready()
        few.join(path=other_cpu)
        joined(started, 2)
        with pytest.raises(RunFailed, match="joined the Ray cluster has CPU model Another One 9000, not"):
            for _ in run_all(started, (Work(number, node, None) for number in range(50))):
                pass


def test_other_sources_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # as Ray's workers look for modules in the driver's folder first
    for package in ("rlsearch", "primitives", "search_spaces"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "rlsearch" / "evaluation" / "trial.py").open("a") as file:
        file.write("# another trial\n")
    with Machines(head_cpus=0) as few:
        few.join(path=str(tmp_path))
        with RayCluster(few.address, prepare=prepare_nothing) as started:
            joined(started, 1)
            with pytest.raises(RunError, match=r"node .* has rlsearch .*sources \w+\), not .*sources \w+\); install"):
                started.wait_until_ready()


def test_a_machine_without_rlsearch_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # as Ray's workers look for modules in the driver's folder first
    (tmp_path / "rlsearch").mkdir()
    (tmp_path / "rlsearch" / "__init__.py").write_text("raise ImportError('nothing here')\n")
    with Machines(head_cpus=0) as few:
        few.join(path=str(tmp_path))
        with RayCluster(few.address, prepare=prepare_nothing) as started:
            joined(started, 1)
            with pytest.raises(RunError, match=r"node .* cannot run rlsearch: .*; install it there"):
                started.wait_until_ready()
