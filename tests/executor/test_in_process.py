"""Work in the driver's own process: the contract, as far as it goes without workers, and that no process is started."""

import multiprocessing

import pytest

from rlsearch.errors import RunError, RunFailed, SpaceError
from rlsearch.executor.config import ExecutorConfig
from rlsearch.executor.contract import ExecutorContract
from rlsearch.executor.contract_work import double, fail_to_prepare, prepare_nothing
from rlsearch.executor.in_process import InProcess
from rlsearch.executor.protocol import Resource, Work, run_all


@pytest.mark.usefixtures("op_pack")
class TestInProcess(ExecutorContract):
    """This process."""

    def make_executor(self, prepare):
        return InProcess(prepare)


def test_it_is_what_no_workers_mean():
    made = ExecutorConfig(workers=0).make_executor(prepare_nothing, lambda _: None)
    assert isinstance(made, InProcess) and made.slots == 1 and not made.isolated


def test_no_process_is_started(monkeypatch):
    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", lambda _: pytest.fail("a process was started"))
    with InProcess(prepare_nothing) as here:
        assert dict(run_all(here, [Work(n, double, n) for n in range(3)])) == {0: 0, 1: 2, 2: 4}


def test_nothing_is_done_that_is_not_waited_for():
    with InProcess(prepare_nothing) as here:
        here.submit(Work(0, double, 4))
        assert here.collect(0.0) == [] and here.pending() == 1
        assert here.collect(0.001) == [(0, 8)] and here.pending() == 0


def test_it_prepares_itself_before_its_first_work():
    prepared = []
    with InProcess(lambda: prepared.append("yes")) as here:
        here.submit(Work(0, double, 4))
        assert not prepared
        here.collect()
        here.wait_until_ready()
    assert prepared == ["yes"]


def refuse():
    raise SpaceError("no such thing")


def test_why_it_cannot_be_prepared_is_said():
    with InProcess(fail_to_prepare) as here, pytest.raises(RunFailed, match="cannot be prepared: ValueError: nothing can be"):
        here.wait_until_ready()
    with InProcess(refuse) as here, pytest.raises(SpaceError, match=r"^no such thing$"):
        here.wait_until_ready()


def test_a_gpu_is_refused_with_what_to_type():
    with pytest.raises(RunError, match="this work needs a GPU; this process offers a core to each piece; type --executor ray"):
        InProcess(prepare_nothing).submit(Work(0, double, 1, needs=Resource.GPU))
