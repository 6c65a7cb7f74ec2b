"""Executors as asked for: checked before anything is written."""

import multiprocessing

import pytest

from rlsearch.errors import RunError
from rlsearch.executor.config import EXECUTORS, ExecutorConfig, cores, processes
from rlsearch.executor.contract import ExecutorContract
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.in_process import InProcess
from rlsearch.executor.local_pool import LocalPool
from rlsearch.executor.start import OURS
from tests.support.contracts import players


def refused(**asked):
    with pytest.raises(RunError) as error:
        ExecutorConfig(**asked)
    assert error.value.exit_code == 2 and "\n" not in str(error.value)
    return str(error.value)


def test_contradictions_say_what_to_type():
    for workers in (-1, 100_000, 1.5, "two"):
        assert "allowed: a whole number from 0 to" in refused(workers=workers)
    assert "leave out --executor ray" in refused(executor="ray", workers=0)
    assert processes(8 * cores()) == 8 * cores() and processes(None) == cores()
    assert "did you mean 'ray'? (allowed: local, ray)" in refused(executor="rai")
    assert "--executor ray" in refused(address="auto")
    assert "--executor ray" in refused(mixed_cpus=True)
    assert "leave out --workers" in refused(executor="ray", address="auto", workers=2)


def test_this_machine_is_used_whole_unless_told():
    assert ExecutorConfig().make_executor(prepare_nothing, lambda _: None).slots == cores()
    pool = ExecutorConfig(workers=3).make_executor(prepare_nothing, lambda _: None)
    assert isinstance(pool, LocalPool) and pool.slots == 3


def test_every_executor_is_one_of_its_own_and_played_against_its_promises():
    found = {name: type(ExecutorConfig(name).make_executor(prepare_nothing, lambda _: None)) for name in EXECUTORS}
    assert len({*found.values()}) == len(found), f"make_executor gives two names of EXECUTORS one class: {found}"
    makers = [cls.make_executor.__code__.co_names for cls in players(ExecutorContract, "executor")]
    for name, executor in found.items():
        wanted = f"write one in tests/executor/test_{name}.py, like TestLocalPool of tests/executor/test_local_pool.py"
        assert any(executor.__name__ in names for names in makers), f"no ExecutorContract makes a {executor.__name__}; {wanted}"


def test_it_says_where():
    assert str(ExecutorConfig(workers=0)) == "in this process, where a trial that hangs cannot be ended"
    assert str(ExecutorConfig(workers=1)) == "with 1 worker"
    assert str(ExecutorConfig(workers=2)) == "with 2 workers"


def test_a_daemon_which_may_start_no_process_works_itself_unless_told_otherwise(monkeypatch):
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    assert isinstance(ExecutorConfig().make_executor(prepare_nothing, lambda _: None), InProcess)
    assert "is a daemon, as a worker of multiprocessing.Pool is" in refused(workers=2)
    assert "workers=0" in refused(workers=1)


def test_a_worker_starts_no_search(monkeypatch):
    """As the file of an environment would that begins one when it is imported."""
    monkeypatch.setattr(multiprocessing.current_process(), "name", OURS)
    for workers in (0, 1):
        with pytest.raises(RunError, match="a worker of a search imports a module that itself begins one"):
            ExecutorConfig(workers=workers).make_executor(prepare_nothing, lambda _: None)
