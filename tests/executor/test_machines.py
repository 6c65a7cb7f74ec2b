"""What can happen to the machines of a Ray cluster: lost, strange, or without their head. Real Ray, on this machine."""

import os
import shutil
import signal
import sys
import textwrap
import time

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor.protocol import Work, carry_out
from rlsearch.executor.ray_cluster import Cluster
from tests.support.machines import ROOT, Machines
from tests.support.work import doubled, joined, node, nothing, slowly

pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")]


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


def test_a_stranger_that_joins_later_is_refused(other_cpu):
    with Machines() as few, Cluster(few.address, prepare=nothing) as started:
        started.warm()
        few.join(path=other_cpu)
        joined(started, 2)
        with pytest.raises(RunFailed, match="joined the Ray cluster has CPU model Another One 9000, not"):
            for _ in carry_out(started, (Work(number, node, None) for number in range(50))):
                pass


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
